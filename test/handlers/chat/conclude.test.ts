/** How the handling of a delivery from a chat is written down, whoever has handled it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { doAndConclude } from "../../../handlers/chat/conclude.ts";
import { nullLog } from "../../../system/log.ts";
import { chatSource } from "../../../workflow/delivery.ts";
import { REASON_CHARS_MAX } from "../../../workflow/limits.ts";
import { handClock, memoryStore, NOW } from "../hand-moved.ts";

const SECRET = "hunter2-Zq9xw7";

test("I12: a reason is written down without secrets, also where it is cut", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const log = nullLog();
  log.redactor.learn([SECRET]);
  for (const [id, before] of [
    ["1", 0],
    ["2", REASON_CHARS_MAX - 5],
  ] as const) {
    const update = {
      source: chatSource("paper:9"),
      deliveryId: id,
      headerId: null,
      event: "text",
      body: "{}",
    };
    const [recorded] = await store.deliveries.record([update], NOW);
    const delivery = (await store.deliveries.get(recorded?.id ?? 0)) ?? assert.fail("it is not recorded");
    const reason = `${"x".repeat(before)}${SECRET} is no word`;
    const handled = {
      ending: { status: "ignored", reason, task: null, notice: null },
      after: () => undefined,
    } as const;
    await doAndConclude(
      { store, clock: handClock(), log },
      { subject: () => "", handle: async () => handled },
      delivery,
    );
    const ended = await store.deliveries.get(delivery.id);
    assert.equal(ended?.status, "ignored");
    assert.doesNotMatch(ended?.reason ?? SECRET, /hunt/);
  }
});

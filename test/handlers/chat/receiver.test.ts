/** Updates on their way in: on disk before they are confirmed, and a press within the time of the chat. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createReceiver } from "../../../handlers/chat/receiver.ts";
import type { Receipt } from "../../../handlers/intake.ts";
import type { Clock } from "../../../system/clock.ts";
import type { NewDelivery } from "../../../workflow/delivery.ts";
import { CHAT_PRESS_MS, CHAT_UPDATE_BYTES_MAX } from "../../../workflow/limits.ts";
import { heardLog, NOW } from "../hand-moved.ts";
import { ACCOUNT, handEar, pressOf, textOf, updateOf } from "./ear.ts";

/** A clock whose naps end when the test moves it. */
function napClock() {
  let now = NOW;
  const naps = new Set<{ at: number; end: () => void }>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const nap = {
          at: now + ms,
          end: () => {
            naps.delete(nap);
            resolve();
          },
        };
        naps.add(nap);
        signal?.addEventListener("abort", nap.end, { once: true });
      }),
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    clock,
    async move(ms: number): Promise<void> {
      now += ms;
      for (const nap of [...naps]) if (nap.at <= now) nap.end();
      await turn();
    },
  };
}

function scene(record: (delivery: NewDelivery) => Promise<Receipt>) {
  const [log, { clock, move }] = [heardLog(), napClock()];
  return { log, move, ear: handEar(), receiver: createReceiver({ record, clock, log }) };
}

const RECORDED: Receipt = { kind: "recorded", id: 1, fresh: true };
const events = (log: ReturnType<typeof heardLog>): readonly unknown[] => log.lines.map(({ event }) => event);

test("R1: an update is stored under the account and its own id, and only then taken", async () => {
  const stored: NewDelivery[] = [];
  let confirm = (_: Receipt): void => assert.fail();
  const it = scene((delivery) => {
    stored.push(delivery);
    return new Promise((resolve) => {
      confirm = resolve;
    });
  });
  let taken: string | null = null;
  const update = updateOf(textOf("hello"), "77");
  const taking = it.receiver.take(it.ear, update).then(({ kind }) => {
    taken = kind;
  });
  await it.move(60_000);
  assert.equal(taken, null, "what nobody waits for waits for the store");
  confirm(RECORDED);
  await taking;
  assert.equal(taken, "stored");
  const whole = { source: `chat:${ACCOUNT}`, deliveryId: "77", headerId: null, event: "text" };
  assert.deepEqual(stored, [{ ...whole, body: update.body }]);
});

test("R2: a press and a command are confirmed in the chat's time, and stored by and by", async () => {
  for (const incoming of [pressOf("t", "retry"), textOf("status", { isCommand: true })]) {
    let tries = 0;
    const it = scene(async () => (++tries < 4 ? { kind: "unavailable" } : RECORDED));
    const first = scene(() => new Promise(() => {}));
    let kind = "";
    void first.receiver.take(first.ear, updateOf(incoming)).then((taken) => {
      kind = taken.kind;
    });
    await first.move(CHAT_PRESS_MS - 1);
    assert.equal(kind, "");
    await first.move(1);
    assert.equal(kind, "late");
    // A store that says no at once is told at once: the person sees that it did not go well.
    assert.equal((await it.receiver.take(it.ear, updateOf(incoming))).kind, "unavailable");
  }
});

test("R2: what was confirmed late is tried again until it is stored, and said to be lost after a minute", async () => {
  for (const works of [true, false]) {
    const answers: ((receipt: Receipt) => void)[] = [];
    let tries = 0;
    const it = scene(() => {
      tries += 1;
      if (tries === 1) return new Promise((resolve) => answers.push(resolve));
      return Promise.resolve(works && tries === 3 ? RECORDED : { kind: "unavailable" });
    });
    const taking = it.receiver.take(it.ear, updateOf(pressOf("t", "retry"), "late-1"));
    await it.move(CHAT_PRESS_MS);
    assert.equal((await taking).kind, "late");
    answers[0]?.({ kind: "unavailable" });
    for (let i = 0; i < 300; i++) await it.move(250);
    assert.deepEqual(events(it.log), [works ? "chat.late" : "chat.lost"]);
    assert.equal(it.log.lines[0]?.["update"], "late-1");
    if (works) assert.equal(tries, 3);
  }
});

test("what is larger than any update is no update, and an id may be anything", async () => {
  const stored: NewDelivery[] = [];
  const it = scene(async (delivery) => {
    stored.push(delivery);
    return RECORDED;
  });
  const large = { id: "1", event: "message", body: "x".repeat(CHAT_UPDATE_BYTES_MAX + 1) };
  assert.equal((await it.receiver.take(it.ear, large)).kind, "too_large");
  assert.equal(stored.length, 0);
  const strange = { id: `\u0000${"9".repeat(5_000)}`, event: "two\nlines", body: "no JSON" };
  await it.receiver.take(it.ear, strange);
  await it.receiver.take(it.ear, strange);
  const [one, two] = stored;
  assert.match(one?.deliveryId ?? "", /^sha256:[0-9a-f]{64}$/);
  assert.equal(one?.deliveryId, two?.deliveryId);
  assert.equal(one?.event, "unknown");
});

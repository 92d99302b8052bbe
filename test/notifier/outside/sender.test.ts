/** A call brings what is wished for when it is made. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { outsideSender, taskMark } from "../../../notifier/outside/sender.ts";
import type { Store } from "../../../store/store.ts";
import type { OutboxCall } from "../../../workflow/outbox.ts";
import { acknowledgement, outsideCall } from "../../../workflow/outside/calls.ts";
import { creation } from "../../conformance/database.ts";
import { memoryStore } from "../../handlers/hand-moved.ts";
import { NOW } from "../calls.ts";
import { memoryForge } from "./tracker.ts";

const AT = { source: "github", place: "acme/shop", item: "12" } as const;
const clock = { now: () => NOW };

async function owed(store: Store): Promise<OutboxCall> {
  const [call] = await store.outbox.due("forge:github", NOW, 1);
  return call ?? assert.fail("nothing is owed");
}

test("the last wish is told by a call that was made for an earlier one, and by its mark once", async () => {
  const store = await memoryStore();
  await store.commit([creation("shop", 1)], null, NOW);
  const forge = memoryForge();
  const sender = outsideSender({ store, clock }, forge.forge, forge.forge);
  for (const text of ["a", "b"])
    await store.faces.wish("SHOP-1", [{ ...AT, aspect: "comment", wish: { text } }], NOW);
  const call = await owed(store);
  forge.fate = () => ({
    when: "after",
    answer: { kind: "unreachable", reason: "silence", neverSent: false },
  });
  assert.equal((await sender.send(call)).kind, "failed");
  forge.fate = () => null;
  assert.deepEqual(await sender.send(call), { kind: "sent" });
  const standing = forge.comments.get("acme/shop#12") ?? [];
  assert.deepEqual(
    standing.map(({ text, mark }) => [text, mark]),
    [["b", taskMark({ key: "SHOP-1", createdAt: NOW })]],
  );
  assert.deepEqual(await sender.send(call), { kind: "sent" });
  assert.equal(forge.calls.length, 2, "what stands there is not told again");
});

test("a sign and an answer are given where somebody asked; what is gone needs none", async () => {
  const forge = memoryForge();
  const sender = outsideSender({ store: await memoryStore(), clock }, forge.forge, null);
  const call = (of: ReturnType<typeof acknowledgement>): OutboxCall => ({
    ...of,
    ...{ id: 1, subject: { kind: "project", name: "shop" }, status: "pending", tries: 0, begunAt: null },
    ...{ dueAt: 0, error: null, createdAt: 0, owedSince: 0, finishedAt: null },
  });
  await sender.send(call(acknowledgement({ ...AT, comment: "991" })));
  const { source, ...at } = AT;
  const reply = call(outsideCall(source, { kind: "reply", ...at, mark: "reply-1", text: "No." }));
  await sender.send(reply);
  await sender.send(reply);
  assert.deepEqual(forge.acknowledged, ["acme/shop#12 991"]);
  assert.equal(forge.comments.get("acme/shop#12")?.length, 1);
  forge.fate = () => ({ when: "before", answer: { kind: "refused", because: "missing", reason: "404" } });
  assert.deepEqual(await sender.send(reply), { kind: "sent" });
});

test("what nobody understands is given up, and so is what another host would do", async () => {
  const store = await memoryStore();
  await store.commit([creation("shop", 1)], null, NOW);
  const forge = memoryForge();
  const status = { commit: "c", name: "n", state: "success", text: "t", url: null } as const;
  await store.faces.wish("SHOP-1", [{ ...AT, aspect: "status", wish: status }], NOW);
  const call = await owed(store);
  const tracker = outsideSender({ store, clock }, forge.forge, null);
  assert.equal((await tracker.send(call)).kind, "refused");
  assert.equal((await tracker.send({ ...call, kind: "dance" })).kind, "refused");
});

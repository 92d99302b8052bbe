/** Requests of chats at the webhook listener: proven, stored, answered as the chat wants it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createDoor } from "../../../handlers/chat/door.ts";
import { createReceiver } from "../../../handlers/chat/receiver.ts";
import { createIntake, type Receipt } from "../../../handlers/intake.ts";
import { createBodyReader } from "../../../handlers/read-body.ts";
import { webhookApp } from "../../../handlers/webhooks.ts";
import type { NewDelivery } from "../../../workflow/delivery.ts";
import { handClock, heardLog, memoryStore } from "../hand-moved.ts";
import { ACCOUNT, handEar, SECRET, textOf, updateOf } from "./ear.ts";

const LIMIT = 10_000;

async function scene(record?: (delivery: NewDelivery) => Promise<Receipt>) {
  const [store, clock, log, ear] = [await memoryStore(), handClock(), heardLog(), handEar()];
  const intake = createIntake({ deliveries: store.deliveries, clock, log, giveUpBallast: async () => false });
  const receiver = createReceiver({ record: record ?? intake.record, clock, log });
  const bodies = createBodyReader({ memory: () => 2 * LIMIT, clock });
  const deaf = { ...handEar("deaf"), open: null };
  const ears = new Map([
    ["paper/team", ear],
    ["paper/deaf", deaf],
  ]);
  const common = { bodies, bodyLimit: LIMIT, log };
  const chats = createDoor({ ...common, ears, receiver, clock });
  const app = webhookApp({ ...common, sources: [], record: intake.record, chats, adminUrl: () => "" });
  const post = (path: string, value: unknown, secret = SECRET): Promise<Response> => {
    const body = typeof value === "string" ? value : JSON.stringify(value);
    return Promise.resolve(app.request(path, { method: "POST", body, headers: { "x-paper": secret } }));
  };
  const stored = async () => (await store.deliveries.list({ limit: 10, before: null })).items;
  return { log, post, stored };
}

test("I1: a proven update is stored before it is answered, and its repetition is known", async () => {
  const it = await scene();
  const update = updateOf(textOf("/status"), "12");
  for (const _ of [1, 2]) {
    const answer = await it.post("/chat/paper/team", { update });
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), "");
  }
  const [delivery, ...others] = await it.stored();
  assert.deepEqual([delivery?.source, delivery?.deliveryId, others.length], [`chat:${ACCOUNT}`, "12", 0]);
});

test("a test of the connection is answered, and nothing of it kept", async () => {
  const it = await scene();
  const answer = await it.post("/chat/paper/team", { ping: true });
  assert.deepEqual([answer.status, await answer.json()], [200, { pong: true }]);
  assert.equal((await it.stored()).length, 0);
});

test("what proves nothing, is too large, or is for no chat is refused, and nothing of it told", async () => {
  const it = await scene();
  const update = updateOf(textOf("hostile words"));
  for (const [path, body, secret, status] of [
    ["/chat/paper/team", { update }, "guessed", 401],
    ["/chat/paper/team", "x".repeat(LIMIT + 1), SECRET, 413],
    ["/chat/paper/other", { update }, SECRET, 404],
    ["/chat/paper/deaf", { update }, SECRET, 404],
  ] as const)
    assert.equal((await it.post(path, body, secret)).status, status);
  assert.equal((await it.stored()).length, 0);
  assert.doesNotMatch(JSON.stringify(it.log.lines), /hostile|guessed|s3cret/);
});

test("what cannot be stored is not confirmed, so the chat brings it again", async () => {
  for (const [kind, status] of [
    ["overloaded", 429],
    ["unavailable", 503],
  ] as const) {
    const it = await scene(async () => ({ kind }));
    const answer = await it.post("/chat/paper/team", { update: updateOf(textOf("hello")) });
    assert.equal(answer.status, status);
    assert.equal(answer.headers.get("retry-after"), "5");
  }
});

/** Replies in chats as calls of the outbox. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { REPLY_KIND, replyCall, replyOf } from "../../chats/reply.ts";

const REPLY = {
  message: { lines: [{ pieces: [{ text: "SHOP-1 is approved" }], weight: 1 }], buttons: [] },
  replyTo: "m7",
  isPrivate: true,
  delivery: 12,
  task: "SHOP-1",
  purpose: "reply",
} as const;

test("a reply is read back as it was written down", () => {
  const call = replyCall("telegram:team", REPLY);
  assert.equal(call.target, "telegram:team");
  const stored = JSON.parse(JSON.stringify(call)) as typeof call;
  assert.deepEqual(replyOf(stored), REPLY);
  const bare = { ...REPLY, replyTo: null, isPrivate: false, task: null };
  assert.deepEqual(replyOf(replyCall("telegram:team", bare)), bare);
});

test("any other call is none", () => {
  const { payload } = replyCall("telegram:team", REPLY);
  assert.equal(replyOf({ kind: "task.failed", payload }), null);
  for (const broken of [{}, { ...payload, message: { lines: 1 } }, { ...payload, delivery: "12" }])
    assert.equal(replyOf({ kind: REPLY_KIND, payload: broken }), null);
});

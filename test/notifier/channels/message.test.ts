/** What a channel tells of a call. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { messageOf } from "../../../notifier/channels/message.ts";
import { call, NOW } from "../calls.ts";

const plain = (text: string): string => text;

test("a message has the id that was drawn for it, and what the notice says", () => {
  assert.deepEqual(messageOf(call(), plain), {
    id: "m1",
    kind: "task.failed",
    at: NOW,
    subject: { kind: "task", name: "SHOP-12" },
    project: "shop",
    message: "SHOP-12 has failed",
    title: "Fix the till",
    reason: "no",
    remedy: null,
  });
});

test("I12: secrets are taken out of every word of it", () => {
  const payload = {
    message_id: "m1",
    message: "hunter22 a",
    title: "b hunter22",
    reason: "hunter22",
    remedy: "hunter22",
  };
  const message = messageOf(call({ payload }), (text) => text.replaceAll("hunter22", "[secret]"));
  assert.doesNotMatch(JSON.stringify(message), /hunter22/);
  assert.equal(message.title, "b [secret]");
});

test("a payload of another shape is told as far as it goes", () => {
  const message = messageOf(call({ payload: { message: 7, title: null, at: "soon" } }), plain);
  assert.deepEqual(
    [message.id, message.message, message.title, message.at],
    ["call-7", "task.failed", null, NOW],
  );
});

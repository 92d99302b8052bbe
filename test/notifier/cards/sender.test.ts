/** What is said in a chat besides cards is said once, and never waits long. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Ear } from "../../../chats/chat.ts";
import { chatSender } from "../../../notifier/cards/sender.ts";
import { call } from "../calls.ts";
import { stage, TEAM } from "./stage.ts";

const never = new AbortController().signal;
const nobody = () => new Map<string, Ear>();

test("a notice is said once, however often the outbox asks for it", async () => {
  const it = await stage();
  const sender = chatSender(it.ports, it.inForce.chat, nobody, never);
  assert.equal(sender.host, `chat ${TEAM}`);
  assert.deepEqual(await sender.send(call()), { kind: "sent" });
  assert.deepEqual(await sender.send(call()), { kind: "sent" });
  assert.deepEqual(it.made, ["send"]);
  assert.match(it.bodies[0] ?? "", /SHOP-12 has failed/);
});

test("a notice whose end nobody saw is looked for before it is said again", async () => {
  const it = await stage();
  const sender = chatSender(it.ports, it.inForce.chat, nobody, never);
  it.sends.push({ kind: "unsure", reason: "no answer" });
  assert.equal((await sender.send(call())).kind, "failed");
  assert.equal((await sender.send(call())).kind, "failed");
  assert.deepEqual(await sender.send(call()), { kind: "sent" });
  assert.deepEqual(it.made, ["send", "find", "send"]);
});

test("what a chat cannot read is said in plain text, and what it does not take is refused", async () => {
  const it = await stage();
  const sender = chatSender(it.ports, it.inForce.chat, nobody, never);
  const unreadable = { kind: "unreadable", reason: "tag" } as const;
  it.sends.push(unreadable);
  assert.deepEqual(await sender.send(call({ id: 1 })), { kind: "sent" });
  it.sends.push(unreadable, unreadable);
  assert.equal((await sender.send(call({ id: 2 }))).kind, "refused");
  it.sends.push({ kind: "refused", reason: "rude" });
  assert.equal((await sender.send(call({ id: 3 }))).kind, "refused");
  assert.equal((await sender.send(call({ id: 4, kind: "chat.reply", payload: {} }))).kind, "refused");
});

test("nobody waits for a chat that rests, nor for a turn there", async () => {
  const it = await stage();
  const sender = chatSender(it.ports, it.inForce.chat, nobody, never);
  it.ports.pacer.rest({ chat: TEAM }, 600_000);
  const release = Promise.withResolvers<string>();
  const held = it.ports.pacer.turn(it.inForce.chat, 2, never, () => release.promise);
  const sent = await sender.send(call());
  assert.deepEqual([sent.kind, it.made], ["failed", []]);
  release.resolve("");
  await held;
});

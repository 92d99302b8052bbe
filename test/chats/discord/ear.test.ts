/** A bot that is heard: signed interactions over the wire, answered as Discord wants it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Incoming, Update } from "../../../chats/chat.ts";
import { CHANNEL } from "../../proof/discord/server.ts";
import type { Message } from "../../proof/discord/state.ts";
import { says } from "../said.ts";
import { ALICE, asks, rendered, type Stage, stage, TOKEN } from "./stage.ts";

async function card({ chat, discord }: Stage): Promise<Message> {
  await chat.send(rendered(chat, asks("Title", "text")), { token: TOKEN, isSilent: false });
  const [message] = discord.messages(CHANNEL);
  assert.ok(message);
  return message;
}

const TASKS = says("3 tasks", "of @everyone");

function onlyMessage({ discord }: Stage): Message {
  const [message, ...more] = discord.messages(CHANNEL);
  assert.ok(message !== undefined && more.length === 0);
  return message;
}

function only({ updates, ear }: Stage): { readonly update: Update; readonly told: Incoming } {
  assert.equal(updates.length, 1);
  const [update] = updates;
  assert.ok(update);
  return { update, told: ear.decode(update) };
}

test("the address can be saved: a ping is answered, and a bad signature turned down", async (t) => {
  const s = await stage(t);
  assert.equal(await s.discord.probe(), null);
  assert.deepEqual(s.updates, []);
});

test("a press is answered at once, and handed over with its button", async (t) => {
  const s = await stage(t);
  const message = await card(s);
  assert.deepEqual(await s.discord.press(message, "Approve", ALICE), { answers: [6], trouble: null });
  const { update, told } = only(s);
  assert.equal(update.event, "component");
  assert.ok(told.kind === "press");
  assert.deepEqual([told.action, told.token, told.message], ["approve.7", TOKEN, message.id]);
  assert.deepEqual(told.person, ALICE);
});

test("a press that needs words opens a form first, and brings them with the same button", async (t) => {
  const s = await stage(t);
  const outcome = await s.discord.press(await card(s), "Reject", ALICE, "It is too slow");
  assert.deepEqual(outcome, { answers: [9, 6], trouble: null });
  const { update, told } = only(s);
  assert.equal(update.event, "modal_submit");
  assert.ok(told.kind === "press");
  assert.deepEqual([told.action, told.text], ["reject.7", "It is too slow"]);
  assert.deepEqual(s.discord.state.violations.interactions, []);
});

test("what is said to a press is seen by who pressed, and calls nobody", async (t) => {
  const s = await stage(t);
  await s.discord.press(await card(s), "Approve", ALICE);
  await s.ear.acknowledge(only(s).update, `Approved, @everyone ${"x".repeat(500)}`);
  assert.equal(s.discord.state.whispers.length, 1);
  assert.match(s.discord.state.whispers[0]?.content ?? "", /^Approved, \\@everyone x+…$/);
  assert.equal(s.discord.state.whispers[0]?.person, ALICE.id);
  assert.deepEqual(s.discord.state.violations.interactions, []);
  assert.equal(s.discord.state.violations.mentions, 0);
});

test("a press without words says nothing more", async (t) => {
  const s = await stage(t);
  await s.discord.press(await card(s), "Approve", ALICE);
  const before = s.discord.state.calls;
  await s.ear.acknowledge(only(s).update, null);
  assert.equal(s.discord.state.calls, before);
});

test("a command is answered later and privately, also twice, or its waiting is taken away", async (t) => {
  const s = await stage(t);
  assert.deepEqual(await s.discord.command(CHANNEL, "status", ALICE), { answers: [5], trouble: null });
  const { update, told } = only(s);
  assert.ok(told.kind === "text" && told.text === "status" && told.isCommand);
  for (let times = 0; times < 2; times++) assert.equal(await s.ear.answer?.(update, TASKS), "given");
  const said = { person: ALICE.id, content: "3 tasks\nof \\@everyone" };
  assert.deepEqual(s.discord.state.whispers, [said, said]);
  await s.discord.command(CHANNEL, "help", ALICE);
  const [, second] = s.updates;
  assert.ok(second);
  assert.equal(await s.ear.answer?.(second, null), "given");
  const waiting = [...s.discord.state.open.values()].filter(({ isDeferred }) => isDeferred);
  assert.deepEqual(waiting, []);
  assert.deepEqual(s.discord.messages(CHANNEL), [], "nothing is said to all");
  assert.deepEqual([s.discord.state.violations.interactions, s.discord.state.violations.mentions], [[], 0]);
});

test("an answer to a press is read by who pressed, and leaves the card as it is", async (t) => {
  const s = await stage(t);
  const { id, content, embeds } = await card(s);
  await s.discord.press(onlyMessage(s), "Approve", ALICE);
  const { update } = only(s);
  assert.equal(await s.ear.answer?.(update, null), "given");
  assert.deepEqual(s.discord.state.whispers, [], "nobody waits after a press");
  assert.equal(await s.ear.answer?.(update, asks("It was", "approved before")), "given");
  assert.deepEqual(s.discord.state.whispers, [{ person: ALICE.id, content: "It was\napproved before" }]);
  const now = onlyMessage(s);
  assert.deepEqual([now.id, now.content, now.embeds], [id, content, embeds]);
  assert.deepEqual(s.discord.state.violations.interactions, []);
});

test("after a quarter of an hour nothing is said, and nobody is asked", async (t) => {
  const s = await stage(t);
  await s.discord.command(CHANNEL, "status", ALICE);
  s.discord.state.pass(15 * 60_000 + 1_000);
  const before = s.discord.state.calls;
  assert.equal(await s.ear.answer?.(only(s).update, TASKS), "never");
  assert.equal(await s.ear.answer?.({ id: "1", event: "x", body: "nothing" }, TASKS), "never");
  assert.equal(s.discord.state.calls, before);
});

test("an answer whose end nobody saw, or that Discord cannot take now, is given again; what it refuses is not", async (t) => {
  const s = await stage(t);
  await s.discord.command(CHANNEL, "status", ALICE);
  const { update } = only(s);
  s.discord.script = () => ({ kind: "reset", isDone: false });
  assert.equal(await s.ear.answer?.(update, TASKS), "later");
  await s.ear.acknowledge(update, "3 tasks");
  s.discord.script = () => ({ kind: "status", status: 502, isDone: false });
  assert.equal(await s.ear.answer?.(update, TASKS), "later");
  s.discord.script = () => null;
  s.discord.state.open.clear();
  assert.equal(await s.ear.answer?.(update, TASKS), "never", "its token is not known");
});

test("what is unsigned, unknown, old or from the future is turned down", async (t) => {
  const { ear } = await stage(t);
  const now = 1_700_000_000_000;
  const opened = (headers: Readonly<Record<string, string>>): number | string => {
    const answer = ear.open?.(Buffer.from('{"type":1}'), (name) => headers[name], now);
    return answer?.kind === "refused" ? answer.status : (answer?.kind ?? "deaf");
  };
  const signature = "0".repeat(128);
  assert.equal(opened({}), 401);
  assert.equal(opened({ "x-signature-timestamp": "1700000000" }), 401);
  assert.equal(opened({ "x-signature-timestamp": "1700000000", "x-signature-ed25519": signature }), 401);
  assert.equal(opened({ "x-signature-timestamp": "1699990000", "x-signature-ed25519": signature }), 401);
  assert.equal(opened({ "x-signature-timestamp": "later", "x-signature-ed25519": signature }), 401);
});

test("what was signed ten minutes ago is turned down, whoever brings it again", async (t) => {
  const s = await stage(t);
  // The server signs by a clock that is behind that of the ear.
  s.ahead(600_000);
  const { answers, trouble } = await s.discord.command(CHANNEL, "status", ALICE);
  assert.deepEqual([answers, trouble], [[], "the answer is 401"]);
  assert.deepEqual(s.updates, []);
});

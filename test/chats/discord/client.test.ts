/** A channel of Discord over the wire, against a strict server: what becomes of each call, and what is found again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lost } from "../../../chats/chat.ts";
import { CHANNEL } from "../../proof/discord/server.ts";
import { says } from "../said.ts";
import { asks, rendered, type Stage, stage, TOKEN, tokenOf } from "./stage.ts";

const SEND = { token: TOKEN, isSilent: false } as const;

function lost({ discord, chat }: Stage, own: Partial<Lost> = {}): Lost {
  return {
    token: TOKEN,
    rendered: rendered(chat, says("Title", "text")),
    begunAt: discord.state.now(),
    after: null,
    known: new Set(),
    tries: 0,
    ...own,
  };
}

async function sent({ chat }: Stage, message = asks("Title", "text"), token = TOKEN): Promise<string> {
  const answer = await chat.send(rendered(chat, message, token), { ...SEND, token });
  assert.ok(answer.kind === "sent", JSON.stringify(answer));
  return answer.id;
}

test("a message is sent, edited and removed, and each of it twice is once", async (t) => {
  const s = await stage(t, { factor: 100 });
  const id = await sent(s);
  assert.equal(await sent(s), id);
  const [message] = s.discord.messages(CHANNEL);
  assert.equal(message?.content, "Title");
  assert.equal(message?.flags, 0);
  assert.equal((await s.chat.edit(id, rendered(s.chat, says("Other", "and more")))).kind, "edited");
  assert.equal((await s.chat.edit(id, rendered(s.chat, says("Other", "and more")))).kind, "edited");
  assert.deepEqual([message?.content, message?.components], ["Other", []]);
  assert.equal((await s.chat.remove(id)).kind, "removed");
  assert.equal((await s.chat.remove(id)).kind, "removed");
  assert.deepEqual(s.discord.messages(CHANNEL), []);
});

test("what is silent is marked so, and an answer survives that its question is gone", async (t) => {
  const s = await stage(t, { factor: 100 });
  const quiet = { token: TOKEN, isSilent: true, replyTo: "100000000000000099" };
  assert.equal((await s.chat.send(rendered(s.chat, says("a")), quiet)).kind, "sent");
  const [message] = s.discord.messages(CHANNEL);
  assert.deepEqual([message?.flags, message?.replyTo], [4_096, "100000000000000099"]);
});

test("a message that somebody has deleted is gone, and so is one of another bot", async (t) => {
  const s = await stage(t, { factor: 100 });
  const id = await sent(s);
  const [message] = s.discord.messages(CHANNEL);
  assert.ok(message);
  message.isDeleted = true;
  assert.deepEqual(await s.chat.edit(id, rendered(s.chat, says("a"))), { kind: "gone" });
  const again = await s.chat.send(rendered(s.chat, says("a")), SEND);
  assert.ok(again.kind === "refused" && again.reason.includes("deleted"));
  const other = s.discord.say(CHANNEL, "hello");
  assert.deepEqual(await s.chat.edit(other.id, rendered(s.chat, says("a"))), { kind: "gone" });
  assert.equal((await s.chat.remove(other.id)).kind, "refused");
});

test("a channel that is gone, unseen, mute or archived is closed, with what to do", async (t) => {
  const s = await stage(t, { factor: 100 });
  const id = await sent(s);
  const channel = s.discord.state.channels.get(CHANNEL);
  assert.ok(channel);
  for (const trouble of ["gone", "unseen", "mute"] as const) {
    channel.trouble = trouble;
    const answer = await s.chat.send(rendered(s.chat, says("a")), { ...SEND, token: tokenOf(1) });
    assert.ok(answer.kind === "closed" && answer.scope === "chat" && answer.remedy !== "", trouble);
  }
  channel.trouble = "archived";
  assert.equal((await s.chat.edit(id, rendered(s.chat, says("a")))).kind, "closed");
});

test("a token that is taken back closes the account, and is told to nobody", async (t) => {
  const s = await stage(t);
  s.discord.state.token = "another";
  const answer = await s.chat.send(rendered(s.chat, says("a")), SEND);
  assert.ok(answer.kind === "closed" && answer.scope === "account");
  assert.ok(!JSON.stringify(answer).includes(s.discord.token));
});

test("before a bucket is empty rest is asked for, and after it the chat is limited", async (t) => {
  const s = await stage(t, { factor: 0.1 });
  const rests: (number | undefined)[] = [];
  for (let number = 0; number < 5; number++) {
    const token = tokenOf(number);
    const answer = await s.chat.send(rendered(s.chat, says("a"), token), { token, isSilent: true });
    assert.ok(answer.kind === "sent");
    rests.push(answer.restMs);
  }
  assert.deepEqual(rests.slice(0, 4), [undefined, undefined, undefined, undefined]);
  assert.ok((rests[4] ?? 0) > 10_000 && (rests[4] ?? 0) <= 50_000, `rest of ${rests[4]} ms`);
  const limited = await s.chat.send(rendered(s.chat, says("a")), SEND);
  assert.ok(limited.kind === "limited" && limited.scope === "chat" && limited.afterMs > 10_000);
  assert.equal(s.discord.state.violations.limited, 1);
});

test("too many edits of old messages limit the chat, and end nothing", async (t) => {
  const s = await stage(t);
  const id = await sent(s);
  s.discord.state.pass(3_700_000);
  const answers = [];
  for (let number = 0; number < 4; number++)
    answers.push(await s.chat.edit(id, rendered(s.chat, says(`${number}`))));
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    ["edited", "edited", "edited", "limited"],
  );
});

test("a send whose answer is lost is unsure, whether it happened or not", async (t) => {
  const s = await stage(t, { factor: 100 });
  for (const fault of [
    { kind: "reset", isDone: true },
    { kind: "reset", isDone: false },
    { kind: "status", status: 502, isDone: true },
  ] as const) {
    s.discord.script = () => fault;
    assert.equal((await s.chat.send(rendered(s.chat, says("a")), SEND)).kind, "unsure");
    assert.equal((await s.chat.edit("1", rendered(s.chat, says("a")))).kind, "unreachable");
    assert.equal((await s.chat.remove("1")).kind, "unreachable");
  }
});

test("where nobody listens nothing can have arrived", async (t) => {
  const s = await stage(t);
  await s.discord.close();
  assert.equal((await s.chat.send(rendered(s.chat, says("a")), SEND)).kind, "unreachable");
});

for (const [name, message] of [
  ["with buttons", asks("Title")],
  ["without buttons", says("Title", "text")],
  ["of one line", says("Title")],
] as const)
  test(`a message ${name} whose answer was lost is found, at once and much later`, async (t) => {
    const s = await stage(t, { factor: 1_000 });
    for (let number = 0; number < 30; number++) s.discord.say(CHANNEL, "before");
    const begunAt = s.discord.state.now();
    s.discord.script = () => ({ kind: "reset", isDone: true });
    assert.equal((await s.chat.send(rendered(s.chat, message), SEND)).kind, "unsure");
    s.discord.script = () => null;
    const there = s.discord.messages(CHANNEL).at(-1)?.id;
    assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "found", id: there });
    s.discord.state.pass(3_600_000);
    for (let number = 0; number < 300; number++) s.discord.say(CHANNEL, "after");
    assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "found", id: there });
  });

test("what never arrived is absent, and is sent once by the same token", async (t) => {
  const s = await stage(t, { factor: 1_000 });
  s.discord.say(CHANNEL, "before");
  const begunAt = s.discord.state.now();
  assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "absent" });
  s.discord.state.pass(3_600_000);
  assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "absent" });
});

test("a message that arrives after it was looked for is not sent twice", async (t) => {
  const s = await stage(t, { factor: 1_000 });
  const begunAt = s.discord.state.now();
  assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "absent" });
  await sent(s, says("Title", "text"));
  await sent(s, says("Title", "text"));
  assert.equal(s.discord.messages(CHANNEL).length, 1);
});

test("who may not read the history cannot say, once the nonce holds no more", async (t) => {
  const s = await stage(t, { factor: 1_000 });
  const channel = s.discord.state.channels.get(CHANNEL);
  assert.ok(channel);
  channel.trouble = "unread";
  const begunAt = s.discord.state.now();
  await sent(s);
  assert.deepEqual(await s.chat.find(lost(s, { begunAt })), { kind: "absent" });
  s.discord.state.pass(3_600_000);
  assert.equal((await s.chat.find(lost(s, { begunAt }))).kind, "unknown");
  channel.trouble = "unseen";
  assert.equal((await s.chat.find(lost(s, { begunAt }))).kind, "closed");
});

test("where too much was said at that time nobody can say", async (t) => {
  const s = await stage(t, { factor: 1_000 });
  const begunAt = s.discord.state.now() - 1;
  for (let number = 0; number < 200; number++) s.discord.say(CHANNEL, "much");
  s.discord.state.pass(600_000);
  assert.equal((await s.chat.find(lost(s, { begunAt }))).kind, "unknown");
});

test("distances are those of the documented limits, stretched as it is configured", async (t) => {
  const { chat } = await stage(t);
  assert.deepEqual(chat.pace, { chat: 1_000, account: 25, edits: 25 });
  assert.match(chat.account, /^discord:[0-9a-f]{12}$/);
});

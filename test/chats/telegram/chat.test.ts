/** Sending, editing, removing and finding at the proof server, over real HTTP: all that may become of a call. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Found, Lost, Trouble } from "../../../chats/chat.ts";
import { TELEGRAM } from "../../../chats/telegram/telegram.ts";
import { change, chatAt, migrate, say } from "../../../cli/stage/fake-telegram/people.ts";
import { FAKE_GROUP, FAKE_PERSON } from "../../../cli/stage/fake-telegram/start.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import { OPTIONS, rendered, type Stage, sendTo, startStage, TOKEN, textsIn, words } from "./stage.ts";

test("a message is sent, edited in place, and removed; what is there already need not be edited", async (t) => {
  const { server, chat } = await startStage(t);
  const id = await sendTo(chat, "queued");
  assert.equal(textsIn(server).get(Number(id)), "queued");
  assert.deepEqual(await chat.edit(id, rendered(chat, "working")), { kind: "edited" });
  assert.deepEqual(await chat.edit(id, rendered(chat, "working")), { kind: "edited" });
  assert.equal(textsIn(server).get(Number(id)), "working");
  assert.deepEqual(await chat.remove(id), { kind: "removed" });
  assert.deepEqual(await chat.remove(id), { kind: "removed" });
  assert.deepEqual(await chat.edit(id, rendered(chat, "done")), { kind: "gone" });
});

test("a message goes into its topic, in silence, as an answer, and without it where that is gone", async (t) => {
  const { server, chat } = await startStage(t, { fields: { topic: 4 } });
  const first = await sendTo(chat, "one");
  const options = { ...OPTIONS, isSilent: true };
  await chat.send(rendered(chat, "two"), { ...options, replyTo: first });
  await chat.send(rendered(chat, "three"), { ...options, replyTo: "99999" });
  const [, two, three] = [...(server.world.chats.get(FAKE_GROUP)?.messages.values() ?? [])];
  assert.deepEqual([two?.topic, two?.isSilent, two?.replyTo], [4, true, Number(first)]);
  assert.deepEqual([three?.topic, three?.replyTo], [4, null]);
});

test("a keyboard stays with every edit, and brings back what a press needs", async (t) => {
  const { server, chat } = await startStage(t);
  const card = (text: string) =>
    chat.render(
      { ...words(text), buttons: [[{ label: "Go", action: "approve.1", tone: "good" }]] },
      TOKEN,
      false,
    );
  const sent = await chat.send(card("a"), OPTIONS);
  assert.ok(sent.kind === "sent");
  await chat.edit(sent.id, card("b"));
  assert.deepEqual(chatAt(server.world, FAKE_GROUP).messages.get(Number(sent.id))?.keyboard, [
    [{ text: "Go", callback_data: `${TOKEN}.approve.1`, style: "success" }],
  ]);
});

test("after two days a message stays, and can still be edited", async (t) => {
  const { server, chat } = await startStage(t);
  const id = await sendTo(chat, "old");
  server.world.pass(48 * 3_600_000 + 1_000);
  assert.deepEqual(await chat.remove(id), { kind: "too_old" });
  assert.deepEqual(await chat.edit(id, rendered(chat, "see below")), { kind: "edited" });
});

/** What becomes of a send after `prepare`. */
async function sentAfter(
  stage: Stage,
  prepare: (stage: Stage) => void,
): Promise<Trouble | { readonly kind: "sent" }> {
  prepare(stage);
  return await stage.chat.send(rendered(stage.chat, "hello"), OPTIONS);
}

test("whatever keeps a bot out of a chat closes it until a person acts", async (t) => {
  const stage = await startStage(t);
  for (const standing of ["kicked", "left", "restricted"] as const) {
    const trouble = await sentAfter(stage, ({ server }) => change(server.world, FAKE_GROUP, standing, 222));
    assert.ok(trouble.kind === "closed" && trouble.scope === "chat" && trouble.remedy !== "", standing);
  }
  change(stage.server.world, FAKE_GROUP, "member", 222);
  await sendTo(stage.chat, "back again");
});

test("a topic that is closed or deleted, a chat that is unknown, a person who has blocked the bot", async (t) => {
  const topic = await startStage(t, { fields: { topic: 4 } });
  const close = (fields: object) => (stage: Stage) =>
    void Object.assign(chatAt(stage.server.world, FAKE_GROUP).topics.get(4) ?? {}, fields);
  for (const fields of [{ isClosed: true }, { isDeleted: true }])
    assert.equal((await sentAfter(topic, close(fields))).kind, "closed");
  const unknown = await startStage(t, { fields: { chat: -42 } });
  assert.equal((await sentAfter(unknown, () => undefined)).kind, "closed");
  const person = await startStage(t, { fields: { chat: FAKE_PERSON } });
  const blocked = await sentAfter(person, ({ server }) =>
    change(server.world, FAKE_PERSON, "blocked", FAKE_PERSON),
  );
  assert.ok(blocked.kind === "closed" && /unblock/.test(blocked.remedy));
});

test("a token that is none closes the account, and stands in no reason", async (t) => {
  const { server } = await startStage(t);
  for (const token of ["123456:AAF-another_token", "9:AAAAAAAAAAAAAA"]) {
    const own = TELEGRAM.settings({ token, chat: FAKE_GROUP, api: server.url });
    const chat = TELEGRAM.chat({ key: "telegram:x", pace: 1 }, own, {
      http: lightHttp(),
      clock: { now: () => 0, monotonic: () => 0, sleep: async () => undefined },
      sockets: systemSockets(),
    });
    const trouble = await chat.send(rendered(chat, "x"), OPTIONS);
    assert.ok(trouble.kind === "closed" && trouble.scope === "account");
    assert.ok(!JSON.stringify(trouble).includes(token.slice(7)));
  }
});

test("a group that became a supergroup has moved, for every call", async (t) => {
  const { server, chat } = await startStage(t, { fields: { chat: -5_001 } });
  const id = await sendTo(chat, "before");
  const to = String(migrate(server.world, -5_001).id);
  assert.deepEqual(await chat.send(rendered(chat, "x"), OPTIONS), { kind: "moved", chat: to });
  assert.deepEqual(await chat.edit(id, rendered(chat, "x")), { kind: "moved", chat: to });
  assert.deepEqual(await chat.remove(id), { kind: "moved", chat: to });
});

test("markup that cannot be read is told, and somebody else's message is out of reach", async (t) => {
  const { server, chat } = await startStage(t);
  const broken = {
    body: JSON.stringify({ text: "<b>x", parse_mode: "HTML", link_preview_options: { is_disabled: true } }),
  };
  assert.equal((await chat.send(broken, OPTIONS)).kind, "unreadable");
  const other = say(server.world, { chat: FAKE_GROUP, text: "hi", person: 222 });
  assert.deepEqual(await chat.edit(String(other.id), rendered(chat, "x")), { kind: "gone" });
  assert.deepEqual(await chat.remove(String(other.id)), { kind: "too_old" });
});

test("beyond the limit a chat is told to wait, and who keeps to the pace never is", async (t) => {
  const { server, chat } = await startStage(t, { speed: 1 });
  const kinds: string[] = [];
  for (let at = 0; at < 5; at += 1) kinds.push((await chat.send(rendered(chat, `${at}`), OPTIONS)).kind);
  assert.deepEqual(new Set(kinds), new Set(["sent", "limited"]));
  assert.ok(server.world.limits.violations.chat > 0);
  assert.deepEqual(chat.pace, { chat: 3_100, account: 35, edits: 35 });
});

test("what may have arrived is unsure for a send, and simply not done for an edit", async (t) => {
  const { server, chat } = await startStage(t);
  const id = await sendTo(chat, "here");
  const strike = (kind: "500" | "502" | "reset" | "reset_after" | "cut_after" | "500_after"): void =>
    server.world.faults.play({ planned: [{ kind }] });
  for (const kind of ["500", "502", "reset", "reset_after", "cut_after", "500_after"] as const) {
    strike(kind);
    assert.equal((await chat.send(rendered(chat, kind), OPTIONS)).kind, "unsure", kind);
    strike(kind);
    assert.equal((await chat.edit(id, rendered(chat, kind))).kind, "unreachable", kind);
  }
  const arrived = [...textsIn(server).values()].filter((text) => text.endsWith("_after"));
  assert.deepEqual(new Set(arrived), new Set(["500_after", "cut_after", "reset_after"]));
  const nobody = await startStage(t, { fields: { api: "http://127.0.0.1:1" } });
  assert.equal((await nobody.chat.send(rendered(chat, "nobody"), OPTIONS)).kind, "unreachable");
});

/** Looks until the chat says how it ends. */
async function findIt(stage: Stage, lost: Omit<Lost, "tries">): Promise<Found> {
  for (let tries = 0; ; tries += 1) {
    const found = await stage.chat.find({ ...lost, tries });
    if (found.kind !== "looking") return found;
  }
}

test("a message whose answer was lost is found, between other people's and our own", async (t) => {
  const stage = await startStage(t, { chatter: 0.9 });
  const { server, chat } = stage;
  const before = await sendTo(chat, "before");
  server.world.faults.play({ planned: [{ kind: "reset_after" }] });
  const lost = rendered(chat, "the lost one");
  assert.equal((await chat.send(lost, OPTIONS)).kind, "unsure");
  const behind = await sendTo(chat, "behind");
  const known = new Set([before, behind]);
  const found = await findIt(stage, { token: TOKEN, rendered: lost, begunAt: 0, after: before, known });
  assert.ok(found.kind === "found");
  assert.equal(textsIn(server).get(Number(found.id)), "the lost one");
  assert.deepEqual(await chat.edit(found.id, rendered(chat, "adopted")), { kind: "edited" });
  assert.equal([...textsIn(server).values()].filter((text) => text === "the lost one").length, 0);
});

test("one that never arrived is surely absent once something stands behind it", async (t) => {
  const stage = await startStage(t, { chatter: 1 });
  const before = await sendTo(stage.chat, "before");
  stage.server.world.faults.play({ planned: [{ kind: "reset" }] });
  const lost = rendered(stage.chat, "never there");
  assert.equal((await stage.chat.send(lost, OPTIONS)).kind, "unsure");
  const known = new Set([before, await sendTo(stage.chat, "behind")]);
  const found = await findIt(stage, { token: TOKEN, rendered: lost, begunAt: 0, after: before, known });
  assert.deepEqual(found, { kind: "absent" });
  const texts = [...textsIn(stage.server).values()];
  assert.ok(texts.includes("before") && texts.includes("behind") && !texts.includes("never there"));
});

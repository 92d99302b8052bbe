/** Saying, changing, removing and finding again, against a strict Slack with bad days. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Lost } from "../../../chats/chat.ts";
import { byNumber, bySeed, firstOf } from "../../proof/slack/faults.ts";
import { CHANNEL, message, OTHER_TOKEN, posted, rendered, type Scene, scene, TOKEN } from "./stage.ts";

function lost({ chat }: Scene, more: Partial<Lost> = {}): Lost {
  return {
    token: TOKEN,
    rendered: rendered(chat, "lost"),
    begunAt: Date.now() - 500,
    after: null,
    known: new Set(),
    tries: 0,
    ...more,
  };
}

test("a message is said, changed and removed, and nothing about it is careless", async (t) => {
  const { slack, chat } = await scene(t);
  const id = await posted(chat, "first");
  assert.match(id, /^C0PROOF01:\d+\.\d{6}$/);
  assert.deepEqual(await chat.edit(id, rendered(chat, "second")), { kind: "edited" });
  assert.match(slack.state().messages[0]?.text ?? "", /second/);
  assert.deepEqual(await chat.remove(id), { kind: "removed" });
  assert.deepEqual(await chat.remove(id), { kind: "removed" });
  assert.deepEqual(slack.state().messages, []);
  assert.deepEqual([slack.state().violations, slack.state().broken], [[], 0]);
});

test("an answer stands in the thread of what it answers, or by itself where that cannot be answered", async (t) => {
  const { slack, chat } = await scene(t);
  const id = await posted(chat, "card");
  await posted(chat, "question", OTHER_TOKEN, id);
  await posted(chat, "late", OTHER_TOKEN, `${CHANNEL}:1.000001`);
  assert.deepEqual(
    slack.state().messages.map(({ thread }) => thread),
    [null, id, null],
  );
});

test("a message that is not there, not ours or too old to change is gone", async (t) => {
  const { slack, chat } = await scene(t, { editWindowMs: 60_000 });
  const body = rendered(chat, "x");
  await slack.people.say({ channel: CHANNEL }, "mine", "U0ALICE");
  const theirs = slack.state().messages[0]?.id ?? "";
  const ours = await posted(chat, "old");
  slack.world.options.editWindowMs = -1;
  for (const id of [`${CHANNEL}:1.000001`, theirs, ours, "nonsense", "C1:2:3"])
    assert.deepEqual(await chat.edit(id, body), { kind: "gone" }, id);
  assert.deepEqual(await chat.remove(theirs), { kind: "too_old" });
});

test("a send whose answer is lost is unsure, and is found by its token, never by its words", async (t) => {
  for (const fault of [
    { kind: "reset", isStored: true },
    { kind: "hang", isStored: true, ms: 800 },
    { kind: "status", status: 502, isStored: true },
    { kind: "status", status: 200, isStored: true, body: '{"ok":tr' },
  ] as const) {
    const stage = await scene(t, { faultOf: firstOf("chat.postMessage", fault) }, 300);
    const { chat, slack } = stage;
    const sent = await chat.send(rendered(chat, "same"), { token: TOKEN, isSilent: false });
    assert.equal(sent.kind, "unsure", JSON.stringify(fault));
    await posted(chat, "same", OTHER_TOKEN);
    const found = await chat.find(lost(stage));
    assert.deepEqual(found, { kind: "found", id: slack.state().messages[0]?.id });
  }
});

test("a send that never arrived is absent", async (t) => {
  const stage = await scene(t, { faultOf: firstOf("chat.postMessage", { kind: "reset", isStored: false }) });
  assert.equal(
    (await stage.chat.send(rendered(stage.chat, "x"), { token: TOKEN, isSilent: false })).kind,
    "unsure",
  );
  await posted(stage.chat, "other", OTHER_TOKEN);
  assert.deepEqual(await stage.chat.find(lost(stage)), { kind: "absent" });
});

test("an answer that was lost is found in its thread", async (t) => {
  const stage = await scene(t);
  const parent = await posted(stage.chat, "card", OTHER_TOKEN);
  stage.slack.world.options.faultOf = firstOf("chat.postMessage", { kind: "reset", isStored: true });
  const options = { token: TOKEN, isSilent: false, replyTo: parent };
  assert.equal((await stage.chat.send(rendered(stage.chat, "question"), options)).kind, "unsure");
  const id = stage.slack.state().messages[1]?.id;
  assert.deepEqual(await stage.chat.find(lost(stage)), { kind: "absent" });
  assert.deepEqual(await stage.chat.find(lost(stage, { replyTo: parent })), { kind: "found", id });
});

test("it is found behind hundreds of others, page by page", async (t) => {
  const stage = await scene(t);
  const id = await posted(stage.chat, "card");
  for (let index = 0; index < 250; index++)
    await stage.slack.people.say({ channel: CHANNEL }, `chatter ${index}`, "U0ALICE");
  assert.deepEqual(await stage.chat.find(lost(stage)), { kind: "found", id });
  assert.equal(stage.slack.state().calls["conversations.history"], 3);
});

test("who may not read, or is told to wait, does not claim that it is not there", async (t) => {
  const blind = await scene(t, { hasHistory: false });
  const unknown = await blind.chat.find(lost(blind));
  assert.ok(unknown.kind === "unknown" && unknown.reason.includes("missing_scope"));
  const busy = await scene(t, { faultOf: byNumber({ 1: { kind: "limited", seconds: 7 } }) });
  const waits = await busy.chat.find(lost(busy));
  assert.ok(waits.kind === "limited" && waits.afterMs === 7_000);
  const down = await scene(t, { faultOf: byNumber({ 1: { kind: "status", status: 503, isStored: false } }) });
  assert.equal((await down.chat.find(lost(down))).kind, "unreachable");
});

test("where Slack keeps our id, the same message sent twice is one", async (t) => {
  const { slack, chat } = await scene(t, { doubles: "are the first message" });
  assert.equal(await posted(chat, "once"), await posted(chat, "once"));
  assert.notEqual(await posted(chat, "once"), await posted(chat, "once", OTHER_TOKEN));
  assert.equal(slack.state().messages.length, 2);
});

test("through bad days with a seed, every message is there once when each lost one is looked for", async (t) => {
  const stage = await scene(t, { faultOf: bySeed(7, 0.3) });
  const { chat, slack } = stage;
  for (let index = 0; index < 40; index++) {
    const token = `t${String(index).padStart(21, "0")}`;
    const body = rendered(chat, `message ${index}`, token);
    for (let isThere = false; !isThere; ) {
      const begunAt = Date.now();
      const sent = await chat.send(body, { token, isSilent: false });
      isThere = sent.kind === "sent";
      let found = sent.kind === "unsure" ? await chat.find(lost(stage, { token, begunAt })) : null;
      while (found?.kind === "unreachable" || found?.kind === "limited")
        found = await chat.find(lost(stage, { token, begunAt }));
      isThere ||= found?.kind === "found";
    }
  }
  const texts = slack.state().messages.map(({ text }) => text);
  assert.deepEqual([texts.length, new Set(texts).size, slack.state().violations], [40, 40, []]);
});

test("the pace keeps what Slack allows, and no reason names the token or an address with one", async (t) => {
  const { chat, slack } = await scene(t, { token: "xoxb-9999-s3cr3tt0ken" }, 200);
  assert.deepEqual(chat.pace, { chat: 1_050, account: 50, edits: 1_250 });
  assert.match(chat.account, /^slack:[0-9a-f]{12}$/);
  await slack.close();
  const sent = await chat.send(chat.render(message("x"), TOKEN, false), { token: TOKEN, isSilent: false });
  assert.equal(sent.kind, "unreachable");
  assert.ok(!JSON.stringify([sent, chat.account]).includes("s3cr3t"));
});

/** Looking for a lost message beside other entries of the same bot in the same chat. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chat, Lost } from "../../../chats/chat.ts";
import { findMessage } from "../../../notifier/cards/calls.ts";
import type { Way } from "../../../notifier/cards/pacer.ts";
import { stage, TEAM } from "./stage.ts";

const OPS = "telegram:ops";
const ELSEWHERE = "telegram:elsewhere";
const NEXT: Way = { pass: async () => true };

async function scene() {
  const it = await stage();
  const asked: Lost[] = [];
  const chatOf = (key: string, place: string): Chat => ({
    ...it.inForce.chat,
    ...{ key, account: "bot", place },
    find: async (lost) => {
      asked.push(lost);
      return { kind: "looking" };
    },
  });
  const all = [chatOf(TEAM, "-100"), chatOf(OPS, "-100"), chatOf(ELSEWHERE, "-200")];
  Object.assign(it.ports, { chats: () => new Map(all.map((chat) => [chat.key, { ...it.inForce, chat }])) });
  const begin = async (chat: string, about: string): Promise<number> => {
    const more = { task: null, isPlain: false, after: null, replyTo: null, meaning: null, replaces: null };
    const id = await it.store.messages.begin({ chat, about, token: about, purpose: "card", ...more }, it.now);
    return id ?? assert.fail();
  };
  for (const [chat, remote] of [
    [OPS, "101"],
    [ELSEWHERE, "102"],
  ] as const)
    await it.store.messages.arrived(await begin(chat, `card in ${chat}`), remote, "x", it.now);
  await it.store.messages.lost(await begin(TEAM, "card"), "no answer", it.now);
  const lost = async () => (await it.store.messages.standing(TEAM, "card")) ?? assert.fail();
  const look = async () => findMessage(it.ports, all[0] ?? assert.fail(), await lost(), { body: "" }, NEXT);
  return { it, asked, look, lost };
}

test("what another entry has sent to the same chat is known, and is not taken for what was lost", async () => {
  const { asked, look } = await scene();
  await look();
  assert.deepEqual([...(asked[0]?.known ?? [])], ["101"], "ids of another chat mean other messages");
});

test("while anything is being sent, nothing is looked for: its id is known to nobody yet", async () => {
  const { it, asked, look, lost } = await scene();
  it.ports.inHand.add(77);
  assert.equal(await look(), "later");
  assert.equal(asked.length, 0);
  assert.equal((await lost()).tries, 0);
  it.ports.inHand.clear();
  assert.equal(await look(), "done");
  assert.equal(asked.length, 1);
});

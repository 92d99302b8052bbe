/** What whoever hears from a chat is told of its messages. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ledgerOf } from "../../../daemon/chats/ledger.ts";
import type { NewMessage } from "../../../store/chat/messages.ts";
import { handClock, memoryStore, NOW } from "../../handlers/hand-moved.ts";

const CHAT = "paper:team";
const MESSAGE: NewMessage = {
  ...{ chat: CHAT, task: "SHOP-1", purpose: "ask", about: "approval 17", token: "tok", isPlain: false },
  ...{ after: null, replyTo: null, meaning: null, replaces: null },
};

test("a message says what it asks for, when it was sent, and its task also when it is gone", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const none = { settings: () => [], chats: () => new Map(), ears: () => new Map() };
  const ports = { store, clock: handClock(), made: none, moved: new Map(), changed: () => undefined };
  const ledger = ledgerOf(ports);
  const id = (await store.messages.begin(MESSAGE, NOW)) ?? assert.fail("its place is taken");
  const known = { task: "SHOP-1", purpose: "approval.17", isGone: false, sentAt: NOW };
  assert.deepEqual(await ledger.find(CHAT, { token: "tok" }), known, "it may have been pressed already");
  await store.messages.arrived(id, "9", null, NOW + 5);
  assert.deepEqual(await ledger.find(CHAT, { id: "9" }), { ...known, sentAt: NOW + 5 });
  assert.equal(await ledger.find("paper:ops", { token: "tok" }), null);
  await store.messages.end(id, null, NOW + 9);
  assert.deepEqual(await ledger.find(CHAT, { id: "9" }), { ...known, isGone: true, sentAt: NOW + 5 });
  await store.messages.begin({ ...MESSAGE, about: "question 7", token: "tok2" }, NOW);
  assert.equal((await ledger.find(CHAT, { token: "tok2" }))?.purpose, "question.7");
});

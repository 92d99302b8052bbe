/** Chats in which nothing can be said: since when, until when they are left alone, and what opens them. */

import assert from "node:assert/strict";
import type { ChatState } from "../../workflow/chat/message.ts";
import { type Exercise, NOW, type TestDatabase } from "./database.ts";

const CHAT = "paper:team";
const WHY = { reason: "it has thrown us out", remedy: "let us in" };
const HOUR = 3_600_000;

async function state({ store }: TestDatabase): Promise<ChatState> {
  const [chat] = await store.chats.all();
  return chat ?? assert.fail("the chat is not known");
}

export function exerciseChats(exercise: Exercise): void {
  exercise(
    "a closed chat is tried again when that was first to be, however often it is met closed",
    async (database) => {
      const { chats } = database.store;
      await chats.configure(CHAT, "as written");
      await chats.close(CHAT, WHY, NOW, NOW + HOUR);
      await chats.close(CHAT, { ...WHY, reason: "it is still closed" }, NOW + 1, NOW + 9 * HOUR);
      const early = await state(database);
      assert.deepEqual([early.closedAt, early.retryAt], [NOW, NOW + HOUR]);
      assert.equal(early.reason, "it is still closed");
      await chats.close(CHAT, WHY, NOW + HOUR, NOW + 3 * HOUR);
      const tried = await state(database);
      assert.deepEqual([tried.closedAt, tried.retryAt], [NOW, NOW + 3 * HOUR]);
    },
  );

  exercise("a chat is opened once, by a call that went well or by another entry", async (database) => {
    const { chats } = database.store;
    await chats.configure(CHAT, "as written");
    assert.equal(await chats.open(CHAT), false);
    await chats.close(CHAT, WHY, NOW, NOW + HOUR);
    await chats.configure(CHAT, "as written");
    assert.equal((await state(database)).closedAt, NOW);
    assert.equal(await chats.open(CHAT), true);
    assert.deepEqual([(await state(database)).closedAt, (await state(database)).retryAt], [null, null]);
    await chats.close(CHAT, WHY, NOW, NOW + HOUR);
    await chats.configure(CHAT, "written anew");
    assert.equal((await state(database)).closedAt, null);
  });
}

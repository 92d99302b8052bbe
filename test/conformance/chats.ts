/** Chats in which nothing can be said: since when, until when they are left alone, and what opens them. */

import assert from "node:assert/strict";
import type { ChatState } from "../../workflow/chat/message.ts";
import { type Exercise, NOW, type TestDatabase } from "./database.ts";

const CHAT = "paper:team";
const WHY = { reason: "it has thrown us out", remedy: "let us in" };
const HOUR = 3_600_000;
/** Digests begin with 16 characters for the place. */
const PLACE = "0123456789abcdef";
const ELSEWHERE = "fedcba9876543210";

async function state({ store }: TestDatabase): Promise<ChatState> {
  const [chat] = await store.chats.all();
  return chat ?? assert.fail("the chat is not known");
}

export function exerciseChats(exercise: Exercise): void {
  exercise(
    "a closed chat is tried again when that was first to be, however often it is met closed",
    async (database) => {
      const { chats } = database.store;
      await chats.configure(CHAT, `${PLACE}as written`, NOW);
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
    await chats.configure(CHAT, `${PLACE}as written`, NOW);
    assert.equal(await chats.open(CHAT), false);
    await chats.close(CHAT, WHY, NOW, NOW + HOUR);
    await chats.configure(CHAT, `${PLACE}as written`, NOW);
    assert.equal((await state(database)).closedAt, NOW);
    assert.equal(await chats.open(CHAT), true);
    assert.deepEqual([(await state(database)).closedAt, (await state(database)).retryAt], [null, null]);
    await chats.close(CHAT, WHY, NOW, NOW + HOUR);
    await chats.configure(CHAT, `${PLACE}written anew`, NOW);
    assert.equal((await state(database)).closedAt, null);
  });

  exercise(
    "where a chat has moved to is known until its entry names another place, and what was sent is then gone",
    async (database) => {
      const { chats, messages } = database.store;
      const shown = async (): Promise<string | undefined> =>
        (await messages.standing(CHAT, "card SHOP-1"))?.status;
      await chats.configure(CHAT, `${PLACE}as written`, NOW);
      await chats.moved(CHAT, "-100", NOW);
      const message = {
        chat: CHAT,
        task: "SHOP-1",
        purpose: "card",
        about: "card SHOP-1",
        token: "t",
      } as const;
      const nothing = { isPlain: false, after: null, replyTo: null, meaning: null, replaces: null };
      const id = (await messages.begin({ ...message, ...nothing }, NOW)) ?? assert.fail("its place is taken");
      await messages.arrived(id, "7", null, NOW);
      await chats.configure(CHAT, `${PLACE}with another person`, NOW);
      assert.deepEqual([(await state(database)).movedTo, await shown()], ["-100", "shown"]);
      await chats.configure(CHAT, `${ELSEWHERE}with another person`, NOW);
      assert.deepEqual([(await state(database)).movedTo, await shown()], [null, undefined]);
    },
  );
}

/** What follows from the end of a call besides its row: for the pace, for the chat, and for whoever comes next. */

import type { Chat, Trouble } from "../../chats/chat.ts";
import type { CardPorts } from "./ports.ts";
import type { Rests } from "./rests.ts";

/** What came of a call, for whoever decides what is next. */
export type Outcome =
  | "done"
  /** Somebody else has its place. */
  | "taken"
  /** It comes again by itself: the chat rests, or the row waits for its time. */
  | "later"
  /** Never, as it is. */
  | "refused"
  /** Without markup it may go. */
  | "unreadable";

export type CallPorts = Pick<CardPorts, "store" | "clock" | "log" | "pacer" | "moved" | "chats"> & {
  readonly rests: Rests;
  /** Ids of the newest message of each chat that is known. */
  readonly newest: Map<string, string>;
  /** Rows that are being sent by this daemon. */
  readonly inHand: Set<number>;
};

export async function noteNewest({ store, newest }: CallPorts, { key }: Chat, id: string): Promise<void> {
  if (newest.get(key) === id) return;
  newest.set(key, id);
  await store.chats.noteNewest(key, id);
}

export function wentWell({ rests, pacer }: CallPorts, chat: Chat, restMs: number | undefined): void {
  rests.well(chat);
  if (restMs !== undefined) pacer.rest({ chat: chat.key }, restMs);
}

export async function trouble(
  { store, clock, pacer, rests, moved, newest }: CallPorts,
  chat: Chat,
  met: Trouble,
): Promise<Outcome> {
  switch (met.kind) {
    case "limited":
      pacer.rest(met.scope === "chat" ? { chat: chat.key } : { account: chat.account }, met.afterMs);
      rests.limited(chat, met.reason);
      return "later";
    case "unreachable":
    case "unsure":
      rests.failed(chat, met.reason);
      return "later";
    case "closed":
      await rests.close(chat, met);
      return "later";
    case "moved":
      await store.chats.moved(chat.key, met.chat, clock.now());
      moved.set(chat.key, met.chat);
      newest.delete(chat.key);
      return "later";
    case "unreadable":
      return "unreadable";
    case "refused":
      rests.refused(chat, met.reason);
      return "refused";
    default:
      return met satisfies never;
  }
}

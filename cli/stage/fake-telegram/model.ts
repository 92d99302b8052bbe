/** What the proof server keeps: chats, messages, people, and what waits for each bot. */

import type { MessageEntity, Update as TelegramUpdate, User } from "@grammyjs/types";
import type { Keyboard } from "./keyboard.ts";

export type ChatType = "private" | "group" | "supergroup";
/** What the bot is in a chat. */
export type Standing = "member" | "administrator" | "restricted" | "kicked" | "left" | "blocked";

export interface FakeMessage {
  readonly id: number;
  readonly from: User;
  /** Milliseconds of the server's own clock. */
  readonly at: number;
  text: string;
  entities: readonly MessageEntity[];
  keyboard: Keyboard;
  readonly topic: number | null;
  readonly replyTo: number | null;
  readonly isSilent: boolean;
  editedAt: number | null;
  readonly reactions: string[];
  /** What was told of it to whoever pressed its buttons last. */
  toast: string | null;
}

export interface Topic {
  readonly id: number;
  readonly name: string;
  isClosed: boolean;
  isDeleted: boolean;
}

export interface FakeChat {
  readonly id: number;
  readonly type: ChatType;
  readonly title: string;
  readonly username: string | null;
  readonly topics: Map<number, Topic>;
  readonly messages: Map<number, FakeMessage>;
  standing: Standing;
  /** The supergroup that it has become. */
  migratedTo: number | null;
  /** The last id that was given to one of its messages; of supergroups only. */
  lastId: number;
}

export type Kind = Exclude<keyof TelegramUpdate, "update_id">;

/** An object as the Bot API writes it. */
export type Json = Readonly<Record<string, unknown>>;

export type Update = Json & { readonly update_id: number };

export interface Bot {
  readonly token: string;
  readonly user: User;
  /** Not confirmed yet, in order. */
  updates: { readonly at: number; readonly update: Update }[];
  lastUpdate: number;
  allowed: readonly Kind[] | null;
  webhook: { readonly url: string; readonly secret: string | null } | null;
  /** Ends a question that another one has taken the place of. */
  interrupt: (() => void) | null;
}

export interface Press {
  readonly bot: Bot;
  readonly chat: FakeChat;
  readonly message: number;
  readonly at: number;
  /** `null` while nothing was answered. */
  answer: { readonly text: string; readonly isAlert: boolean } | null;
}

/** What the bot is not told unless it asks for it. */
const UNASKED: readonly Kind[] = ["chat_member", "message_reaction", "message_reaction_count"];

export function isWanted(bot: Bot, kind: Kind): boolean {
  return bot.allowed === null ? !UNASKED.includes(kind) : bot.allowed.includes(kind);
}

/**
 * What an update of Telegram's means. Pure, and it never throws: what comes is a stranger's.
 *
 * D1. A press is one of our buttons by the form of what it brings back; whether there is such a message is seen later.
 * D2. In a topic every message that answers nothing names the message with which the topic began: that is no answer.
 * D3. Bots say nothing to us, nor does who speaks in the name of a chat: only people can be allowed something.
 */

import { z } from "zod";
import type { Incoming, Person, Update } from "../chat.ts";

const ID = z.int();
const CHAT = z.object({ id: ID, username: z.string().optional() });
const USER = z.object({
  id: ID,
  is_bot: z.boolean().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  username: z.string().optional(),
});
const MESSAGE = z.object({
  message_id: ID,
  chat: CHAT,
  from: USER.optional(),
  sender_chat: z.object({ id: ID }).optional(),
  forward_origin: z.unknown().optional(),
  via_bot: z.unknown().optional(),
  message_thread_id: ID.optional(),
  is_topic_message: z.boolean().optional(),
  reply_to_message: z.object({ message_id: ID, forum_topic_created: z.unknown().optional() }).optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  migrate_to_chat_id: ID.optional(),
  migrate_from_chat_id: ID.optional(),
});
const QUERY = z.object({
  id: z.string(),
  from: USER,
  message: z.object({ message_id: ID, chat: CHAT }).optional(),
  data: z.string().optional(),
});
const MEMBER = z.object({
  chat: CHAT,
  new_chat_member: z.object({ status: z.string(), can_send_messages: z.boolean().optional() }),
});

export interface Around {
  /** Chats as the configuration names them: one that is named by its @name is told by it. */
  readonly chats: readonly string[];
  /** The bot's own @name, without the @; `null` while nobody knows it. */
  readonly self: string | null;
}

export function decode(update: Update, around: Around): Incoming {
  const body = objectOf(update.body);
  if (body["callback_query"] !== undefined) return pressOf(body["callback_query"], around);
  if (body["message"] !== undefined) return messageOf(body["message"], around);
  if (body["my_chat_member"] !== undefined) return accessOf(body["my_chat_member"], around);
  return nothing(`nothing follows from ${update.event}`);
}

/** The id of a press, by which it can be answered; `null` of anything else. */
export function queryId(update: Update): string | null {
  const read = QUERY.safeParse(objectOf(update.body)["callback_query"]);
  return read.success ? read.data.id : null;
}

const DATA = /^([\w-]{22})\.([a-z0-9_.-]{1,40})$/;

function pressOf(value: unknown, around: Around): Incoming {
  const read = QUERY.safeParse(value);
  if (!read.success) return nothing("the press cannot be read");
  const { from, message, data = "" } = read.data;
  const [, token, action] = DATA.exec(data) ?? [];
  if (token === undefined || action === undefined) return nothing("the button is none of ours");
  if (message === undefined) return nothing("the button is in no chat that could be named");
  if (from.is_bot === true) return nothing("a bot has pressed it");
  const chat = nameOf(message.chat, around);
  return {
    ...{ kind: "press", chat, person: personOf(from), message: String(message.message_id) },
    ...{ token, action, text: null },
  };
}

function messageOf(value: unknown, around: Around): Incoming {
  const read = MESSAGE.safeParse(value);
  if (!read.success) return nothing("the message cannot be read");
  const { chat, from, text: said, caption, message_thread_id: thread, ...message } = read.data;
  const { migrate_to_chat_id: to, migrate_from_chat_id: old } = message;
  if (to !== undefined) return { kind: "moved", chat: String(chat.id), to: String(to) };
  if (old !== undefined) return { kind: "moved", chat: String(old), to: String(chat.id) };
  if (from === undefined || from.is_bot === true || message.sender_chat !== undefined)
    return nothing("no person has said it");
  if (message.forward_origin !== undefined || message.via_bot !== undefined)
    return nothing("these are somebody else's words");
  const raw = (said ?? caption ?? "").trim();
  if (raw === "") return nothing("the message has no text");
  const command = commandOf(raw, around.self);
  if (command === null)
    return nothing(
      around.self === null ? "which bot the command is for is not known" : "the command is for another bot",
    );
  const isInTopic = message.is_topic_message === true && thread !== undefined;
  const replied = message.reply_to_message;
  const isReply =
    replied !== undefined &&
    replied.forum_topic_created === undefined &&
    !(isInTopic && replied.message_id === thread);
  return {
    kind: "text",
    chat: nameOf(chat, around),
    topic: isInTopic ? String(thread) : null,
    person: personOf(from),
    message: String(message.message_id),
    replyTo: isReply ? String(replied.message_id) : null,
    ...command,
  };
}

/** A command, and the bot that it names; names are read as widely as anybody may write one. */
const COMMAND = /^(\/[\w-]{1,64})(?:@([\w.-]{1,64}))?(?=\s|$)([\s\S]*)$/;

/** Whether it cannot be understood without the bot's own name. */
export function namesBot(update: Update): boolean {
  const read = MESSAGE.safeParse(objectOf(update.body)["message"]);
  if (!read.success) return false;
  return COMMAND.exec((read.data.text ?? read.data.caption ?? "").trim())?.[2] !== undefined;
}

/** `/status@our_bot SHOP-1` is `/status SHOP-1`; `null` for another bot's, and while nobody knows whose it is. */
function commandOf(
  text: string,
  self: string | null,
): { readonly text: string; readonly isCommand: boolean } | null {
  const [whole, name, bot, rest = ""] = COMMAND.exec(text) ?? [];
  if (whole === undefined) return { text, isCommand: false };
  if (bot !== undefined && bot.toLowerCase() !== self?.toLowerCase()) return null;
  return { text: `${name}${rest}`, isCommand: true };
}

function accessOf(value: unknown, around: Around): Incoming {
  const read = MEMBER.safeParse(value);
  if (!read.success) return nothing("the change of a membership cannot be read");
  const { chat, new_chat_member: member } = read.data;
  const { status } = member;
  const isOut =
    status === "left" ||
    status === "kicked" ||
    (status === "restricted" && member.can_send_messages === false);
  const reason = isOut ? `the bot was made ${status} there` : `the bot is ${status} there`;
  return { kind: "access", chat: nameOf(chat, around), isOpen: !isOut, reason };
}

/** By the @name under which it is configured, or by its id. */
function nameOf({ id, username }: z.output<typeof CHAT>, { chats }: Around): string {
  const name = `@${username ?? ""}`.toLowerCase();
  return chats.find((chat) => chat.toLowerCase() === name) ?? String(id);
}

function personOf({ id, first_name: first, last_name: last, username }: z.output<typeof USER>): Person {
  const name = [first, last].filter((part) => part !== undefined && part !== "").join(" ");
  return { id: String(id), name: (name || username || String(id)).slice(0, 128) };
}

function nothing(reason: string): Incoming {
  return { kind: "nothing", reason };
}

/** A JSON object; an empty one of anything else. */
export function objectOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** The methods of the Bot API that the proof server has, as strict as the documentation and the library behind it. */

import type { MessageEntity } from "@grammyjs/types";
import { z } from "zod";
import { chatJson, messageJson } from "./json.ts";
import { acceptKeyboard, MARKUP } from "./keyboard.ts";
import type { Bot, FakeChat, FakeMessage } from "./model.ts";
import { refuse } from "./refusal.ts";
import { acceptText } from "./text.ts";
import type { World } from "./world.ts";

/** @throws a refusal */
export type Method = (world: World, bot: Bot, args: unknown) => unknown;

const CHAT_ID = z.union([z.int(), z.string()]);
const PLACE = { offset: z.int().min(0), length: z.int().min(1) };
const ENTITY: z.ZodType<MessageEntity> = z.union([
  z.strictObject({ type: z.enum(["bold", "italic", "code", "blockquote"]), ...PLACE }),
  z.strictObject({ type: z.literal("text_link"), url: z.string(), ...PLACE }),
]);
const TEXT = {
  text: z.string(),
  parse_mode: z.literal("HTML").optional(),
  entities: z.array(ENTITY).optional(),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }).optional(),
  reply_markup: MARKUP.optional(),
};
const SEND = z.strictObject({
  chat_id: CHAT_ID,
  message_thread_id: z.int().optional(),
  ...TEXT,
  disable_notification: z.boolean().optional(),
  reply_parameters: z
    .strictObject({ message_id: z.int(), allow_sending_without_reply: z.boolean().optional() })
    .optional(),
});
const EDIT = z.strictObject({ chat_id: CHAT_ID, message_id: z.int(), ...TEXT });
const DELETE = z.strictObject({ chat_id: CHAT_ID, message_id: z.int() });
const DELETE_MANY = z.strictObject({ chat_id: CHAT_ID, message_ids: z.array(z.int()).min(1).max(100) });
const ANSWER = z.strictObject({
  callback_query_id: z.string(),
  text: z.string().max(200).optional(),
  show_alert: z.boolean().optional(),
});
const REACT = z.strictObject({
  chat_id: CHAT_ID,
  message_id: z.int(),
  reaction: z.array(z.strictObject({ type: z.literal("emoji"), emoji: z.string() })).max(1),
});
const WEBHOOK = z.strictObject({
  url: z.string(),
  secret_token: z
    .string()
    .regex(/^[\w-]{1,256}$/)
    .optional(),
  allowed_updates: z.array(z.enum(["message", "callback_query", "my_chat_member"])).optional(),
  drop_pending_updates: z.boolean().optional(),
});
const DROP = z.strictObject({ drop_pending_updates: z.boolean().optional() });

/** Older messages stay, whoever asks. */
const DELETE_MS = 48 * 3_600_000;
/** After which nobody waits for an answer to a press. */
const PRESS_MS = 60_000;

/** @param args as they came @throws a refusal that names the fault, which the real one would pass over */
export function readArgs<T>(schema: z.ZodType<T>, args: unknown): T {
  const read = schema.safeParse(args);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  return refuse(400, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}

/** The methods that are no question for updates, by name in lower case. */
export const METHODS: Readonly<Record<string, Method>> = {
  getme: (_world, bot) => ({ ...bot.user, can_join_groups: true, can_read_all_group_messages: false }),
  getchat(world, _bot, args) {
    const chat = chatOf(world, readArgs(z.strictObject({ chat_id: CHAT_ID }), args).chat_id);
    return { ...chatJson(chat), accent_color_id: 0, max_reaction_count: 11 };
  },
  sendmessage: send,
  editmessagetext: edit,
  deletemessage(world, bot, args) {
    const { chat_id, message_id } = readArgs(DELETE, args);
    const chat = chatOf(world, chat_id);
    const message = chat.messages.get(message_id);
    if (message === undefined) refuse(400, "message to delete not found");
    remove(world, bot, chat, message);
    return true;
  },
  deletemessages(world, bot, args) {
    const { chat_id, message_ids } = readArgs(DELETE_MANY, args);
    const chat = chatOf(world, chat_id);
    // What is not there is passed over.
    for (const message of message_ids.flatMap((id) => chat.messages.get(id) ?? []))
      remove(world, bot, chat, message);
    return true;
  },
  answercallbackquery: answer,
  setmessagereaction(world, _bot, args) {
    const { chat_id, message_id, reaction } = readArgs(REACT, args);
    const message = chatOf(world, chat_id).messages.get(message_id);
    if (message === undefined) refuse(400, "message to react not found");
    message.reactions.splice(0, message.reactions.length, ...reaction.map(({ emoji }) => emoji));
    world.changed();
    return true;
  },
  setwebhook(world, bot, args) {
    const {
      url,
      secret_token: secret = null,
      allowed_updates,
      drop_pending_updates,
    } = readArgs(WEBHOOK, args);
    if (url !== "" && !/^(https:\/\/|http:\/\/(127\.0\.0\.1|localhost)[:/])/.test(url))
      refuse(400, "bad webhook: An HTTPS URL must be provided for webhook");
    bot.webhook = url === "" ? null : { url, secret };
    if (allowed_updates !== undefined) bot.allowed = allowed_updates;
    if (drop_pending_updates === true) bot.updates = [];
    world.changed();
    return true;
  },
  deletewebhook(world, bot, args) {
    if (readArgs(DROP, args).drop_pending_updates === true) bot.updates = [];
    bot.webhook = null;
    world.changed();
    return true;
  },
  getwebhookinfo: (_world, { webhook, updates }) => ({
    ...{ url: webhook?.url ?? "", has_custom_certificate: false, pending_update_count: updates.length },
  }),
};

/** Those that count for the limits of a chat. */
export const PACED: readonly string[] = ["sendmessage", "editmessagetext", "deletemessage", "deletemessages"];

/** @throws a refusal where there is none, it has moved, or the bot is out of it */
export function chatOf(world: World, id: number | string): FakeChat {
  const text = String(id);
  const named = text.startsWith("@") ? text.slice(1).toLowerCase() : null;
  const chat = [...world.chats.values()].find((one) =>
    named === null ? one.id === Number(text) : one.username?.toLowerCase() === named,
  );
  if (chat === undefined) return refuse(400, "chat not found");
  if (chat.migratedTo !== null)
    refuse(400, "group chat was upgraded to a supergroup chat", { migrate_to_chat_id: chat.migratedTo });
  const kind = chat.type === "supergroup" ? "supergroup" : "group";
  if (chat.standing === "blocked") refuse(403, "bot was blocked by the user");
  if (chat.standing === "kicked") refuse(403, `bot was kicked from the ${kind} chat`);
  if (chat.standing === "left") refuse(403, `bot is not a member of the ${kind} chat`);
  return chat;
}

function send(world: World, bot: Bot, args: unknown): unknown {
  const { chat_id, message_thread_id: thread, reply_parameters: reply, ...asked } = readArgs(SEND, args);
  const { text, entities, oddities } = acceptText(asked.text, asked.parse_mode, asked.entities);
  const keyboard = acceptKeyboard(asked.reply_markup);
  const chat = chatOf(world, chat_id);
  if (chat.standing === "restricted") refuse(400, "not enough rights to send text messages to the chat");
  // The General topic has no number that could be named.
  const topic = thread === undefined ? null : (chat.topics.get(thread) ?? null);
  if (thread !== undefined && (topic === null || topic.isDeleted)) refuse(400, "message thread not found");
  if (topic?.isClosed === true && chat.standing !== "administrator") refuse(400, "TOPIC_CLOSED");
  const isThere = reply !== undefined && chat.messages.has(reply.message_id);
  if (reply !== undefined && !isThere && reply.allow_sending_without_reply !== true)
    refuse(400, "message to be replied not found");
  world.oddities.push(...oddities);
  world.mutter(chat);
  const message = world.add(chat, {
    ...{ from: bot.user, text, entities, keyboard, topic: topic?.id ?? null },
    ...{ replyTo: isThere ? reply.message_id : null, isSilent: asked.disable_notification === true },
  });
  return messageJson(chat, message);
}

function edit(world: World, bot: Bot, args: unknown): unknown {
  const { chat_id, message_id, ...asked } = readArgs(EDIT, args);
  const { text, entities, oddities } = acceptText(asked.text, asked.parse_mode, asked.entities);
  const keyboard = acceptKeyboard(asked.reply_markup);
  const chat = chatOf(world, chat_id);
  const message = chat.messages.get(message_id);
  if (message === undefined) return refuse(400, "message to edit not found");
  if (message.from.id !== bot.user.id) refuse(400, "message can't be edited");
  if (lookOf(message) === lookOf({ text, entities, keyboard }))
    refuse(
      400,
      "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
    );
  world.oddities.push(...oddities);
  Object.assign(message, { text, entities, keyboard, editedAt: world.now() });
  world.changed();
  return messageJson(chat, message);
}

function lookOf({ text, entities, keyboard }: Pick<FakeMessage, "text" | "entities" | "keyboard">): string {
  return JSON.stringify([text, entities, keyboard]);
}

function remove(world: World, bot: Bot, chat: FakeChat, message: FakeMessage): void {
  const isOwn = message.from.id === bot.user.id;
  if (world.now() - message.at > DELETE_MS || (!isOwn && chat.standing !== "administrator"))
    refuse(400, "message can't be deleted for everyone");
  chat.messages.delete(message.id);
  world.changed();
}

function answer(world: World, bot: Bot, args: unknown): unknown {
  const { callback_query_id: id, text = "", show_alert: isAlert = false } = readArgs(ANSWER, args);
  const press = world.presses.get(id);
  if (press === undefined || press.bot !== bot || world.now() - press.at > PRESS_MS)
    return refuse(400, "query is too old and response timeout expired or query ID is invalid");
  press.answer = { text, isAlert };
  const message = press.chat.messages.get(press.message);
  if (message !== undefined && text !== "") message.toast = text;
  world.changed();
  return true;
}

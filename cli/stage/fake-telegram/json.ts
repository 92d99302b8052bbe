/** Chats and messages as the Bot API writes them. */

import type { Chat } from "@grammyjs/types";
import type { FakeChat, FakeMessage, Json } from "./model.ts";

export function chatJson(chat: FakeChat): Chat {
  const { id, title } = chat;
  const username = chat.username === null ? {} : { username: chat.username };
  if (chat.type === "private") return { id, type: "private", first_name: title, ...username };
  if (chat.type === "group") return { id, type: "group", title };
  return { id, type: "supergroup", title, ...username, ...(chat.topics.size > 0 && { is_forum: true }) };
}

export function messageJson(chat: FakeChat, message: FakeMessage): Json {
  const { id, from, at, text, entities, keyboard, topic, editedAt } = message;
  return {
    ...{ message_id: id, from, chat: chatJson(chat), date: Math.floor(at / 1_000) },
    ...topicJson(chat, message),
    ...(editedAt !== null && { edit_date: Math.floor(editedAt / 1_000) }),
    text,
    ...(entities.length > 0 && { entities: [...entities] }),
    ...(keyboard.length > 0 && { reply_markup: { inline_keyboard: keyboard.map((row) => [...row]) } }),
    ...replyJson(chat, message, topic),
  };
}

/** Of a supergroup without topics a reply has a thread as well, which means nothing. */
function topicJson(chat: FakeChat, { topic, replyTo }: FakeMessage): object {
  if (topic !== null) return { message_thread_id: topic, is_topic_message: true };
  return replyTo !== null && chat.type === "supergroup" ? { message_thread_id: replyTo } : {};
}

/** In a topic what answers nothing names the message with which the topic began. */
function replyJson(chat: FakeChat, { replyTo, from }: FakeMessage, topic: number | null): object {
  const replied = replyTo === null ? undefined : chat.messages.get(replyTo);
  if (replied !== undefined) {
    return { reply_to_message: messageJson(chat, { ...replied, replyTo: null }) };
  }
  const name = topic === null ? undefined : chat.topics.get(topic)?.name;
  if (name === undefined || topic === null || from.is_bot) return {};
  const began = { message_id: topic, message_thread_id: topic, is_topic_message: true, date: 0 };
  return {
    reply_to_message: { ...began, chat: chatJson(chat), forum_topic_created: { name, icon_color: 0 } },
  };
}

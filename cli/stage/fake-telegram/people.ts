/** What people do in the proof server's chats, and what bots are told of it. */

import { chatJson, messageJson } from "./json.ts";
import type { FakeChat, FakeMessage, Json, Standing } from "./model.ts";
import { acceptText } from "./text.ts";
import type { World } from "./world.ts";

export interface PressOptions {
  readonly chat: number;
  readonly message: number;
  readonly data: string;
  readonly person: number;
  /** As a modified program could: there is no such button. */
  readonly isForged?: boolean;
}

/**
 * Presses a button.
 *
 * @returns the id of the press, by which an answer to it can be seen
 * @throws Error where there is no such message or button
 */
export function press(world: World, { chat: id, message: at, data, person, isForged }: PressOptions): string {
  const chat = chatAt(world, id);
  const message = chat.messages.get(at);
  if (message === undefined) throw new Error(`chat ${id} has no message ${at}`);
  if (isForged !== true && !message.keyboard.flat().some((button) => button.callback_data === data))
    throw new Error(`message ${at} has no button with ${data}`);
  const bot = [...world.bots.values()].find(({ user }) => user.id === message.from.id);
  if (bot === undefined) throw new Error(`message ${at} is of no bot`);
  const query = String(4_000_000_000 + world.presses.size);
  world.presses.set(query, { bot, chat, message: at, at: world.now(), answer: null });
  message.toast = null;
  const from = world.person(person);
  const told = { id: query, from, message: messageJson(chat, message), chat_instance: `c${id}`, data };
  world.tell("callback_query", (one) => (one === bot ? told : null));
  return query;
}

export interface SayOptions {
  readonly chat: number;
  readonly text: string;
  readonly person: number;
  readonly replyTo?: number;
  readonly topic?: number;
}

/** Says something. Bots without a right to everything hear commands, answers to them, and all of a private chat. */
export function say(world: World, { chat: id, text, person, replyTo, topic }: SayOptions): FakeMessage {
  const chat = chatAt(world, id);
  const said = acceptText(text, undefined);
  const replied = replyTo === undefined ? undefined : chat.messages.get(replyTo);
  const message = world.add(chat, {
    ...{ from: world.person(person), text: said.text, entities: said.entities, replyTo: replied?.id ?? null },
    topic: topic ?? replied?.topic ?? null,
  });
  const isHeard =
    chat.type === "private" ||
    chat.standing === "administrator" ||
    replied?.from.is_bot === true ||
    said.entities.some(({ type }) => type === "bot_command" || type === "mention");
  if (isHeard && !["blocked", "kicked", "left"].includes(chat.standing))
    world.tell("message", () => messageJson(chat, message));
  return message;
}

/** What the bot is in a chat from now on; it is told. */
export function change(world: World, id: number, standing: Standing, by: number): void {
  const chat = chatAt(world, id);
  const before = chat.standing;
  chat.standing = standing;
  const date = Math.floor(world.now() / 1_000);
  world.tell("my_chat_member", ({ user }) => {
    const member = (one: Standing): Json => ({
      user,
      status: one === "blocked" ? "kicked" : one,
      ...(one === "restricted" && { can_send_messages: false }),
    });
    return {
      ...{ chat: chatJson(chat), from: world.person(by), date },
      ...{ old_chat_member: member(before), new_chat_member: member(standing) },
    };
  });
}

/** Makes a supergroup of a group: another id, with no message of before. */
export function migrate(world: World, id: number): FakeChat {
  const old = chatAt(world, id);
  if (old.type !== "group") throw new Error(`chat ${id} is no group`);
  const to = -1_000_000_000_000 + id;
  const chat = world.addChat({ id: to, type: "supergroup", title: old.title, standing: old.standing });
  old.migratedTo = to;
  const date = Math.floor(world.now() / 1_000);
  const from = world.person(777, "Group");
  const service = (one: FakeChat, fields: Json): Json => {
    const { id: message_id } = world.add(one, { from, text: "" });
    return { message_id, date, chat: chatJson(one), from, ...fields };
  };
  const [left, begun] = [
    service(old, { migrate_to_chat_id: to }),
    service(chat, { migrate_from_chat_id: id }),
  ];
  world.tell("message", () => left);
  world.tell("message", () => begun);
  return chat;
}

/** @throws Error where there is none */
export function chatAt(world: World, id: number): FakeChat {
  const chat = world.chats.get(id);
  if (chat === undefined) throw new Error(`there is no chat ${id}`);
  return chat;
}

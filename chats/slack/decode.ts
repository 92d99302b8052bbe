/** What an update from Slack means. Pure. */

import type { Incoming, Person, Update } from "../chat.ts";
import { asFields, type Fields } from "./api.ts";
import { storedOf } from "./update.ts";
import { meant } from "./words.ts";

/** `<token>.<action>`, as a button carries it. */
const DATA = /^([\w-]{22})\.([a-z0-9_.-]{1,40})$/;
/** The slash command whose first word is the command. */
const OWN_COMMAND = "/chargehand";
/** Messages of a person; every other subtype is a note about something. */
const SPOKEN: readonly unknown[] = [undefined, "thread_broadcast", "file_share"];

export function decode(update: Update): Incoming {
  const stored = storedOf(update);
  if (stored === null) return nothing("it is no update of Slack's");
  const { way, payload } = stored;
  if (way === "interactive") return ofAction(payload);
  return way === "slash_commands" ? ofCommand(payload) : ofEvent(payload);
}

function ofAction(payload: Fields): Incoming {
  if (payload["type"] !== "block_actions") return nothing("it is no press of a button");
  const { channel, container, user, actions } = payload;
  const place = asFields(container);
  const chat = idOf(asFields(channel)?.["id"]) ?? idOf(place?.["channel_id"]);
  const person = personOf(user);
  const value = Array.isArray(actions) ? asFields(actions[0])?.["value"] : undefined;
  const [, token, action] = (typeof value === "string" && DATA.exec(value)) || [];
  if (chat === null || person === null) return nothing("it does not say where, or by whom");
  if (token === undefined || action === undefined) return nothing("it is no button of ours");
  const message = messageOf(chat, place?.["message_ts"]);
  return { kind: "press", chat, person, message, token, action, text: null };
}

function ofCommand(payload: Fields): Incoming {
  const { channel_id: channel, user_id: id, user_name: name, command, text } = payload;
  const [chat, person] = [idOf(channel), personOf({ id, name })];
  if (chat === null || person === null || typeof command !== "string")
    return nothing("it does not say where, or by whom");
  const words = typeof text === "string" ? meant(text).trim() : "";
  const said = command === OWN_COMMAND ? asCommand(words) : `${command} ${words}`.trim();
  return spoken(chat, person, said, { isCommand: true });
}

function ofEvent(payload: Fields): Incoming {
  const event = asFields(payload["event"]);
  if (event === null) return nothing("it is no event");
  const chat = idOf(event["channel"]);
  if (chat === null) return nothing("it happened in no channel");
  const self = ownId(payload);
  if (event["type"] === "message") return ofMessage(chat, event, self);
  if (event["type"] === "app_mention") return ofMention(chat, event, self);
  return ofAccess(chat, event, payload);
}

/**
 * In a thread everything is meant for what the thread is about, but for what is said to somebody by name; outside of
 * one only what is said to us alone.
 */
function ofMessage(chat: string, event: Fields, self: string | null): Incoming {
  const { subtype, thread_ts: thread, ts, channel_type: type } = event;
  if (!SPOKEN.includes(subtype)) return nothing("it is a note about something");
  const isAnswer = typeof thread === "string" && thread !== ts;
  if (!isAnswer && type !== "im") return nothing("it is said to nobody of us");
  const { text, to } = saidIn(event);
  if (to !== null && to !== self) return nothing("it is said to somebody else");
  return isAnswer ? heard(chat, event, text, to !== null) : heard(chat, event, asCommand(text));
}

function ofMention(chat: string, event: Fields, self: string | null): Incoming {
  const { thread_ts: thread, ts } = event;
  // What is said in a thread comes as a message too, with an id of its own.
  if (typeof thread === "string" && thread !== ts) return nothing("it comes as a message, too");
  const { text, to } = saidIn(event);
  if (to !== null && self !== null && to !== self) return nothing("it is said to somebody else");
  return heard(chat, event, asCommand(text));
}

function heard(chat: string, event: Fields, text: string, isToUs = false): Incoming {
  const { ts, thread_ts: thread, bot_id: bot } = event;
  const person = personOf({ id: event["user"] });
  if (person === null || (bot !== undefined && bot !== null)) return nothing("no person has said it");
  const replyTo = thread === ts ? null : messageOf(chat, thread);
  return spoken(chat, person, text, { isCommand: false, isToUs, message: messageOf(chat, ts), replyTo });
}

function spoken(
  chat: string,
  person: Person,
  text: string,
  more: {
    readonly isCommand: boolean;
    readonly isToUs?: boolean;
    readonly message?: string | null;
    readonly replyTo?: string | null;
  },
): Incoming {
  if (text === "") return nothing("it has no text");
  const { isCommand, isToUs = false, message = null, replyTo = null } = more;
  const said = { text, isCommand, ...(isToUs && { isToUs }) };
  return { kind: "text", chat, topic: null, person, message, replyTo, ...said };
}

/** What becomes of our place in a channel: of us alone, not of others who come and go. */
function ofAccess(chat: string, event: Fields, payload: Fields): Incoming {
  const self = ownId(payload);
  const isUs = self !== null && event["user"] === self;
  const access = (isOpen: boolean, reason: string): Incoming => ({ kind: "access", chat, isOpen, reason });
  switch (event["type"]) {
    case "channel_archive":
    case "group_archive":
      return access(false, "the channel was archived");
    case "channel_unarchive":
    case "group_unarchive":
      return access(true, "the channel is no longer archived");
    case "channel_left":
    case "group_left":
      return access(false, "the app was removed from the channel");
    case "member_joined_channel":
      return isUs ? access(true, "the app was invited to the channel") : nothing("somebody else came");
    default:
      return nothing("it is an event of no meaning here");
  }
}

/** By which we are mentioned. */
function ownId({ authorizations }: Fields): string | null {
  return idOf(Array.isArray(authorizations) ? asFields(authorizations[0])?.["user_id"] : undefined);
}

const MENTION = /^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>/;

/** Whom it is said to by name, where it begins with one, and the words without it. */
function saidIn({ text }: Fields): { readonly text: string; readonly to: string | null } {
  if (typeof text !== "string") return { text: "", to: null };
  const [mention = "", to = null] = MENTION.exec(text) ?? [];
  return { text: meant(text.slice(mention.length)).trim(), to };
}

function asCommand(words: string): string {
  return words.startsWith("/") ? words : `/${words === "" ? "help" : words}`;
}

function personOf(value: unknown): Person | null {
  const user = asFields(value);
  const id = idOf(user?.["id"]);
  if (id === null) return null;
  const name = [user?.["username"], user?.["name"]].find((some) => typeof some === "string" && some !== "");
  return { id, name: typeof name === "string" ? name.slice(0, 80) : id };
}

function messageOf(chat: string, ts: unknown): string | null {
  return typeof ts === "string" && /^\d{1,12}\.\d{1,9}$/.test(ts) ? `${chat}:${ts}` : null;
}

function idOf(value: unknown): string | null {
  return typeof value === "string" && /^[A-Z0-9]{2,32}$/.test(value) ? value : null;
}

function nothing(reason: string): Incoming {
  return { kind: "nothing", reason };
}

/** The methods of the Web API that the app uses, each as strict as Slack or stricter. */

import { faultsOfBlocks, SUM_MAX, sumOf } from "./blocks.ts";
import { asObject, type Json, parsed } from "./json.ts";
import { BOT, type Message, type World } from "./world.ts";

export type Answer = Json & { readonly ok: boolean };
type Method = (world: World, args: Json, origin: string) => Answer;

const TEXT_MAX = 40_000;
const METADATA_MAX = 8_000;
const POSTED = ["text", "blocks", "metadata", "parse", "link_names"];

/** What each takes; anything else is a mistake, though Slack would say nothing. */
export const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "apps.connections.open": [],
  "chat.postMessage": [...POSTED, "channel", "thread_ts", "unfurl_links", "unfurl_media", "client_msg_id"],
  "chat.postEphemeral": ["text", "blocks", "parse", "link_names", "channel", "user", "thread_ts"],
  "chat.update": [...POSTED, "channel", "ts"],
  "chat.delete": ["channel", "ts"],
  "conversations.history": [
    "channel",
    "oldest",
    "latest",
    "inclusive",
    "limit",
    "cursor",
    "include_all_metadata",
  ],
  "conversations.replies": [
    "channel",
    "ts",
    "oldest",
    "latest",
    "inclusive",
    "limit",
    "cursor",
    "include_all_metadata",
  ],
};
/** These take no JSON. */
export const READING: ReadonlySet<string> = new Set(["conversations.history", "conversations.replies"]);

const no = (error: string, more: Json = {}): Answer => ({ ok: false, error, ...more });

/** What keeps the app from a channel, if anything does. */
function closed(world: World, channel: unknown, isWriting: boolean): Answer | null {
  const place = world.channels.get(String(channel));
  if (place === undefined) return no("channel_not_found");
  if (!place.isMember) return no("not_in_channel");
  if (isWriting && place.isArchived) return no("is_archived");
  return isWriting && place.isReadOnly ? no("restricted_action_read_only_channel") : null;
}

/** What is wrong with what is to be said, if anything is. */
function unreadable(world: World, { text, blocks, metadata }: Json): Answer | null {
  const faults = blocks === undefined ? [] : faultsOfBlocks(blocks);
  if (faults.length > 0)
    return no("invalid_blocks", {
      response_metadata: { messages: faults.map((fault) => `[ERROR] ${fault}`) },
    });
  if (sumOf(blocks) > SUM_MAX) return no("msg_blocks_too_long");
  const isEmpty = !Array.isArray(blocks) || blocks.length === 0;
  if ((typeof text !== "string" || text === "") && isEmpty) return no("no_text");
  if (typeof text !== "string" || text === "")
    world.violations.push("blocks without a text for notifications");
  if (typeof text === "string" && text.length > TEXT_MAX) return no("msg_too_long");
  if (metadata === undefined) return null;
  const payload = asObject(asObject(metadata)?.["event_payload"]);
  if (payload === null || typeof asObject(metadata)?.["event_type"] !== "string")
    return no("invalid_metadata_format");
  return JSON.stringify(metadata).length > METADATA_MAX ? no("metadata_too_large") : null;
}

const post: Method = (world, args) => {
  const { channel, text, blocks, metadata, thread_ts: thread, client_msg_id: clientId } = args;
  const fault = closed(world, channel, true) ?? unreadable(world, args);
  if (fault !== null) return fault;
  const first = world.messages.find(({ clientMsgId }) => clientMsgId !== null && clientMsgId === clientId);
  const isDouble = clientId !== undefined && first !== undefined;
  if (isDouble && world.options.doubles === "are the first message") return said(first);
  if (thread !== undefined && world.find(channel, thread) === undefined) return no("cannot_reply_to_message");
  const message: Message = {
    channel: String(channel),
    ts: world.nextTs(),
    user: BOT.user_id,
    isOurs: true,
    threadTs: typeof thread === "string" ? thread : null,
    clientMsgId: typeof clientId === "string" ? clientId : null,
    at: Date.now(),
    text: typeof text === "string" ? text : "",
    blocks: Array.isArray(blocks) ? blocks : [],
    metadata,
    edits: 0,
  };
  world.look(message.text, message.blocks);
  world.messages.push(message);
  return said(message);
};

const whisper: Method = (world, args) => {
  const { channel, user, text, blocks } = args;
  const fault = closed(world, channel, true) ?? unreadable(world, args);
  if (fault !== null) return fault;
  if (world.options.strangers?.includes(String(user)) === true) return no("user_not_in_channel");
  world.look(String(text), Array.isArray(blocks) ? blocks : []);
  world.whispers.push({ user: String(user), text: String(text) });
  return { ok: true, message_ts: world.nextTs() };
};

const update: Method = (world, args) => {
  const { channel, ts, text, blocks, metadata } = args;
  const fault = closed(world, channel, true) ?? unreadable(world, args);
  if (fault !== null) return fault;
  const message = world.find(channel, ts);
  if (message === undefined) return no("message_not_found");
  if (!message.isOurs) return no("cant_update_message");
  const { editWindowMs } = world.options;
  if (editWindowMs !== undefined && Date.now() - message.at > editWindowMs) return no("edit_window_closed");
  const isSame = message.text === text && JSON.stringify(message.blocks) === JSON.stringify(blocks);
  if (isSame) world.violations.push("an edit that changes nothing");
  if (typeof text === "string") message.text = text;
  if (Array.isArray(blocks)) message.blocks = blocks;
  if (metadata !== undefined) message.metadata = metadata;
  message.edits += 1;
  world.look(message.text, message.blocks);
  return said(message);
};

const remove: Method = (world, { channel, ts }) => {
  const fault = closed(world, channel, true);
  if (fault !== null) return fault;
  const message = world.find(channel, ts);
  if (message === undefined) return no("message_not_found");
  if (!message.isOurs) return no("cant_delete_message");
  world.messages.splice(world.messages.indexOf(message), 1);
  return { ok: true, channel, ts };
};

/** @param isThread oldest first, with the message that began it; else newest first, without any answers */
function reading(isThread: boolean): Method {
  return (world, args) => {
    const { channel, ts, oldest = "0", latest = "9999999999", limit = "100", cursor } = args;
    if (world.options.hasHistory === false)
      return no("missing_scope", { needed: "channels:history", provided: "chat:write" });
    const fault = closed(world, channel, false);
    if (fault !== null) return fault;
    if (isThread && world.find(channel, ts) === undefined) return no("thread_not_found");
    const inTime = (message: Message): boolean => message.ts > String(oldest) && message.ts < String(latest);
    const all = world.messages.filter(
      (message) =>
        message.channel === channel &&
        (isThread
          ? message.ts === ts || (message.threadTs === ts && inTime(message))
          : message.threadTs === null && inTime(message)),
    );
    if (!isThread) all.reverse();
    const from = cursor === undefined ? 0 : Number(Buffer.from(String(cursor), "base64").toString());
    const to = from + Math.min(999, Number(limit));
    const hasMore = to < all.length;
    const isWithMetadata = args["include_all_metadata"] === "true";
    return {
      ok: true,
      messages: all.slice(from, to).map((message) => shown(message, isWithMetadata)),
      has_more: hasMore,
      ...(hasMore && { response_metadata: { next_cursor: Buffer.from(String(to)).toString("base64") } }),
    };
  };
}

function shown(message: Message, isWithMetadata: boolean): Json {
  const { ts, user, text, blocks, metadata, threadTs, isOurs } = message;
  return {
    type: "message",
    ts,
    user,
    text,
    ...(isOurs && { bot_id: BOT.bot_id, app_id: BOT.app_id, blocks }),
    ...(threadTs !== null && { thread_ts: threadTs }),
    ...(isWithMetadata && metadata !== undefined && { metadata }),
  };
}

function said(message: Message): Answer {
  return { ok: true, channel: message.channel, ts: message.ts, message: shown(message, false) };
}

export const METHODS: Readonly<Record<string, Method>> = {
  "auth.test": () => ({
    ok: true,
    url: "https://proof.slack.com/",
    team: "Proof",
    user: "chargehand",
    ...BOT,
  }),
  "apps.connections.open": (world, _args, origin) => {
    const ticket = world.draw("ticket");
    world.tickets.add(ticket);
    return { ok: true, url: `${origin.replace(/^http/, "ws")}/link/?ticket=${ticket}&app_id=${BOT.app_id}` };
  },
  "chat.postMessage": post,
  "chat.postEphemeral": whisper,
  "chat.update": update,
  "chat.delete": remove,
  "conversations.history": reading(false),
  "conversations.replies": reading(true),
};

/** What was sent, by its type; `null` for what cannot be read so. */
export function argumentsOf(method: string, type: string, body: string): Json | null {
  if (type.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(body));
  // A method that reads sees nothing in JSON.
  if (READING.has(method)) return {};
  return type.startsWith("application/json") ? parsed(body) : null;
}

/**
 * One channel of Slack, as a chat.
 *
 * M1. The id of a message is `<channel>:<ts>`, both as Slack answered them: a name or a person's id is good for posting
 *     only, and a `ts` that was ever a number has lost digits.
 * M2. A message is known again by its metadata, which hold its token. Next to them goes a `client_msg_id` made of the
 *     token: Slack has no documented key against doubles, but seems to keep that one, and its errors
 *     `duplicate_message_not_found` and `duplicate_channel_not_found` mean that nobody knows.
 * M3. The pace keeps the documented limits: a message a second to a channel, and edits of tier 3, which are 50 a minute
 *     for the whole workspace.
 */

import { createHash } from "node:crypto";
import type { Chat, Edited, Found, Lost, Message, Removed, Rendered, SendOptions, Sent } from "../chat.ts";
import type { Entry, Net } from "../kind.ts";
import { type Api, asFields, type Fields, fieldsOf, type Reply, slackApi } from "./api.ts";
import { troubleOf } from "./errors.ts";
import { METADATA_TYPE, render } from "./render.ts";
import type { Slack } from "./settings.ts";

/** M3; ms. */
const CHAT_MS = 1_050;
const ACCOUNT_MS = 50;
const EDITS_MS = 1_250;

/** How far our clock and Slack's may be apart (s), and how late a message may come to be. */
const BEFORE_S = 60;
const AFTER_S = 300;
const HISTORY_MAX = 100;
/** Of a search; each page is a call of tier 3, with a limit of its own. */
const PAGES_MAX = 10;

/** There is no such message any more, or it can be edited no more. */
const GONE: ReadonlySet<string> = new Set(["message_not_found", "cant_update_message", "edit_window_closed"]);
const STAYS: ReadonlySet<string> = new Set(["cant_delete_message", "compliance_exports_prevent_deletion"]);
/** What it answers cannot be answered; it can still be said. */
const NO_THREAD: ReadonlySet<string> = new Set(["thread_not_found", "cannot_reply_to_message"]);

/** Never read as names or links by Slack itself, whose default differs between posting and editing. */
const LITERAL: Fields = { parse: "none", link_names: false };
const NO_UNFURL: Fields = { unfurl_links: false, unfurl_media: false };

export function slackChat(entry: Entry, own: Slack, { http }: Pick<Net, "http">): Chat {
  const api = slackApi(http, own.api, own.token);
  const hasButtons = own.signingSecret !== null || own.appToken !== null;
  return {
    key: entry.key,
    account: own.account,
    pace: { chat: CHAT_MS * entry.pace, account: ACCOUNT_MS * entry.pace, edits: EDITS_MS * entry.pace },
    hasCards: true,
    hasButtons,
    render: (message: Message, token: string, isPlain: boolean): Rendered =>
      render(message, { token, isPlain, hasButtons }),
    send: (rendered, options) => send(api, own.chat, rendered, options),
    edit: (id, rendered) => edit(api, id, rendered),
    remove: (id) => remove(api, id),
    find: (lost) => find(api, own.chat, lost),
  };
}

async function send(api: Api, channel: string, { body }: Rendered, options: SendOptions): Promise<Sent> {
  const args = {
    channel,
    ...fieldsOf(body),
    ...LITERAL,
    ...NO_UNFURL,
    client_msg_id: clientMessageId(options.token),
  };
  const parent = options.replyTo === undefined ? null : placeOf(options.replyTo);
  const post = (more: Fields): Promise<Reply> => api.write("chat.postMessage", { ...args, ...more });
  const reply = await post(parent === null ? {} : { thread_ts: parent.ts });
  // Nothing was said, for a reason that has nothing to do with what was to be said.
  const isAlone = parent !== null && reply.kind === "error" && NO_THREAD.has(reply.error);
  return sentOf(isAlone ? await post({}) : reply);
}

function sentOf(reply: Reply): Sent {
  if (reply.kind !== "ok") return troubleOf(reply, false);
  const { channel, ts } = reply.answer;
  if (!isId(channel) || !isTs(ts))
    return { kind: "unsure", reason: "Slack took a message and did not say its id" };
  return { kind: "sent", id: `${channel}:${ts}` };
}

async function edit(api: Api, id: string, { body }: Rendered): Promise<Edited> {
  const place = placeOf(id);
  if (place === null) return { kind: "gone" };
  const reply = await api.write("chat.update", { ...place, ...fieldsOf(body), ...LITERAL });
  if (reply.kind === "ok") return { kind: "edited" };
  return reply.kind === "error" && GONE.has(reply.error) ? { kind: "gone" } : troubleOf(reply, true);
}

async function remove(api: Api, id: string): Promise<Removed> {
  const place = placeOf(id);
  if (place === null) return { kind: "removed" };
  const reply = await api.write("chat.delete", place);
  if (reply.kind === "ok") return { kind: "removed" };
  if (reply.kind !== "error") return troubleOf(reply, true);
  if (reply.error === "message_not_found") return { kind: "removed" };
  return STAYS.has(reply.error) ? { kind: "too_old" } : troubleOf(reply, true);
}

/** M2: among what was said since; answers stand in their thread only. */
async function find(api: Api, channel: string, { token, begunAt, replyTo }: Lost): Promise<Found> {
  const parent = replyTo === undefined ? null : placeOf(replyTo);
  const begunS = begunAt / 1_000;
  const args = {
    channel,
    oldest: (begunS - BEFORE_S).toFixed(6),
    latest: (begunS + AFTER_S).toFixed(6),
    include_all_metadata: "true",
    limit: String(HISTORY_MAX),
    ...(parent !== null && { ts: parent.ts }),
  };
  const method = parent === null ? "conversations.history" : "conversations.replies";
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page++) {
    const reply = await api.read(method, { ...args, ...(cursor !== "" && { cursor }) });
    if (reply.kind !== "ok") return notFound(reply, parent !== null);
    const { messages, response_metadata: rest, has_more: hasMore } = reply.answer;
    if (!Array.isArray(messages))
      return { kind: "unknown", reason: `Slack answered ${method} without messages` };
    const ours = messages.map(asFields).find((message) => message !== null && isOurs(message, token));
    if (isTs(ours?.["ts"])) return { kind: "found", id: `${channel}:${ours["ts"]}` };
    const next = asFields(rest)?.["next_cursor"];
    if (typeof next !== "string" || next === "")
      return hasMore === true
        ? { kind: "unknown", reason: `Slack answered ${method} with a part only` }
        : { kind: "absent" };
    cursor = next;
  }
  return { kind: "unknown", reason: "too much was said in the channel at that time to look through" };
}

/** Whoever may write need not be allowed to read; then nobody can say. */
function notFound(reply: Exclude<Reply, { kind: "ok" }>, isReply: boolean): Found {
  if (reply.kind !== "error") return troubleOf(reply, true);
  if (isReply && reply.error === "thread_not_found") return { kind: "unknown", reason: "the thread is gone" };
  const trouble = troubleOf(reply, true);
  if (trouble.kind === "unreachable" || trouble.kind === "limited") return trouble;
  return { kind: "unknown", reason: `it cannot be looked for: Slack answered ${reply.error}` };
}

function isOurs(message: Fields, token: string): boolean {
  const metadata = asFields(message["metadata"]);
  if (metadata?.["event_type"] === METADATA_TYPE)
    return asFields(metadata["event_payload"])?.["card"] === token;
  return message["client_msg_id"] === clientMessageId(token);
}

/** A UUID (version 5 in form) that is the same for the same message. */
function clientMessageId(token: string): string {
  const hex = createHash("sha256").update(`chargehand\n${token}`).digest("hex");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** M1; `null` for what is no id of a message. */
function placeOf(id: string): { readonly channel: string; readonly ts: string } | null {
  const [channel, ts, ...more] = id.split(":");
  return isId(channel) && isTs(ts) && more.length === 0 ? { channel, ts } : null;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Z0-9]{2,32}$/.test(value);
}

function isTs(value: unknown): value is string {
  return typeof value === "string" && /^\d{1,12}\.\d{1,9}$/.test(value);
}

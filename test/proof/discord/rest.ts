/** The endpoints of messages, as strict as Discord's. */

import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { type Fault as BodyFault, faultsOfMessage, isFields, treeOf } from "./check.ts";
import type { Fault, Script } from "./faults.ts";
import { createLimits } from "./limits.ts";
import type { Channel, Message, State } from "./state.ts";

const HOUR = 3_600_000;
/** "The past few minutes". */
const NONCE_MS = 180_000;
const INVALID_MAX = 10_000;

type Env = { Bindings: HttpBindings };
type Call = Context<Env>;
interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RestOptions {
  readonly factor: number;
  /** May be changed at any time. */
  script: Script;
}

export function restOf(state: State, options: RestOptions): Hono<Env> {
  const app = new Hono<Env>();
  const limits = createLimits(options.factor);
  const route = (
    method: string,
    path: string,
    act: (call: Call, body: unknown) => Reply,
    isOwn = true,
  ): void => {
    app.on(method, path, async (call) => {
      state.calls += 1;
      const fault = options.script({ number: state.calls, method, path: call.req.path });
      if (fault !== null && !fault.isDone) return await fail(call, fault);
      const text = await call.req.text();
      const reply = guarded(call, isOwn) ?? limited(method, call) ?? act(call, bodyOf(text));
      note(reply);
      if (fault !== null) return await fail(call, fault);
      for (const [name, value] of Object.entries({ ...headersOf.get(call), ...reply.headers }))
        call.header(name, value);
      if (reply.status === 204) return call.body(null, 204);
      return call.json(reply.body as object, reply.status as 200);
    });
  };
  const headersOf = new WeakMap<Call, Readonly<Record<string, string>>>();

  function guarded(call: Call, isOwn: boolean): Reply | null {
    if (state.violations.invalid >= INVALID_MAX) return refusal(403, 0, "error code: 1015");
    if (!/^DiscordBot \(.+, .+\)$/.test(call.req.header("user-agent") ?? ""))
      return refusal(403, 40_333, "internal network error");
    if (isOwn && call.req.header("authorization") !== `Bot ${state.token}`)
      return refusal(401, 0, "401: Unauthorized");
    return null;
  }

  function limited(method: string, call: Call): Reply | null {
    const channel = call.req.param("channel");
    if (channel === undefined) return null;
    const { headers, waitMs, isGlobal } = limits.take(method, channel, state.now());
    headersOf.set(call, headers);
    return waitMs === null ? null : tooMany(waitMs, isGlobal, 0, "You are being rate limited.");
  }

  function note({ status, body }: Reply): void {
    if (status === 429) state.violations.limited += 1;
    if ([401, 403, 429].includes(status)) state.violations.invalid += 1;
    if (status === 400) state.violations.refused.push(JSON.stringify(body));
  }

  const inChannel =
    (act: (channel: Channel, call: Call, body: unknown) => Reply): ((call: Call, body: unknown) => Reply) =>
    (call, body) => {
      const channel = state.channels.get(call.req.param("channel") ?? "");
      if (channel === undefined || channel.trouble === "gone") return refusal(404, 10_003, "Unknown Channel");
      if (channel.trouble === "unseen") return refusal(403, 50_001, "Missing Access");
      return act(channel, call, body);
    };
  const onMessage = (
    act: (message: Message, channel: Channel, call: Call, body: unknown) => Reply,
  ): ((call: Call, body: unknown) => Reply) =>
    inChannel((channel, call, body) => {
      const message = channel.messages.find(
        ({ id, isDeleted }) => id === call.req.param("message") && !isDeleted,
      );
      return message === undefined
        ? refusal(404, 10_008, "Unknown Message")
        : act(message, channel, call, body);
    });

  route(
    "POST",
    "/channels/:channel/messages",
    inChannel((channel, _call, body) => create(state, channel, body)),
  );
  route(
    "GET",
    "/channels/:channel/messages",
    inChannel((channel, call) => list(channel, call)),
  );
  route(
    "PATCH",
    "/channels/:channel/messages/:message",
    onMessage((message, channel, _call, body) => {
      if (message.author !== state.bot.id)
        return refusal(403, 50_005, "Cannot edit a message authored by another user");
      if (channel.trouble === "archived") return refusal(400, 50_083, "Thread is archived");
      const waitMs = state.now() - message.at > HOUR ? limits.takeOldEdit(channel.id, state.now()) : null;
      if (waitMs !== null)
        return tooMany(
          waitMs,
          false,
          30_046,
          "Maximum number of edits to messages older than 1 hour reached.",
        );
      return edit(state, message, body);
    }),
  );
  route(
    "DELETE",
    "/channels/:channel/messages/:message",
    onMessage((message) => {
      if (message.author !== state.bot.id) return refusal(403, 50_013, "Missing Permissions");
      message.isDeleted = true;
      return { status: 204, body: null };
    }),
  );
  route("GET", "/applications/@me", () => ({
    status: 200,
    body: { id: state.bot.application, name: "Proof", verify_key: state.key.publicHex },
  }));
  route("PUT", "/applications/:application/commands", (call, body) => {
    if (call.req.param("application") !== state.bot.application)
      return refusal(403, 20_012, "You are not authorized to perform this action on this application");
    if (!Array.isArray(body)) return formFault([{ path: "", code: "LIST_TYPE_CONVERT", message: "no list" }]);
    state.commands = body;
    return { status: 200, body };
  });
  const whisper = (call: Call, body: unknown, isOriginal: boolean): Reply => {
    const open = state.open.get(call.req.param("token") ?? "");
    if (call.req.param("application") !== state.bot.application)
      return refusal(404, 10_015, "Unknown Webhook");
    if (open === undefined || open.until < state.now()) return refusal(401, 50_027, "Invalid Webhook Token");
    if (isOriginal && !open.isDeferred && !open.isAnswered) return refusal(404, 10_008, "Unknown Message");
    const fault = body === null ? null : faultOf(body);
    if (fault !== null) return fault;
    if (isOriginal) Object.assign(open, { isDeferred: false, isAnswered: body !== null });
    if (body === null) return { status: 204, body: null };
    if (!hasNoMentions(body)) state.violations.mentions += 1;
    if (!isOriginal && (!isFields(body) || body["flags"] !== 64))
      state.violations.interactions.push("what only one person should see was said to all");
    const { content = "", embeds } = isFields(body) ? body : {};
    const described = (Array.isArray(embeds) ? embeds : []).filter(isFields);
    const read = [content, ...described.map(({ description }) => description)].map(String);
    state.whispers.push({ person: open.person, content: stripped(read.join("\n")) });
    return { status: 200, body: { id: state.nextId(), content } };
  };
  route("POST", "/webhooks/:application/:token", (call, body) => whisper(call, body, false), false);
  route(
    "PATCH",
    "/webhooks/:application/:token/messages/@original",
    (call, body) => whisper(call, body, true),
    false,
  );
  route(
    "DELETE",
    "/webhooks/:application/:token/messages/@original",
    (call) => whisper(call, null, true),
    false,
  );
  return app;
}

function bodyOf(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function fail(call: Call, fault: Fault): Promise<Response> {
  const { outgoing } = call.env;
  if (fault.kind === "status") return call.html("<h1>Bad Gateway</h1>", fault.status as 502);
  if (fault.kind === "reset") outgoing.destroy();
  else await new Promise((resolve) => outgoing.once("close", resolve));
  return call.body(null, 204);
}

export function refusal(status: number, code: number, message: string): Reply {
  return { status, body: { message, code } };
}

function tooMany(waitMs: number, isGlobal: boolean, code: number, message: string): Reply {
  const seconds = Math.ceil(waitMs) / 1_000;
  return {
    status: 429,
    body: { message, retry_after: seconds, global: isGlobal, ...(code !== 0 && { code }) },
    headers: { "retry-after": String(Math.ceil(seconds)) },
  };
}

function formFault(faults: readonly BodyFault[]): Reply {
  return { status: 400, body: { message: "Invalid Form Body", code: 50_035, errors: treeOf(faults) } };
}

function faultOf(body: unknown): Reply | null {
  if (!isFields(body)) return refusal(400, 50_109, "The request body contains invalid JSON.");
  const faults = faultsOfMessage(body);
  return faults.length > 0 ? formFault(faults) : null;
}

function hasNoMentions(body: unknown): boolean {
  const allowed = isFields(body) ? body["allowed_mentions"] : undefined;
  const parse = isFields(allowed) ? allowed["parse"] : undefined;
  return Array.isArray(parse) && parse.length === 0;
}

/** Some of what nobody sees is taken out of what is stored. */
function stripped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f\u00ad\u200b\u200e\u200f\u2060-\u2069\ufeff]/g, "")
    .trim();
}

function create(state: State, channel: Channel, body: unknown): Reply {
  if (channel.trouble === "mute") return refusal(403, 50_013, "Missing Permissions");
  const fault = faultOf(body);
  if (fault !== null || !isFields(body)) return fault ?? refusal(400, 50_109, "invalid JSON");
  const nonce = typeof body["nonce"] === "string" ? body["nonce"] : null;
  const known = channel.messages.find(
    (message) => nonce !== null && message.nonce === nonce && state.now() - message.at < NONCE_MS,
  );
  if (known !== undefined && body["enforce_nonce"] === true)
    return known.isDeleted ? refusal(404, 10_008, "Unknown Message") : { status: 200, body: viewOf(known) };
  if (!hasNoMentions(body)) state.violations.mentions += 1;
  const content = stripped(String(body["content"] ?? ""));
  const embeds: readonly unknown[] = Array.isArray(body["embeds"]) ? body["embeds"] : [];
  if (content === "" && embeds.length === 0) return refusal(400, 50_006, "Cannot send an empty message");
  const reference = body["message_reference"];
  const message: Message = {
    id: state.nextId(),
    channel: channel.id,
    author: state.bot.id,
    content,
    embeds,
    components: Array.isArray(body["components"]) ? body["components"] : [],
    flags: Number(body["flags"] ?? 0),
    nonce,
    replyTo: isFields(reference) ? String(reference["message_id"]) : null,
    at: state.now(),
    edits: 0,
    isDeleted: false,
  };
  if (message.replyTo !== null && isFields(reference) && reference["fail_if_not_exists"] !== false)
    if (!channel.messages.some(({ id, isDeleted }) => id === message.replyTo && !isDeleted))
      return formFault([
        { path: "message_reference", code: "REPLIES_UNKNOWN_MESSAGE", message: "Unknown message" },
      ]);
  channel.messages.push(message);
  return { status: 200, body: viewOf(message) };
}

function edit(state: State, message: Message, body: unknown): Reply {
  const fault = faultOf(body);
  if (fault !== null || !isFields(body)) return fault ?? refusal(400, 50_109, "invalid JSON");
  if (!hasNoMentions(body)) state.violations.mentions += 1;
  const content = typeof body["content"] === "string" ? stripped(body["content"]) : message.content;
  const embeds: readonly unknown[] = Array.isArray(body["embeds"]) ? body["embeds"] : message.embeds;
  if (content === "" && embeds.length === 0) return refusal(400, 50_006, "Cannot send an empty message");
  const components: readonly unknown[] = Array.isArray(body["components"])
    ? body["components"]
    : message.components;
  Object.assign(message, { content, embeds, components, edits: message.edits + 1 });
  return { status: 200, body: viewOf(message) };
}

function list(channel: Channel, call: Call): Reply {
  const most = Number(call.req.query("limit") ?? 50);
  if (!(most >= 1 && most <= 100))
    return formFault([{ path: "limit", code: "NUMBER_TYPE_MAX", message: "int value should be 1 to 100" }]);
  if (channel.trouble === "unread") return { status: 200, body: [] };
  const there = channel.messages.filter(({ isDeleted }) => !isDeleted);
  const around = BigInt(call.req.query("around") ?? "0");
  const before = there.filter(({ id }) => BigInt(id) < around).slice(-Math.floor(most / 2));
  const rest = there.filter(({ id }) => BigInt(id) >= around).slice(0, most - Math.floor(most / 2));
  return { status: 200, body: [...before, ...rest].reverse().map(viewOf) };
}

export function viewOf({ id, channel, author, content, embeds, components, flags, at }: Message): object {
  return {
    id,
    type: 0,
    channel_id: channel,
    author: { id: author, username: "proof", bot: true },
    content,
    embeds: embeds.map((embed) => ({ type: "rich", ...Object(embed) })),
    components,
    flags,
    timestamp: new Date(at).toISOString(),
  };
}

/**
 * The webhook listener: proves a request genuine, stores it, answers. What it means is decided later, by the inbox.
 *
 * H1. In this order: known source, size, signature over the raw bytes, form, storage. Nothing is parsed before the
 *     signature held, and nothing is answered with 2xx before it is on disk (I1).
 * H2. Whether an event matters plays no part: forges do not repeat a delivery, so everything genuine is kept.
 * H3. No reply and no log line holds a secret, an expected signature or text of the body (I12).
 */

import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import type { Log } from "../system/log.ts";
import type { NewDelivery } from "../workflow/delivery.ts";
import { problem } from "./api/problem.ts";
import { answerAstray } from "./astray.ts";
import type { ChatDoor } from "./chat/door.ts";
import type { Receipt } from "./intake.ts";
import type { BodyReader, ReadBody } from "./read-body.ts";
import type { Header, Payload, WebhookSource } from "./source.ts";

export interface WebhookOptions {
  readonly sources: readonly WebhookSource[];
  readonly record: (delivery: NewDelivery) => Promise<Receipt>;
  /** What comes from chats; left out where there are none. */
  readonly chats?: ChatDoor;
  readonly bodies: BodyReader;
  /** Bytes. */
  readonly bodyLimit: number;
  /** Of the admin side, for whoever asks here for it. */
  readonly adminUrl: () => string;
  /** Told of each request that no secret proves. */
  readonly onWrongSecret?: (source: string) => void;
  readonly log: Log;
}

/** How long senders that look at it are asked to wait, in seconds. */
const BUSY_RETRY_S = 1;
const UNAVAILABLE_RETRY_S = 5;

interface Reply {
  readonly code: 200 | 202 | 400 | 401 | 404 | 408 | 413 | 429 | 503;
  readonly status: string;
  readonly delivery: number | null;
  readonly reason?: string;
}

/** What the adaptor knows of a request; nothing where there is no connection. */
type Bound = { Bindings: Partial<HttpBindings> };

/** Answers `{status, delivery, reason?}` to webhooks, and problem documents (RFC 9457) to everything else. */
export function webhookApp(options: WebhookOptions): Hono<Bound> {
  const { log, chats } = options;
  const sources = new Map(options.sources.map((source) => [source.path, source]));
  const receive = createReceiver(options);
  const app = new Hono<Bound>();
  app.post("/webhooks/:source/:name?", async (c) => {
    const path = [c.req.param("source"), c.req.param("name")].filter((part) => part !== undefined).join("/");
    const source = sources.get(path);
    const header: Header = (name) => c.req.header(name);
    const reply =
      source === undefined ? refused(404, "unknown_source") : await receive(source, bodyOf(c), header);
    if (reply.code >= 400) tell(log, source, header, reply);
    return send(reply);
  });
  app.post("/chat/:kind/:name", (c) =>
    chats === undefined
      ? send(refused(404, "unknown_chat"))
      : chats(`${c.req.param("kind")}/${c.req.param("name")}`, bodyOf(c), (name) => c.req.header(name)),
  );
  app.all("/webhooks/*", (c) =>
    c.req.method === "POST" ? send(refused(404, "unknown_source")) : problem(405, {}, { allow: "POST" }),
  );
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.notFound((c) => answerAstray(c, options.adminUrl()));
  app.onError((error) => {
    log.error({ event: "webhook.error", error: error.stack ?? String(error) });
    return problem(500, {});
  });
  return app;
}

/** As it comes from the connection, so that it is counted while it does. */
function bodyOf(c: Context<Bound>): Readable {
  return c.env?.incoming ?? Readable.from(c.req.raw.body ?? [], { objectMode: false });
}

type Receive = (source: WebhookSource, body: Readable, header: Header) => Promise<Reply>;

function createReceiver({ record, bodies, bodyLimit, onWrongSecret }: WebhookOptions): Receive {
  return async (source, incoming, header) => {
    const body = await bodies.read(incoming, bodyLimit, header("content-length"));
    if (body.kind !== "body") return unread(body, bodyLimit);
    const { raw } = body;
    if (!source.verify(raw, header)) {
      onWrongSecret?.(source.name);
      return refused(401, "bad_signature");
    }
    const wrong = source.refuse(header);
    if (wrong !== null) return refused(400, "malformed", wrong);
    const parsed = parse(raw);
    if (typeof parsed === "string") return refused(400, "malformed", parsed);
    const event = source.event(header, parsed.payload);
    const delivery: NewDelivery = {
      source: source.name,
      deliveryId: source.deliveryId(raw, header, parsed.payload),
      headerId: source.headerId(header),
      event,
      body: parsed.text,
    };
    return stored(await record(delivery), source.isPing(event));
  };
}

function unread(body: Exclude<ReadBody, { kind: "body" }>, limit: number): Reply {
  switch (body.kind) {
    case "too_large":
      return refused(413, "too_large", `the body is longer than ${limit} bytes`);
    case "too_slow":
      return refused(408, "too_slow", "the body did not come in time");
    case "overloaded":
      return refused(503, "overloaded", "too many deliveries at once, and this one stood still");
    case "broken":
      return refused(400, "malformed", body.reason);
    default:
      return body satisfies never;
  }
}

function stored(receipt: Receipt, isPing: boolean): Reply {
  switch (receipt.kind) {
    case "recorded":
      if (isPing) return { code: 200, status: "pong", delivery: receipt.id };
      return receipt.fresh
        ? { code: 202, status: "accepted", delivery: receipt.id }
        : { code: 200, status: "duplicate", delivery: receipt.id };
    case "overloaded":
      return refused(429, "overloaded", "too many deliveries at once");
    case "unavailable":
      return refused(503, "unavailable", "the delivery could not be stored");
    default:
      return receipt satisfies never;
  }
}

/** The JSON object in the body and its text, or why there is none. */
function parse(raw: Buffer): { readonly text: string; readonly payload: Payload } | string {
  if (raw.length === 0) return "the body is empty";
  if (!isUtf8(raw)) return "the body is not UTF-8";
  const text = raw.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, which is outside text.
    return text.startsWith("\ufeff") ? "the body begins with a byte order mark" : "the body is not JSON";
  }
  return isObject(value) ? { text, payload: value } : "the body is not a JSON object";
}

function isObject(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refused(code: Reply["code"], status: string, reason?: string): Reply {
  return { code, status, delivery: null, ...(reason !== undefined && { reason }) };
}

function tell(
  log: Log,
  source: WebhookSource | undefined,
  header: Header,
  { code, status, reason }: Reply,
): void {
  const { name = null } = source ?? {};
  log.warn({
    event: "delivery.refused",
    source: name,
    header_id: source?.headerId(header) ?? null,
    code,
    status,
    reason,
  });
}

function send({ code, ...reply }: Reply): Response {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (code === 429) headers["retry-after"] = String(BUSY_RETRY_S);
  if (code === 503) headers["retry-after"] = String(UNAVAILABLE_RETRY_S);
  return new Response(JSON.stringify(reply), { status: code, headers });
}

/** The Bot API over HTTP: `POST /bot<token>/<method>`, with the limits and the bad days of the proof server. */

import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { FaultKind } from "./faults.ts";
import { chatOf, METHODS, PACED } from "./methods.ts";
import type { Bot } from "./model.ts";
import { type Refusal, refusalIn, refuse } from "./refusal.ts";
import { getUpdates } from "./updates.ts";
import type { World } from "./world.ts";

export type FakeContext = Context<{ Bindings: HttpBindings }>;

const PATH = /^\/bot([^/]+)\/(\w+)$/;
/** Seconds to wait after a flood that is only played. */
const PLAYED_FLOOD_S = 1;

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers one call. `closing` ends what waits. */
export async function answerCall(c: FakeContext, world: World, closing: AbortSignal): Promise<Response> {
  const [, token = "", method = ""] = PATH.exec(decodeURIComponent(new URL(c.req.url).pathname)) ?? [];
  const gone = new AbortController();
  c.env.outgoing.once("close", () => gone.abort());
  const signal = AbortSignal.any([gone.signal, closing]);
  const bot = world.bots.get(token);
  const fault = bot === undefined ? null : world.faults.next(method);
  if (fault !== null && !fault.endsWith("_after") && fault !== "429")
    return await fail(c, fault, null, signal);
  const answer = await answerOf(world, bot, { token, method, isFlood: fault === "429" }, c, signal);
  if (fault?.endsWith("_after") === true) return await fail(c, fault, answer, signal);
  return new Response(answer.body, { status: answer.status, headers: headersOf(answer) });
}

interface Asked {
  readonly token: string;
  readonly method: string;
  readonly isFlood: boolean;
}

async function answerOf(
  world: World,
  bot: Bot | undefined,
  { token, method, isFlood }: Asked,
  c: FakeContext,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    if (bot === undefined) return unknownBot(token);
    if (isFlood) flood(PLAYED_FLOOD_S);
    const name = method.toLowerCase();
    world.calls.set(method, (world.calls.get(method) ?? 0) + 1);
    const args = await argsOf(c);
    if (PACED.includes(name)) keepPace(world, args);
    if (name === "getupdates") return fine(await getUpdates(world, bot, args, signal));
    const run = METHODS[name];
    return run === undefined ? refuse(404, "Not Found: method not found") : fine(run(world, bot, args));
  } catch (error) {
    const refusal = refusalIn(error);
    if (refusal === null) throw error;
    return refused(refusal);
  }
}

function unknownBot(token: string): never {
  return /^\d+:[\w-]+$/.test(token) ? refuse(401, "Unauthorized") : refuse(404, "Not Found");
}

async function argsOf(c: FakeContext): Promise<unknown> {
  const text = await c.req.text();
  if (text === "") return {};
  if (!/^application\/json\b/.test(c.req.header("content-type") ?? "")) refuse(400, "the body is no JSON");
  try {
    return JSON.parse(text);
  } catch {
    return refuse(400, "can't parse JSON object");
  }
}

/** What names no chat is refused by its method. */
function keepPace(world: World, args: unknown): void {
  const id = typeof args === "object" && args !== null && "chat_id" in args ? args.chat_id : null;
  if (typeof id !== "number" && typeof id !== "string") return;
  const known = [...world.chats.values()].find(
    (chat) => chat.id === Number(id) || `@${chat.username ?? ""}`.toLowerCase() === String(id).toLowerCase(),
  );
  if (known === undefined) chatOf(world, id);
  const waitS = known === undefined ? null : world.limits.take(known.id, known.id < 0);
  if (waitS !== null) flood(waitS);
}

function flood(seconds: number): never {
  return refuse(429, `Too Many Requests: retry after ${Math.ceil(seconds)}`, { retry_after: seconds });
}

function fine(result: unknown): Answer {
  return { status: 200, body: JSON.stringify({ ok: true, result }) };
}

function refused({ code, description, parameters }: Refusal): Answer {
  return {
    status: code,
    body: JSON.stringify({ ok: false, error_code: code, description, ...(parameters && { parameters }) }),
  };
}

function headersOf({ status, body }: Answer): Record<string, string> {
  const retryAfter = status === 429 ? JSON.parse(body).parameters?.retry_after : undefined;
  return {
    "content-type": "application/json",
    ...(retryAfter !== undefined && { "retry-after": String(Math.ceil(retryAfter)) }),
  };
}

const BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>";
const RESTART = '{"ok":false,"error_code":500,"description":"Internal Server Error: restart"}';

/** @param answer what is lost; `null` where nothing was done */
async function fail(
  c: FakeContext,
  kind: FaultKind,
  answer: Answer | null,
  signal: AbortSignal,
): Promise<Response> {
  if (kind.startsWith("500"))
    return c.body(RESTART, { status: 500, headers: { "content-type": "application/json" } });
  if (kind.startsWith("502")) return c.html(BAD_GATEWAY, 502);
  if (kind.startsWith("cut")) {
    const body = answer?.body ?? "";
    return c.body(body.slice(0, Math.floor(body.length / 2)), 200);
  }
  if (kind.startsWith("hang") && !signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  // Whatever is written now, nobody gets.
  c.env.incoming.socket.destroy();
  return c.body(null, 200);
}

/**
 * A Slack to prove a client against: the Web API over HTTP, requests that are signed, Socket Mode. It is at least as
 * strict as Slack; what Slack would let pass and no careful client does is a violation, which it counts.
 *
 *     const slack = await startSlack({ hurry: 60, requestUrl: "http://127.0.0.1:8080/chat/slack/team" });
 *     // api: slack.api, token: slack.token, chat: "C0PROOF01", signing_secret: slack.signingSecret
 *     await slack.people.press({ message: "C0PROOF01:1.000001", button: "Approve", user: "U0ALICE" });
 *     assert.deepEqual(slack.state().violations, []);
 *     await slack.close();
 *
 * Other processes find the same below `/control`: `POST /control/press`, `/control/say`, `/control/command` with the
 * arguments as JSON, and `GET /control/state`.
 */

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type HttpBindings, serve } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { asObject, type Json } from "./json.ts";
import { Links } from "./links.ts";
import { type Answer, ARGUMENTS, argumentsOf, METHODS } from "./methods.ts";
import { buttonsOf, People, type ShownButton } from "./people.ts";
import { type Fault, type Options, World } from "./world.ts";

export interface ProofSlack {
  /** As the key `api` has it. */
  readonly api: string;
  readonly token: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly world: World;
  readonly people: People;
  readonly links: Links;
  state(): State;
  close(): Promise<void>;
}

export interface State {
  /** All that can be seen, in order. */
  readonly messages: readonly {
    readonly id: string;
    readonly isOurs: boolean;
    readonly thread: string | null;
    readonly text: string;
    readonly blocks: readonly unknown[];
    readonly buttons: readonly ShownButton[];
    readonly edits: number;
  }[];
  readonly violations: readonly string[];
  /** Calls that broke a limit; told so by the server or not. */
  readonly broken: number;
  readonly limited: number;
  readonly pings: readonly string[];
  readonly unescaped: readonly string[];
  readonly whispers: readonly { readonly user: string; readonly text: string }[];
  readonly calls: Readonly<Record<string, number>>;
}

type Env = { Bindings: HttpBindings };
/** A response address is good for five words. */
const WORDS_MAX = 5;

export async function startSlack(options: Options = {}): Promise<ProofSlack> {
  const world = new World(options);
  const links = new Links(world);
  let origin = "";
  const people = new People(world, links, () => origin);
  const app = new Hono<Env>();
  app.post("/api/:method", (c) => answerCall(world, c, origin));
  const words = new Map<string, number>();
  app.post("/actions/:id/:user", async (c) => {
    const { id, user } = c.req.param();
    const { busyAnswers: busy = null } = world.options;
    if (busy !== null) return c.text("busy", busy);
    const times = (words.get(id) ?? 0) + 1;
    words.set(id, times);
    if (times > WORDS_MAX) return c.json({ ok: false, error: "used_url" }, 404);
    const said = asObject(await c.req.json()) ?? {};
    if (said["response_type"] !== "ephemeral" || said["replace_original"] !== false)
      world.violations.push("an answer that all see, or that takes the place of the message");
    const text = String(said["text"]);
    world.look(text, Array.isArray(said["blocks"]) ? said["blocks"] : []);
    world.whispers.push({ user, text });
    return c.json({ ok: true });
  });
  control(app, world, people);
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => {
      origin = `http://127.0.0.1:${port}`;
      resolve(starting);
    });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => links.upgrade(request, socket));
  return {
    api: `${origin}/api`,
    token: world.token,
    appToken: world.appToken,
    signingSecret: people.secret,
    world,
    people,
    links,
    state: () => stateOf(world),
    close: () =>
      new Promise((resolve) => {
        links.cut();
        if ("closeAllConnections" in server) server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** As it would be typed elsewhere: see the top. */
function control(app: Hono<Env>, world: World, people: People): void {
  app.get("/control/state", (c) => c.json(stateOf(world)));
  app.post("/control/:what", async (c) => {
    const args = asObject(await c.req.json()) ?? {};
    const of = (name: string): string => String(args[name] ?? "");
    const where = { channel: of("channel"), ...(args["thread"] !== undefined && { thread: of("thread") }) };
    const [user, message] = [of("user"), of("message")];
    switch (c.req.param("what")) {
      case "press":
        return c.json(await people.press({ message, button: of("button"), user }));
      case "say":
        return c.json(await people.say(where, of("text"), user));
      case "command":
        return c.json(await people.command(where.channel, of("text"), user));
      default:
        return c.notFound();
    }
  });
}

async function answerCall(world: World, c: Context<Env>, origin: string): Promise<Response> {
  const method = c.req.param("method") ?? "";
  const type = c.req.header("content-type") ?? "";
  const args = argumentsOf(method, type, await c.req.text());
  const call = { number: world.calls.length + 1, method, args: args ?? {} };
  world.calls.push(call);
  if (!type.includes("charset=utf-8")) world.violations.push(`${method}: a body without its charset`);
  const fault = world.options.faultOf?.(call) ?? null;
  if (fault?.kind === "limited") return limited(world, c, fault.seconds, fault.isHttp !== false);
  if (fault?.kind === "error") return c.json({ ok: false, error: fault.error, needed: fault.needed });
  const channel = typeof call.args["channel"] === "string" ? call.args["channel"] : null;
  const waitMs = world.limits.take(method, channel, Date.now());
  if (waitMs !== null) return limited(world, c, Math.max(1, Math.ceil(waitMs / 1_000)), true);
  const isDone = fault === null || fault.isStored;
  const answer = isDone ? perform(world, method, args, c.req.header("authorization"), origin) : { ok: false };
  return fault === null ? c.json(answer) : await failed(c, fault);
}

function perform(
  world: World,
  method: string,
  args: Json | null,
  authorization: string | undefined,
  origin: string,
): Answer {
  const wanted = method === "apps.connections.open" ? world.appToken : world.token;
  if (authorization === undefined) return { ok: false, error: "not_authed" };
  if (authorization !== `Bearer ${wanted}`) return { ok: false, error: "invalid_auth" };
  const run = METHODS[method];
  if (run === undefined) return { ok: false, error: "unknown_method" };
  if (args === null) return { ok: false, error: "invalid_json" };
  for (const name of Object.keys(args))
    if (!ARGUMENTS[method]?.includes(name)) world.violations.push(`${method}: unknown argument ${name}`);
  return run(world, args, origin);
}

function limited(world: World, c: Context<Env>, seconds: number | null, isHttp: boolean): Response {
  world.limited += 1;
  const headers: Record<string, string> = seconds === null ? {} : { "retry-after": String(seconds) };
  return c.json({ ok: false, error: "ratelimited" }, isHttp ? 429 : 200, headers);
}

async function failed(
  c: Context<Env>,
  fault: Extract<Fault, { readonly isStored: boolean }>,
): Promise<Response> {
  if (fault.kind === "status")
    return new Response(fault.body ?? "<html>Bad Gateway</html>", { status: fault.status });
  if (fault.kind === "hang") await new Promise((resolve) => setTimeout(resolve, fault.ms));
  else c.env.incoming.destroy();
  return new Response("", { status: 504 });
}

function stateOf(world: World): State {
  const calls: Record<string, number> = {};
  for (const { method } of world.calls) calls[method] = (calls[method] ?? 0) + 1;
  return {
    messages: world.messages.map((message) => ({
      id: `${message.channel}:${message.ts}`,
      isOurs: message.isOurs,
      thread: message.threadTs === null ? null : `${message.channel}:${message.threadTs}`,
      text: message.text,
      blocks: message.blocks,
      buttons: buttonsOf(message),
      edits: message.edits,
    })),
    violations: world.violations,
    broken: world.limits.broken,
    limited: world.limited,
    pings: world.seen.pings,
    unescaped: world.seen.unescaped,
    whispers: world.whispers,
    calls,
  };
}

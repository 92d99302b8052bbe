/**
 * A strict Plane (community edition, REST v1 and webhooks v1) on a port of this machine.
 *
 *     const plane = await startPlane(); // workspace acme, project SHOP; ada (admin), bob, gus (guest)
 *     plane.url; plane.token; plane.slug                      // as the configuration has them; acts as chargehand
 *     plane.project("SHOP").id
 *     const hook = plane.addHook(url);                        // { secret }
 *     plane.people.create({ project: "SHOP", by: "ada", name: "…", labels: ["agent"] });
 *     plane.people.move({ project: "SHOP", by: "ada", number: 1, state: "Todo" });
 *     plane.faults.play([{ kind: "reset_after", call: "^POST .*comments/$" }]);
 *     plane.courier.play({ lost: 1 });                        // webhooks: lost, twice, delayMs, shuffled
 *     await plane.settled();
 *     assert.deepEqual(plane.violations, []);                 // what was careless: no slash at the end, impatience
 *     await plane.close();
 *
 * Assumed where the documents are silent: a path without its slash is redirected (301) whatever its method; somebody
 * who is no member of a project is answered 403; comments are edited by who wrote them and by admins. Attachments and
 * relations are as Plane's published source (v1.3) has them: its cloud tells relations as mere ids.
 */

import { Hono } from "hono";
import { type Courier, createCourier } from "../../../cli/stage/fake-host/courier.ts";
import { createFaults, type Faults, isCarriedOut } from "../../../cli/stage/fake-host/faults.ts";
import {
  breakAnswer,
  goneSignal,
  type HostContext,
  type HostEnv,
  listen,
} from "../../../cli/stage/fake-host/listen.ts";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { type Answer, Refusal } from "./call.ts";
import { teller } from "./hooks.ts";
import { People } from "./people.ts";
import { ROUTES } from "./routes.ts";
import { createWorld, type Hook, type Project, type User, type World } from "./world.ts";

export interface PlaneOptions {
  readonly clock?: Clock;
  readonly port?: number;
  /** Calls a minute of one key. */
  readonly perMinute?: number;
  /** The longest wait before a webhook is tried again (ms); ten minutes on the real one. */
  readonly retryMs?: number;
  readonly seed?: number;
}

export interface ProofPlane {
  readonly url: string;
  readonly token: string;
  readonly slug: string;
  readonly world: World;
  readonly people: People;
  readonly faults: Faults;
  readonly courier: Courier;
  readonly violations: readonly string[];
  /** Calls by method and path. */
  readonly calls: ReadonlyMap<string, number>;
  project(identifier: string): Project;
  user(name: string): User;
  addHook(url: string): Hook;
  addToken(token: string, name: string): void;
  settled(): Promise<void>;
  close(): Promise<void>;
}

export const PLANE_TOKEN = "plane_api_0123456789abcdef0123456789abcdef";
export const PLANE_BOT = "chargehand";
const MINUTE_MS = 60_000;
const HOOK_TIMEOUT_MS = 30_000;
const BODY_BYTES_MAX = 5 * 1_024 * 1_024;
const NOTES_MAX = 1_000;

interface Host {
  readonly world: World;
  readonly faults: Faults;
  readonly violations: string[];
  readonly calls: Map<string, number>;
  readonly perMinute: number;
  /** When each key has called. */
  readonly recent: Map<string, number[]>;
}

export async function startPlane(options: PlaneOptions = {}): Promise<ProofPlane> {
  const { clock = systemClock(), port = 0, perMinute = 60, retryMs = 600_000, seed = 1 } = options;
  const world = createWorld(clock, seed);
  world.user("ada", 20);
  world.user("gus", 5);
  world.tokens.set(PLANE_TOKEN, world.user(PLANE_BOT));
  world.project("SHOP", ["ada", "bob", "gus", PLANE_BOT]);
  const closing = new AbortController();
  const courier = createCourier({ clock, http: lightHttp() }, HOOK_TIMEOUT_MS, closing.signal);
  world.tell = teller(world, { clock, courier, retryMs, closing: closing.signal });
  const host: Host = {
    world,
    faults: createFaults(),
    violations: [],
    calls: new Map(),
    perMinute,
    recent: new Map(),
  };
  const app = new Hono<HostEnv>();
  app.get("/-/files/*", (c) => world.assets.answer(c));
  app.all("*", (c) => answerCall(c, host, closing.signal));
  const listening = await listen(app, port);
  const people = new People(world);
  return {
    ...{
      url: listening.url,
      token: PLANE_TOKEN,
      slug: world.slug,
      world,
      people,
      faults: host.faults,
      courier,
    },
    ...{ violations: host.violations, calls: host.calls },
    project: (identifier) => people.project(identifier),
    user: (name) => world.user(name),
    addHook(url) {
      const secret = `plane_wh_${world.id().replaceAll("-", "")}`;
      const hook: Hook = { id: world.id(), url, secret, isActive: true, log: [] };
      world.hooks.push(hook);
      return hook;
    },
    addToken: (token, name) => world.tokens.set(token, world.user(name)),
    settled: () => courier.settled(),
    async close() {
      closing.abort();
      await courier.settled();
      await listening.close();
    },
  };
}

async function answerCall(c: HostContext, host: Host, closing: AbortSignal): Promise<Response> {
  const url = new URL(c.req.url);
  const { method } = c.req;
  const signal = goneSignal(c, closing);
  const fault = host.faults.next(method, url.pathname + url.search);
  if (fault === "429" || fault === "secondary") return written(limited(1));
  if (fault !== null && !isCarriedOut(fault)) return await breakAnswer(c, fault, "", signal);
  const text = await c.req.text();
  const key = `${method} ${url.pathname}`;
  if (host.calls.size < NOTES_MAX || host.calls.has(key)) host.calls.set(key, (host.calls.get(key) ?? 0) + 1);
  const answer = answerOf(host, { method, url, text, key: c.req.header("x-api-key") });
  if (fault !== null) return await breakAnswer(c, fault, JSON.stringify(answer.body ?? null), signal);
  return written(answer);
}

function written({ status, body, headers }: Answer): Response {
  const text = body === undefined ? null : JSON.stringify(body);
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

function limited(seconds: number): Answer {
  const body = { error_code: 5900, error_message: "RATE_LIMIT_EXCEEDED" };
  return { status: 429, body, headers: { "retry-after": String(seconds) } };
}

function note(host: Host, what: string): void {
  if (host.violations.length < NOTES_MAX) host.violations.push(what);
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly text: string;
  readonly key: string | undefined;
}

function answerOf(host: Host, asked: Asked): Answer {
  const { world } = host;
  const { url, method, key } = asked;
  if (!url.pathname.endsWith("/")) {
    note(host, `${method} ${url.pathname}: no slash at its end`);
    return { status: 301, headers: { location: `${url.pathname}/${url.search}` } };
  }
  if (Buffer.byteLength(asked.text) > BODY_BYTES_MAX)
    return { status: 413, body: { error: "REQUEST_BODY_TOO_LARGE" } };
  if (key === undefined)
    return { status: 401, body: { detail: "Authentication credentials were not provided." } };
  const user = world.tokens.get(key);
  if (user === undefined) return { status: 403, body: { detail: "Given API token is not valid" } };
  const recent = (host.recent.get(key) ?? []).filter((at) => at > world.now() - MINUTE_MS);
  host.recent.set(key, recent);
  if (recent.length >= host.perMinute) {
    note(host, `${method} ${url.pathname}: beyond the limit`);
    return limited(Math.ceil(((recent[0] ?? 0) + MINUTE_MS - world.now()) / 1_000));
  }
  recent.push(world.now());
  const reset = Math.floor((world.now() + MINUTE_MS) / 1_000);
  const headers = {
    "x-ratelimit-remaining": String(host.perMinute - recent.length),
    "x-ratelimit-reset": String(reset),
  };
  const answer = routed(world, user, asked);
  return { ...answer, headers: { ...headers, ...answer.headers } };
}

function routed(world: World, user: User, { method, url, text }: Asked): Answer {
  const found = ROUTES.find(method, url.pathname);
  if (found === null) return { status: 404, body: { error: "Page not found." } };
  try {
    const body: unknown = text === "" ? {} : JSON.parse(text);
    return found.route.run({
      world,
      user,
      origin: url.origin,
      params: found.params,
      query: url.searchParams,
      body,
    });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    if (error instanceof SyntaxError) return { status: 400, body: { detail: "JSON parse error" } };
    throw error;
  }
}

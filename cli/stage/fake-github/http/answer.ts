/** The API over HTTP: who calls, what is left for them, which route it is, and what comes of it. */

import { type Faults, isCarriedOut } from "../../fake-host/faults.ts";
import { breakAnswer, goneSignal, type HostContext } from "../../fake-host/listen.ts";
import { look } from "../acts/refs.ts";
import type { Deliveries } from "../hooks/deliver.ts";
import { keep, NOTES_MAX } from "../model/bounds.ts";
import type { User } from "../model/user.ts";
import type { World } from "../model/world.ts";
import { notFound, Refusal } from "../refusal.ts";
import { ROUTES } from "../rest/routes.ts";
import type { Budget } from "./budget.ts";
import type { Answer, Call, Caller, Route } from "./call.ts";
import { demand, identify } from "./guard.ts";
import { forVersion } from "./version.ts";
import { type Asked, nameOf, resourceOf, type Written, write } from "./write.ts";

/** One call and its answer, for whoever holds it against the published document. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** `undefined`: none. */
  readonly body: unknown;
  readonly status: number;
  readonly answer: unknown;
}

export interface Host {
  readonly world: World;
  readonly deliveries: Deliveries;
  readonly faults: Faults;
  readonly budget: Budget;
  /** What is wrong with an exchange. */
  readonly check: ((exchange: Exchange) => readonly string[]) | null;
  readonly violations: string[];
  /** Calls by method and path. */
  readonly calls: Map<string, number>;
  /** Whoever pushes over a path has no name: this one did it. */
  readonly pusher: () => User;
}

const BODY_BYTES_MAX = 1_024 * 1_024;
const DOCUMENTATION = "https://docs.github.com/rest";
const SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

/** Answers one call. `closing` ends what waits. */
export async function answerCall(c: HostContext, host: Host, closing: AbortSignal): Promise<Response> {
  const url = new URL(c.req.url);
  const path = url.pathname.replace(/^\/api(\/v3)?(?=\/)/, "");
  const { method } = c.req;
  const signal = goneSignal(c, closing);
  const fault = host.faults.next(method, path + url.search);
  const isPause = fault === "429" || fault === "secondary";
  if (fault !== null && !isCarriedOut(fault) && !isPause) return await breakAnswer(c, fault, "", signal);
  const text = await c.req.text();
  const asked = { method, path, query: url.searchParams, text, header: (name: string) => c.req.header(name) };
  const written = isPause ? pause(fault) : await writtenFor(host, asked);
  if (fault !== null && !isPause) return await breakAnswer(c, fault, written.text, signal);
  const { status, headers } = written;
  return new Response(status === 204 || status === 304 ? null : written.text, { status, headers });
}

/** A limit that is only played. */
function pause(kind: "429" | "secondary"): Written {
  const text = JSON.stringify({ message: SECONDARY, documentation_url: DOCUMENTATION });
  const headers = { "content-type": "application/json; charset=utf-8", "retry-after": "1" };
  return { status: kind === "429" ? 429 : 403, text, headers };
}

async function writtenFor(host: Host, asked: Asked): Promise<Written> {
  const { world } = host;
  for (const repo of world.repos.values()) await look(world, repo, host.pusher());
  const who: { caller: Caller | null } = { caller: null };
  let answer: Answer;
  try {
    who.caller = identify(world, asked.header("authorization"));
    answer = rendered(world, asked, await answerOf(host, asked, who.caller));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = refused(error);
  }
  note(host, asked, answer);
  return write(host.world, host.budget, { asked, caller: who.caller, answer });
}

/** As the media type `full` has it: a text as HTML besides, in which files have addresses that are signed. */
function rendered({ assets, url }: World, asked: Asked, answer: Answer): Answer {
  const body: unknown = Reflect.get(Object(answer.body), "body");
  if (asked.header("accept") !== "application/vnd.github.full+json" || typeof body !== "string")
    return answer;
  const own = /http[^\s")]*\/user-attachments\/assets\/([0-9a-f-]{36})/g;
  const html = body
    .replaceAll("<", "&lt;")
    .replace(own, (plain, id: string) =>
      assets.get(id) === undefined
        ? plain
        : `<img src="${url}${assets.signed(id).replaceAll("&", "&amp;")}">`,
    );
  return { ...answer, body: { ...Object(answer.body), body_html: `<p>${html}</p>` } };
}

function refused({ status, message, errors, headers }: Refusal): Answer {
  const body = {
    message,
    ...(errors.length > 0 && { errors }),
    documentation_url: DOCUMENTATION,
    status: String(status),
  };
  return { status, body, headers };
}

async function answerOf(host: Host, asked: Asked, caller: Caller): Promise<Answer> {
  const { budget } = host;
  demandManners(host, asked);
  const [who, resource, isKnown] = [nameOf(caller), resourceOf(asked), caller.token !== null || caller.isApp];
  const found = ROUTES.find(asked.method, asked.path);
  if (asked.path !== "/rate_limit") {
    if (!budget.spend(who, resource, isKnown))
      throw new Refusal(403, `API rate limit exceeded for ${isKnown ? "user" : "your IP"}.`);
    const points = asked.method === "GET" ? 1 : 5;
    const wait = budget.pace(who, points, found?.route.makesContent === true);
    if (wait !== null) throw new Refusal(403, SECONDARY, { headers: { "retry-after": String(wait) } });
  }
  if (asked.path === "/rate_limit") return limitsAnswer(host, who, isKnown);
  if (found === null) return notFound();
  if (caller.isApp && !found.route.isForApp) throw new Refusal(401, "A JSON web token could not be decoded");
  const call = callOf(host, asked, caller, found);
  // An App asks for its installation before it has a token that may see anything.
  if (found.route.path.startsWith("/repos/") && !caller.isApp) demand(call.repo, caller, found.route.need);
  return await found.route.run(call);
}

function limitsAnswer({ budget }: Host, who: string, isKnown: boolean): Answer {
  const [core, graphql] = [budget.standing(who, "core", isKnown), budget.standing(who, "graphql", isKnown)];
  const resources = { core, graphql, search: { limit: 30, used: 0, remaining: 30, reset: core.reset } };
  return { status: 200, body: { resources, rate: core } };
}

function demandManners({ violations }: Host, asked: Asked): void {
  if ((asked.header("user-agent") ?? "") === "")
    throw new Refusal(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
    );
  const version = asked.header("x-github-api-version");
  if (version === undefined && asked.path !== "/graphql")
    keep(violations, `${asked.method} ${asked.path}: no X-GitHub-Api-Version`, NOTES_MAX);
  else if (version !== undefined && !forVersion.has(version))
    throw new Refusal(400, `API version ${version.slice(0, 20)} is not supported`);
  if (Buffer.byteLength(asked.text) > BODY_BYTES_MAX) throw new Refusal(413, "Payload too big");
}

function callOf(
  { world, deliveries }: Host,
  asked: Asked,
  caller: Caller,
  { params }: { readonly route: Route; readonly params: Readonly<Record<string, string>> },
): Call {
  const { path, query } = asked;
  const body = jsonOf(asked.text);
  return {
    ...{ world, deliveries, caller, params, query, body, path },
    get repo() {
      return world.repo(`${params["owner"]}/${params["repo"]}`);
    },
  };
}

/** @throws Refusal 400 */
function jsonOf(text: string): unknown {
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "Problems parsing JSON");
  }
}

function note(host: Host, { method, path, query, text }: Asked, answer: Answer): void {
  const key = `${method} ${path}`;
  if (host.calls.has(key) || host.calls.size < NOTES_MAX) host.calls.set(key, (host.calls.get(key) ?? 0) + 1);
  if (host.check === null) return;
  const sent = text === "" ? undefined : tried(text);
  const exchange = { method, path, query, body: sent, status: answer.status, answer: plain(answer.body) };
  for (const trouble of host.check(exchange))
    keep(host.violations, `${method} ${path}: ${trouble}`, NOTES_MAX);
}

function tried(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** As it arrives: without what JSON leaves out. */
function plain(body: unknown): unknown {
  return body === undefined || body instanceof Uint8Array ? body : JSON.parse(JSON.stringify(body));
}

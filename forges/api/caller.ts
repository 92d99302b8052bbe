/**
 * How a forge or tracker is called: once, as somebody, within what it allows, and not while it is down.
 *
 * H1. A write that nobody has answered for certain (no answer, a 5xx of whatever stands before the host) may have been
 *     carried out: it is `unreachable`, and whoever repeats it looks first.
 * H2. A GET that has moved is followed, within the same host. A write is not: it is told where it went.
 * H3. The state is that of one host: its limits per account, its trouble, and the turns of what makes something new.
 */

import type { Clock } from "../../system/clock.ts";
import type { Http, HttpResponse } from "../../system/http.ts";
import type { Answer } from "./answer.ts";
import { createBreaker } from "./breaker.ts";
import { createBudget, type Limits, retryAfter } from "./budget.ts";
import type { Access, Call, Caller, Login, Reply } from "./call.ts";
import { createReplyMemory } from "./memory.ts";
import { createPace } from "./pace.ts";
import { isLimit, refusalOf, sentence } from "./refusal.ts";

export interface CallerOptions {
  readonly http: Http;
  readonly clock: Clock;
  /** For people. */
  readonly name: string;
  /** Without a slash at its end. */
  readonly base: string;
  /** Of GraphQL, where it does not stand below the rest. */
  readonly graphql?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly access: Access;
  readonly limits: Limits;
  /** Between calls that make something new. */
  readonly apartMs: number;
}

/** Where nobody says how long to wait. */
export const PAUSE_MS = 15_000;
const REDIRECTS_MAX = 3;

type Unchanged = { readonly kind: "unchanged" };
type Sent = Answer<Reply> | Unchanged;

export function createCaller(options: CallerOptions): Caller {
  const { clock, name, base, access } = options;
  const pace = createPace(clock, options.apartMs);
  const replies = createReplyMemory();
  const send = createSender(options);
  const below = (address: string): string | null => belowOf(base, address);

  async function once(call: Call, etag: string | null, isSpare: boolean): Promise<Sent> {
    const login = await access(call);
    if (login.kind !== "ok") return login;
    const work = (): Promise<Sent> => send(call, etag, login.value, isSpare);
    if (call.creates !== true) return work();
    const sent = await pace.turn(work);
    return sent === "full"
      ? { kind: "retry", reason: `${name}: too much is being written`, afterMs: PAUSE_MS, fault: "host" }
      : sent;
  }

  async function remembered(call: Call, isSpare: boolean): Promise<Answer<Reply>> {
    const isKept = call.method === "GET" && call.accept === undefined;
    const key = `${call.place ?? ""} ${call.path}${queryOf(call)}`;
    const known = isKept ? replies.find(key) : undefined;
    const sent = await once(call, known?.etag ?? null, isSpare);
    if (sent.kind === "unchanged")
      return known === undefined
        ? strange(name, "304 to what it was not asked")
        : { kind: "ok", value: known };
    if (isKept && sent.kind === "ok" && sent.value.status === 200) replies.keep(key, sent.value);
    return sent;
  }

  const callerFor = (isSpare: boolean): Omit<Caller, "spare"> => ({
    name,
    host: URL.parse(base)?.host ?? name,
    call: (call) => remembered(call, isSpare),
    fresh: (call, etag) => once(call, etag, isSpare),
    below,
  });
  const spare: Caller = {
    ...callerFor(true),
    get spare(): Caller {
      return spare;
    },
  };
  return { ...callerFor(false), spare };
}

type Sender = (call: Call, etag: string | null, login: Login, isSpare: boolean) => Promise<Sent>;

function createSender({ http, clock, name, base, graphql, headers, limits }: CallerOptions): Sender {
  const budget = createBudget(clock, limits);
  const breaker = createBreaker(clock);

  async function exchange(call: Call, url: string, etag: string | null, login: Login): Promise<Sent> {
    const down = breaker.held();
    if (down !== null)
      return { kind: "retry", reason: `${name} is down, and left alone`, afterMs: down, fault: "host" };
    const result = await http.request("forge", {
      method: call.method,
      url,
      headers: {
        ...headers,
        ...login.headers,
        ...(call.accept !== undefined && { accept: call.accept }),
        ...(etag !== null && { "if-none-match": etag }),
        ...(call.body !== undefined && { "content-type": "application/json" }),
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    });
    breaker.ended(result.kind === "response" && result.response.status < 500);
    if (result.kind === "unreachable")
      return {
        kind: "unreachable",
        reason: `${name}: ${sentence(result.reason, [login.secret])}`,
        neverSent: result.neverSent === true,
      };
    const { response } = result;
    budget.learn(login.account, call.resource ?? "core", response);
    if (isLimit(response)) {
      const afterMs = budget.limited(login.account, response);
      return {
        kind: "retry",
        reason: `${name} limits our calls (${response.status})`,
        afterMs,
        fault: "host",
      };
    }
    return read(call, response, login);
  }

  function read(call: Call, response: HttpResponse, { secret }: Login): Sent {
    const { status } = response;
    if (status === 304) return { kind: "unchanged" };
    if ((status >= 200 && status < 300) || call.also?.includes(status) === true)
      return { kind: "ok", value: replyOf(response) };
    if (status >= 500 || status === 408) return troubleOf(name, call, response, clock.now());
    return refusalOf(name, response, [secret]);
  }

  return async (call, etag, login, isSpare) => {
    const held = budget.held(login.account, call.resource ?? "core", isSpare);
    if (held !== null)
      return { kind: "retry", reason: `${name}: ${held.reason}`, afterMs: held.afterMs, fault: "host" };
    if (call.resource === "graphql") return exchange(call, graphql ?? `${base}${call.path}`, etag, login);
    if (call.method !== "GET") return exchange(call, `${base}${call.path}${queryOf(call)}`, etag, login);
    let url = `${base}${call.path}${queryOf(call)}`;
    const moves = [301, 302, 307, 308].filter((status) => call.also?.includes(status) !== true);
    for (let left = REDIRECTS_MAX; ; left -= 1) {
      const sent = await exchange({ ...call, also: [...(call.also ?? []), ...moves] }, url, etag, login);
      if (sent.kind !== "ok" || !moves.includes(sent.value.status)) return sent;
      const to = belowOf(base, URL.parse(sent.value.headers["location"] ?? "", url)?.href ?? "");
      if (to === null || left === 0)
        return {
          kind: "refused",
          because: "missing",
          reason: `${name} answered with a way that leads nowhere`,
        };
      url = `${base}${to}`;
    }
  };
}

/** H1. */
function troubleOf(
  name: string,
  { method }: Call,
  { status, headers }: HttpResponse,
  now: number,
): Answer<never> {
  const asked = retryAfter(headers, now);
  const reason = `${name} answered ${status}`;
  if (method !== "GET" && asked === null) return { kind: "unreachable", reason, neverSent: false };
  return { kind: "retry", reason, afterMs: asked ?? PAUSE_MS, fault: status === 500 ? "call" : "host" };
}

/** An answer that is none, and may be a better one the next time. */
export function strange(name: string, what: string): Answer<never> {
  return { kind: "retry", reason: `${name} answered ${what}`, afterMs: PAUSE_MS, fault: "call" };
}

function replyOf({ status, headers, body }: HttpResponse): Reply {
  return { status, headers, body, etag: headers["etag"] ?? null, links: linksIn(headers["link"] ?? "") };
}

const LINKS_CHARS_MAX = 8_192;

function linksIn(header: string): Readonly<Record<string, string>> {
  const found = header.slice(0, LINKS_CHARS_MAX).matchAll(/<([^<>]*)>\s*;\s*rel="([^"]*)"/g);
  return Object.fromEntries([...found].map(([, address = "", relation = ""]) => [relation, address]));
}

function queryOf({ query = {} }: Call): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, String(value)] as [string, string]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}

function belowOf(base: string, address: string): string | null {
  const url = URL.parse(address);
  const home = URL.parse(base);
  if (url === null || home === null || url.origin !== home.origin) return null;
  const root = home.pathname.replace(/\/$/, "");
  const path = `${url.pathname}${url.search}`;
  return path.startsWith(`${root}/`) ? path.slice(root.length) : null;
}

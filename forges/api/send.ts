/**
 * One exchange with a host, as it allows it.
 *
 * H1. A write that nobody has answered for certain (no answer, a 5xx of whatever stands before the host) may have been
 *     carried out: it is `unreachable`, and whoever repeats it looks first.
 * H2. A GET that has moved is followed, within the same host. A write is not: it is told where it went.
 * H3. The state is that of one host: its limits per account, and its trouble.
 */

import type { Clock } from "../../system/clock.ts";
import type { Http, HttpResponse } from "../../system/http.ts";
import { belowOf, linksIn, queryOf, whereTo } from "./address.ts";
import type { Answer } from "./answer.ts";
import { createBreaker } from "./breaker.ts";
import { createBudget, type Limits } from "./budget.ts";
import type { Access, Call, Login, Reply } from "./call.ts";
import { isLimit, refusalOf, sentence, troubleOf } from "./refusal.ts";

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

const REDIRECTS_MAX = 3;

/** What has come of a call. */
export type Sent = Answer<Reply> | { readonly kind: "unchanged" };

export type Sender = (call: Call, etag: string | null, login: Login, isSpare: boolean) => Promise<Sent>;

export function createSender({ http, clock, name, base, graphql, headers, limits }: CallerOptions): Sender {
  const budget = createBudget(clock, limits);
  const breaker = createBreaker(clock);

  async function exchange(call: Call, url: string, etag: string | null, login: Login): Promise<Sent> {
    const down = breaker.held();
    if (down !== null) return later(`${name} is down, and left alone`, down);
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
      return later(`${name} limits our calls (${response.status})`, afterMs);
    }
    return meaningOf(name, call, response, login, clock.now());
  }

  return async (call, etag, login, isSpare) => {
    const held = budget.held(login.account, call.resource ?? "core", isSpare);
    if (held !== null) return later(`${name}: ${held.reason}`, held.afterMs);
    if (call.resource === "graphql") return exchange(call, graphql ?? `${base}${call.path}`, etag, login);
    if (call.method !== "GET") return exchange(call, `${base}${call.path}${queryOf(call)}`, etag, login);
    let url = `${base}${call.path}${queryOf(call)}`;
    const moves = [301, 302, 307, 308].filter((status) => call.also?.includes(status) !== true);
    for (let left = REDIRECTS_MAX; ; left -= 1) {
      const sent = await exchange({ ...call, also: [...(call.also ?? []), ...moves] }, url, etag, login);
      if (sent.kind !== "ok" || !moves.includes(sent.value.status)) return sent;
      const to = belowOf(base, whereTo(sent.value, url));
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

/** Whoever waits writes down until when, in whole milliseconds; clocks that never jump know parts of one. */
function later(reason: string, afterMs: number): Answer<never> {
  return { kind: "retry", reason, afterMs: Math.ceil(afterMs), fault: "host" };
}

function meaningOf(name: string, call: Call, response: HttpResponse, { secret }: Login, now: number): Sent {
  const { status } = response;
  if (status === 304) return { kind: "unchanged" };
  if ((status >= 200 && status < 300) || call.also?.includes(status) === true)
    return { kind: "ok", value: replyOf(response, secret) };
  if (status >= 500 || status === 408) return troubleOf(name, call, response, now);
  return refusalOf(name, response, [secret]);
}

/** What a host sends back of our own is no part of anything: parts of it are stored and shown. */
function replyOf({ status, headers, body: sent }: HttpResponse, secret: string): Reply {
  const body = secret === "" ? sent : sent.replaceAll(secret, "[secret]");
  return { status, headers, body, etag: headers["etag"] ?? null, links: linksIn(headers["link"] ?? "") };
}

/**
 * What a host allows us in a while, as it tells with each answer: per account, and per resource of it.
 *
 * B1. A fifth of each limit is kept for those who tell something: whoever asks to spare is held before it.
 * B2. A pause that the host has asked for holds all calls of the account.
 * B3. Spans are measured by the host's own clock where it tells it, because ours may be wrong.
 */

import type { Clock } from "../../system/clock.ts";
import type { HttpResponse } from "../../system/http.ts";

const SECOND = 1_000;
/** GitHub's word for a limit that says nothing of its end: a minute, and each time longer. */
const PAUSE_MS = 60 * SECOND;
/** The longest wait that is believed of a host. */
const PAUSE_MS_MAX = 3_600 * SECOND;
const RESERVE = 0.2;
/** Accounts and their resources: an App has one for each installation. */
const ENTRIES_MAX = 1_000;

export interface Limits {
  /** Of a minute or an hour, where answers do not say how much is allowed. */
  readonly limit: number;
  /** Each call is forgotten a while after it: nothing is gained by waiting for the end of a window. */
  readonly isSliding: boolean;
}

interface Known {
  readonly limit: number;
  remaining: number;
  readonly resetAt: number;
}

export interface Held {
  readonly reason: string;
  readonly afterMs: number;
}

export interface Budget {
  /** Why a call must wait; `null`: it may go, and counts. */
  held(account: string, resource: string, isSpare: boolean): Held | null;
  learn(account: string, resource: string, response: HttpResponse): void;
  /** The host has turned a call away for a limit: how long all calls of the account wait now (ms). */
  limited(account: string, response: HttpResponse): number;
}

export function createBudget(clock: Clock, { limit: usual, isSliding }: Limits): Budget {
  const known = new Map<string, Known>();
  const pauses = new Map<string, { readonly until: number; readonly strikes: number }>();
  return {
    held(account, resource, isSpare): Held | null {
      const now = clock.monotonic();
      const pause = (pauses.get(account)?.until ?? 0) - now;
      if (pause > 0) return { reason: "it has asked for a pause", afterMs: pause };
      const entry = known.get(`${account} ${resource}`);
      if (entry === undefined || entry.resetAt <= now) return null;
      const floor = isSpare ? Math.ceil(entry.limit * RESERVE) : isSliding ? -Infinity : 0;
      if (entry.remaining <= floor)
        return {
          reason: isSpare ? "what is left of its limit is kept for writing" : "its limit is used up",
          afterMs: entry.resetAt - now,
        };
      entry.remaining -= 1;
      return null;
    },
    learn(account, resource, { status, headers }): void {
      if (status < 400 && (pauses.get(account)?.until ?? 0) <= clock.monotonic()) pauses.delete(account);
      const remaining = count(headers["x-ratelimit-remaining"]);
      const reset = untilReset(headers, clock.now());
      if (remaining === null || reset === null) return;
      const key = `${account} ${headers["x-ratelimit-resource"]?.slice(0, 64) ?? resource}`;
      const limit = count(headers["x-ratelimit-limit"]) ?? usual;
      known.delete(key);
      known.set(key, { limit, remaining, resetAt: clock.monotonic() + reset });
      forgetOldest(known);
    },
    limited(account, { headers }): number {
      const strikes = (pauses.get(account)?.strikes ?? 0) + 1;
      const asked =
        retryAfter(headers, clock.now()) ??
        (headers["x-ratelimit-remaining"] === "0" ? untilReset(headers, clock.now()) : null) ??
        PAUSE_MS * 2 ** Math.min(strikes - 1, 10);
      const afterMs = bounded(asked);
      pauses.set(account, { until: clock.monotonic() + afterMs, strikes });
      forgetOldest(pauses);
      return afterMs;
    },
  };
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size > ENTRIES_MAX && oldest !== undefined) map.delete(oldest);
}

type Headers = HttpResponse["headers"];

function count(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** Milliseconds until a window ends. */
function untilReset(headers: Headers, now: number): number | null {
  const reset = count(headers["x-ratelimit-reset"]);
  return reset === null ? null : bounded(reset * SECOND - (clockOf(headers) ?? now));
}

/** How long the host asks to be left alone (ms): in seconds, or until a date. */
export function retryAfter(headers: Headers, now: number): number | null {
  const text = headers["retry-after"];
  if (text === undefined) return null;
  const seconds = count(text);
  if (seconds !== null) return bounded(seconds * SECOND);
  const at = Date.parse(text);
  return Number.isFinite(at) ? bounded(at - (clockOf(headers) ?? now)) : null;
}

/** What the host's clock says (ms); `null` where it does not tell. */
export function clockOf(headers: Headers): number | null {
  const at = Date.parse(headers["date"] ?? "");
  return Number.isFinite(at) ? at : null;
}

function bounded(ms: number): number {
  return Math.min(PAUSE_MS_MAX, Math.max(SECOND, ms));
}

/**
 * What the outbox loop decides, as pure functions: who is called now, what follows from a try, and how long a host is
 * left alone.
 *
 * J1. A call is tried again until its patience is over; each failed try doubles the wait, with jitter.
 * J2. A host that fails a few times in a row, whatever the call, rests; then one call is its probe. Nothing that is
 *     owed to it counts a try meanwhile.
 * J3. What is owed to a target that nobody serves is given up at once, with what a person can do: it is not lost.
 */

import type { Owed } from "../store/outbox.ts";
import type { OutboxCall } from "../workflow/outbox.ts";
import type { Sent } from "./ports.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Before the second try of a call, and at most between two. */
export const RETRY_BASE_MS: number = 5 * SECOND;
export const RETRY_CAP_MS: number = 60 * MINUTE;
/** A receiver that is away over a weekend misses nothing. */
export const PATIENCE_MS: number = 3 * 24 * 60 * MINUTE;

/** Failures in a row after which a host rests; fewer are an accident. */
export const FAILURES_TO_REST = 3;
export const REST_BASE_MS: number = 30 * SECOND;
export const REST_CAP_MS: number = 5 * MINUTE;

/** After a failed try of a call (the first is 1): half of the wait is certain, the other half is chance. */
export function backOff(tries: number, jitter: number): number {
  return halfJittered(RETRY_BASE_MS * 2 ** Math.min(30, tries - 1), RETRY_CAP_MS, jitter);
}

function halfJittered(ms: number, capMs: number, jitter: number): number {
  const most = Math.min(capMs, ms);
  return Math.floor(most / 2 + (most / 2) * jitter);
}

export type Verdict =
  | { readonly kind: "sent" }
  | {
      readonly kind: "put_off";
      readonly error: string;
      readonly dueAt: number;
      readonly isUnsure: boolean;
    }
  | { readonly kind: "bury"; readonly error: string };

/**
 * What follows from a try.
 *
 * @param call as it was read, before the try
 * @param now calendar time (ms)
 * @param jitter a fraction in [0, 1)
 */
export function judgeTry(call: OutboxCall, sent: Sent, now: number, jitter: number): Verdict {
  if (sent.kind === "sent") return sent;
  if (sent.kind === "refused") return { kind: "bury", error: sent.reason };
  const tries = call.tries + 1;
  if (now - call.owedSince >= PATIENCE_MS) {
    const error = `${sent.reason}; given up after ${tries} ${tries === 1 ? "try" : "tries"}`;
    return { kind: "bury", error };
  }
  const wait = Math.max(sent.afterMs ?? 0, backOff(tries, jitter));
  const isUnsure = sent.neverSent !== true || call.begunAt !== null;
  return { kind: "put_off", error: sent.reason, dueAt: now + wait, isUnsure };
}

/** How a host fares that has failed since it last answered well. */
export interface Health {
  readonly failures: number;
  /** Calendar time of the first of them (ms). */
  readonly since: number;
  /** Until when nothing is sent to it, on the clock that never jumps (ms); in the past when it is on probation. */
  readonly restsUntil: number;
  readonly reason: string;
}

export interface Moment {
  /** Calendar time (ms). */
  readonly now: number;
  /** The clock that never jumps (ms). */
  readonly monotonic: number;
}

/** J2. After another failure of the host. */
export function afterFailure(
  before: Health | undefined,
  { reason, afterMs }: { readonly reason: string; readonly afterMs?: number },
  { now, monotonic }: Moment,
  jitter: number,
): Health {
  const failures = (before?.failures ?? 0) + 1;
  const times = failures - FAILURES_TO_REST;
  const tired = times < 0 ? 0 : halfJittered(REST_BASE_MS * 2 ** Math.min(30, times), REST_CAP_MS, jitter);
  const restsUntil = monotonic + Math.max(afterMs ?? 0, tired);
  return { failures, since: before?.since ?? now, restsUntil, reason };
}

export interface Seen extends Moment {
  readonly owed: readonly Owed[];
  /** The host behind a target; `undefined` where nobody serves it. */
  readonly hostOf: (target: string) => string | undefined;
  /** Hosts to which calls are being made. */
  readonly busy: ReadonlySet<string>;
  readonly health: ReadonlyMap<string, Health>;
}

export interface Round {
  /** J3. */
  readonly gone: readonly string[];
  /** By host, the targets to which something is due now. */
  readonly lanes: ReadonlyMap<string, readonly string[]>;
  /** When time alone brings the next change (ms from now); infinite where none is to be expected. */
  readonly waitMs: number;
}

/** Who is called now. A host at work looks for itself what else is due, and rings when it is done. */
export function judgeRound({ owed, hostOf, busy, health, now, monotonic }: Seen): Round {
  const gone: string[] = [];
  const lanes = new Map<string, string[]>();
  let waitMs = Number.POSITIVE_INFINITY;
  for (const { target, dueAt } of owed) {
    const host = hostOf(target);
    if (host === undefined) {
      gone.push(target);
      continue;
    }
    if (busy.has(host)) continue;
    const wait = Math.max(0, dueAt - now, (health.get(host)?.restsUntil ?? monotonic) - monotonic);
    if (wait > 0) waitMs = Math.min(waitMs, wait);
    else lanes.set(host, [...(lanes.get(host) ?? []), target]);
  }
  return { gone, lanes, waitMs };
}

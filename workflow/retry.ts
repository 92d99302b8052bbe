/** Whether a failed run is followed by another, and when: what `faults.ts` says, with the counters of the job. Pure. */

import { FAULTS, type FailureClass } from "./faults.ts";

/** A service that asks for more patience than this is not believed. */
const RETRY_AFTER_CAP_MS = 24 * 60 * 60_000;

/** The counters a job carries from run to run. */
export interface RetryCounters {
  readonly attempts: number;
  readonly transients: number;
  readonly interruptions: number;
  readonly repairs: number;
}

/** How many retries each counter pays for; `attempts` comes from the agent profile. */
export interface RetryBudget {
  readonly attempts: number;
  readonly transients: number;
  readonly interruptions: number;
  readonly repairs: number;
}

export type RetryJudgement =
  | {
      readonly retry: true;
      readonly delayMs: number;
      readonly session: "resume" | "fresh";
      readonly counters: RetryCounters;
    }
  | { readonly retry: false; readonly because: string; readonly counters: RetryCounters };

/**
 * Decides whether a failed run is followed by another.
 *
 * @param jitter a fraction in [0, 1) drawn by the caller; the delay is full jitter over the exponential back-off,
 *   with `retryAfterMs` (what the service asked for, in ms) as its floor.
 */
export function judgeRetry(
  failure: FailureClass,
  counters: RetryCounters,
  budget: RetryBudget,
  jitter: number,
  retryAfterMs = 0,
): RetryJudgement {
  const rule = FAULTS[failure];
  if (rule.counter === "free") return { retry: true, delayMs: 0, session: rule.session, counters };
  if (rule.counter === null) return { retry: false, because: rule.meaning, counters };
  const used = counters[rule.counter] + 1;
  const spent = { ...counters, [rule.counter]: used };
  const most = Math.min(rule.triesMax ?? Number.POSITIVE_INFINITY, budget[rule.counter]);
  if (used >= most) {
    return {
      retry: false,
      because: `${rule.meaning} (${used} of ${most} ${rule.counter} used)`,
      counters: spent,
    };
  }
  const ceiling = Math.min(rule.backoff.capMs, rule.backoff.baseMs * 2 ** (used - 1));
  const delayMs = Math.max(Math.min(retryAfterMs, RETRY_AFTER_CAP_MS), Math.floor(jitter * ceiling));
  return { retry: true, delayMs, session: rule.session, counters: spent };
}

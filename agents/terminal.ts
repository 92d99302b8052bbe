/** A program's own last word on how its run ended. */

import type { FailureClass } from "../workflow/faults.ts";

export interface Success {
  readonly ok: true;
  readonly summary: string | null;
}

export interface Failure {
  readonly ok: false;
  readonly failure: FailureClass;
  readonly reason: string;
  readonly summary: string | null;
  /** What the service asked us to wait, in ms; 0 when it asked nothing. */
  readonly retryAfterMs: number;
  /** When the account's usage limit resets (ms), where the service said so: a fold has no clock to subtract. */
  readonly resetAt: number | null;
}

export type Terminal = Success | Failure;

/** A failure that names no waiting time. */
export function failed(failure: FailureClass, reason: string, summary: string | null = null): Failure {
  return { ok: false, failure, reason, summary, retryAfterMs: 0, resetAt: null };
}

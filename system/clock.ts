/** The only door to time. Nobody else says `Date.now` or `setTimeout`. */

export interface Clock {
  /** Milliseconds since the epoch, integer. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for measuring spans. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

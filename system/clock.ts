/** The only door to time. Nobody else says `Date.now` or `setTimeout`. */

export interface Clock {
  /** Milliseconds since the epoch, integer. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for measuring spans. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clocks. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", end);
          resolve();
        };
        if (ms <= 0) {
          setImmediate(resolve);
          return;
        }
        const timer = setTimeout(end, ms);
        signal?.addEventListener("abort", end, { once: true });
      }),
  };
}

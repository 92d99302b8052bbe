/** The only door to time. Nobody else says `Date.now` or `setTimeout`. */

export interface Clock {
  /** Milliseconds since the epoch, integer. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for measuring spans. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of Node that is set for longer (24 days) goes off at once. */
const TIMER_MS_MAX = 2 ** 31 - 1;

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
        let timer: NodeJS.Timeout;
        const wait = (left: number): void => {
          timer = setTimeout(
            () => (left > TIMER_MS_MAX ? wait(left - TIMER_MS_MAX) : end()),
            Math.min(left, TIMER_MS_MAX),
          );
        };
        wait(ms);
        signal?.addEventListener("abort", end, { once: true });
      }),
  };
}

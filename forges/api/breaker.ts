/**
 * A host that does not answer is left alone for a while. After some failures in a row nobody asks it; then one call
 * tries, and what comes of that one is taken for all.
 */

import type { Clock } from "../../system/clock.ts";

/** In a row. */
const FAILURES_MAX = 5;
const PAUSE_MS = 30_000;
const PAUSE_MS_MAX = 300_000;

export interface Breaker {
  /** How long to leave it alone (ms); `null`: go on, and say with `ended` what came of it. */
  held(): number | null;
  /** @param isGood the host has answered, whatever it has said */
  ended(isGood: boolean): void;
}

export function createBreaker(clock: Clock): Breaker {
  let failures = 0;
  let pauseMs = PAUSE_MS;
  let until = 0;
  let isTrying = false;
  return {
    held(): number | null {
      if (failures < FAILURES_MAX) return null;
      const left = until - clock.monotonic();
      if (left > 0) return left;
      if (isTrying) return PAUSE_MS;
      isTrying = true;
      return null;
    },
    ended(isGood): void {
      if (isGood) {
        failures = 0;
        pauseMs = PAUSE_MS;
      } else if (++failures >= FAILURES_MAX && (isTrying || failures === FAILURES_MAX)) {
        until = clock.monotonic() + pauseMs;
        pauseMs = Math.min(PAUSE_MS_MAX, pauseMs * 2);
      }
      isTrying = false;
    },
  };
}

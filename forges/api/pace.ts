/** Calls that go one after the other, and some time apart: what a host advises for all that makes something new. */

import type { Clock } from "../../system/clock.ts";

/** Who comes later is sent away, so that nobody waits for longer than about a minute. */
const WAITING_MAX = 5;

export interface Pace {
  /** Does the work when it is its turn; `full`: too many wait already. */
  turn<T>(work: () => Promise<T>): Promise<T | "full">;
}

/** @param apartMs from the end of one to the beginning of the next */
export function createPace(clock: Clock, apartMs: number): Pace {
  let waiting = 0;
  let last = Promise.resolve();
  let freeAt = -Infinity;
  return {
    async turn<T>(work: () => Promise<T>): Promise<T | "full"> {
      if (waiting >= WAITING_MAX) return "full";
      waiting += 1;
      const before = last;
      const turn = Promise.withResolvers<void>();
      last = turn.promise;
      try {
        await before;
        const early = freeAt - clock.monotonic();
        if (early > 0) await clock.sleep(early);
        return await work();
      } finally {
        freeAt = clock.monotonic() + apartMs;
        waiting -= 1;
        turn.resolve();
      }
    },
  };
}

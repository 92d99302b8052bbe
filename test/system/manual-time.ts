/** A clock that a test moves on by hand. */

import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../system/clock.ts";

/** Time that passes when it is told to. */
export function manualTime(): { readonly clock: Clock; pass(ms: number): Promise<void> } {
  let now = 0;
  const sleepers = new Set<{ readonly until: number; readonly wakeUp: () => void }>();
  const clock: Clock = {
    now: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { until: now + ms, wakeUp: resolve };
        if (signal?.aborted !== true) sleepers.add(sleeper);
        else resolve();
        signal?.addEventListener("abort", () => resolve());
      }),
  };
  return {
    clock,
    async pass(ms): Promise<void> {
      await turn();
      now += ms;
      for (const sleeper of [...sleepers].filter(({ until }) => until <= now)) {
        sleepers.delete(sleeper);
        sleeper.wakeUp();
      }
      await turn();
    },
  };
}

/** Whoever looks at a scripted host sees a change at once: a number that grows with each, and a wait for the next. */

import type { Clock } from "../../../system/clock.ts";

export interface Watch {
  readonly version: number;
  changed(): void;
  /** Resolves when something changes, after `ms`, or when `signal` aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export function createWatch(clock: Clock): Watch {
  const waiting = new Set<() => void>();
  const watch: Watch & { version: number } = {
    version: 1,
    changed() {
      watch.version += 1;
      for (const wakeUp of [...waiting]) wakeUp();
    },
    async wait(ms, signal) {
      const over = new AbortController();
      const end = (): void => over.abort();
      waiting.add(end);
      await clock.sleep(ms, AbortSignal.any([over.signal, signal]));
      waiting.delete(end);
    },
  };
  return watch;
}

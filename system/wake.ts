/**
 * A bell that coalesces: many rings before the sleeper looks are one. Loops sleep on it, and wake up by themselves
 * after a while, so that a lost ring costs latency and never correctness.
 */

import type { Clock } from "./clock.ts";

export interface Wake {
  ring(): void;
  /** Resolves at the next ring (at once if one is pending), after `timeoutMs`, or when `signal` aborts. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** A bell for many sleepers: each waits on its own, and one ring is heard by all of them. */
export interface Peal {
  ring(): void;
  /** Another sleeper's bell, for as long as the peal hangs. */
  join(): Wake;
}

export function createPeal(create: () => Wake): Peal {
  const wakes: Wake[] = [];
  return {
    ring: () => {
      for (const wake of wakes) wake.ring();
    },
    join(): Wake {
      const wake = create();
      wakes.push(wake);
      return wake;
    },
  };
}

export function createWake(clock: Clock): Wake {
  let rung = false;
  let wakeUp: (() => void) | null = null;
  return {
    ring(): void {
      rung = true;
      wakeUp?.();
    },
    async wait(timeoutMs, signal): Promise<void> {
      if (!rung && !signal.aborted) {
        const nap = new AbortController();
        const end = (): void => nap.abort();
        wakeUp = end;
        signal.addEventListener("abort", end, { once: true });
        await clock.sleep(timeoutMs, nap.signal);
        signal.removeEventListener("abort", end);
        wakeUp = null;
      }
      rung = false;
    },
  };
}

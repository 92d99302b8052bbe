/**
 * Whether the loops of a daemon still go round, for the watchdog of a service manager.
 *
 * A process that answers signals may hang all the same: one promise that never settles, and nothing is claimed any
 * more. So each loop shows that it moves by what it does anyway: it goes to sleep and wakes up again.
 *
 * V1. Sleeping is life, for as long as was said; between two sleeps a loop has its patience. A loop that meets faults
 *     and backs off is alive: a full disk is no reason to end the daemon.
 * V2. Spans are measured on the clock that never jumps; while a machine is suspended, nobody grows late.
 * V3. A loop that has ended is missed by nobody: how it ended is told elsewhere.
 */

import type { Clock } from "./clock.ts";
import type { Wake } from "./wake.ts";

export interface Pulse {
  /** For a step of known length that is no sleep, such as an answer from the network. */
  beat(): void;
  /** The clock for the loop to sleep on. */
  readonly clock: Clock;
  /** The bell for the loop to wait on. */
  bell(wake: Wake): Wake;
}

export interface Pulses {
  /**
   * Runs a loop; it counts as alive as long as it beats, sleeps, or has ended.
   *
   * @param patienceMs its longest step between two sleeps, if it is not that of all others
   */
  keep(name: string, loop: (pulse: Pulse) => Promise<void>, patienceMs?: number): Promise<void>;
  /** Names of the loops that should have moved by now. */
  late(): readonly string[];
}

/** @param usualPatienceMs longest step of a loop, between two sleeps */
export function createPulses(clock: Clock, usualPatienceMs: number): Pulses {
  /** Per loop, when it will be late; on the clock that never jumps. */
  const due = new Map<string, number>();
  return {
    async keep(name, loop, patienceMs = usualPatienceMs): Promise<void> {
      const rest = (ms: number): void => void due.set(name, clock.monotonic() + ms + patienceMs);
      rest(0);
      try {
        await loop(pulseOf(clock, rest));
      } finally {
        due.delete(name);
      }
    },
    late: () => [...due].filter(([, moment]) => clock.monotonic() > moment).map(([name]) => name),
  };
}

function pulseOf(clock: Clock, rest: (ms: number) => void): Pulse {
  const beat = (): void => rest(0);
  const asleep = async (ms: number, sleep: () => Promise<void>): Promise<void> => {
    rest(Math.max(0, ms));
    await sleep();
    beat();
  };
  return {
    beat,
    clock: { ...clock, sleep: (ms, signal) => asleep(ms, () => clock.sleep(ms, signal)) },
    bell: (wake) => ({
      ring: () => wake.ring(),
      wait: (ms, signal) => asleep(ms, () => wake.wait(ms, signal)),
    }),
  };
}

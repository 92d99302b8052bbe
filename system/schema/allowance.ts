/**
 * An allowance of time that many pieces of work share, each of which has a limit of its own: of fifty that take just as
 * long as they may, the first few use it up.
 *
 * Counted is what this thread has of the processor, so that the same work has the same end on a slow day.
 */

export interface Allowance {
  /** What is left of it (ms); 0 when it is used up. */
  leftMs(): number;
}

/** One that begins now. @param totalMs of this thread's time on the processor */
export function allowance(totalMs: number): Allowance {
  const before = process.threadCpuUsage();
  return {
    leftMs: () => {
      const { user, system } = process.threadCpuUsage();
      const used = (user - before.user + system - before.system) / 1_000;
      return Math.max(0, totalMs - used);
    },
  };
}

/** For a piece of work that has nobody to share with. */
export const UNSHARED: Allowance = { leftMs: () => Number.POSITIVE_INFINITY };

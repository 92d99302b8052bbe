/**
 * Which processes carry a variable in their environment: what the reaper looks through for those that outlived their
 * run. One pass over `/proc`; a process that ends meanwhile is simply not there.
 */

import type { Clock } from "../clock.ts";
import { ourPids, readBootId, readStat, valuesOf } from "./proc.ts";
import type { ProcessIdentity } from "./processes.ts";

export interface MarkedProcess {
  /** Speaks for this process alone: it names no group of its own, and is to be signalled as a `process`. */
  readonly identity: ProcessIdentity;
  /** What the variable says. */
  readonly value: string;
}

export interface ProcessTable {
  /**
   * The running processes with this variable that may be signalled, except this process and those above it.
   *
   * @param isWanted asked for every value that is met; what is not wanted costs no second look
   */
  marked(
    operation: string,
    name: string,
    isWanted: (value: string) => boolean,
  ): Promise<readonly MarkedProcess[]>;
}

export function systemProcessTable(clock: Clock): ProcessTable {
  const bootId = readBootId();
  return {
    async marked(_operation, name, isWanted): Promise<readonly MarkedProcess[]> {
      const spared = ancestors();
      return forEachPid(clock, (pid) => {
        const [value] = spared.has(pid) ? [] : valuesOf(pid, name);
        return value === undefined || !isWanted(value) ? [] : identify(pid, name, value, bootId);
      });
    },
  };
}

/** A look costs some 15 µs, and a machine has thousands of processes: meanwhile others have their turns, too. */
const PIDS_PER_TURN = 64;

/** What `look` finds at every process that may be signalled. */
export async function forEachPid<T>(
  clock: Clock,
  look: (pid: number) => readonly T[],
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const [nth, pid] of ourPids().entries()) {
    if (nth % PIDS_PER_TURN === PIDS_PER_TURN - 1) await clock.sleep(0);
    found.push(...look(pid));
  }
  return found;
}

/** This process and those it descends from: killing them would end the one who kills. */
export function ancestors(): ReadonlySet<number> {
  const found = new Set<number>();
  for (let pid = process.pid; pid > 0 && !found.has(pid); pid = readStat(pid)?.parent ?? 0) found.add(pid);
  return found;
}

/** The first value counts, as it does for the program itself. */
function identify(pid: number, name: string, value: string, bootId: string): readonly MarkedProcess[] {
  const stat = readStat(pid);
  // Meanwhile the pid may have passed to another process; then the variable is no longer there (I5).
  if (stat?.running !== true || valuesOf(pid, name)[0] !== value) return [];
  const { startTicks } = stat;
  return [{ identity: { pid, startTicks, pgid: pid, leaderTicks: startTicks, bootId }, value }];
}

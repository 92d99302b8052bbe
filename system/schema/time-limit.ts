/**
 * Work that may take for ever, with a limit: matching what a stranger wrote, compiling what somebody made up.
 *
 * L1. The work is ended wherever it is, also inside a regular expression, because the engine itself ends it. None of
 *     its `catch` and `finally` is run then, so nothing that it has touched may be used again.
 * L2. It is done here and now, in this thread: everything else waits for at most the limit. That is why limits are
 *     short, and why what is worked on must be small first: a time limit is no limit of memory.
 * L3. Time is the wall's. Work that was late on a busy machine, and had little of the processor, may be begun anew, so
 *     that the same work has the same end on a slow day.
 */

import { createContext, Script } from "node:vm";

export type Timed<T> =
  | { readonly kind: "done"; readonly value: T }
  /** `isStarved`: it had less than half of the processor, so that being late says nothing of it (L3). */
  | { readonly kind: "late"; readonly isStarved: boolean };

const TRIES_MAX = 4;

interface Stage {
  work: () => void;
}

const NOTHING = (): void => undefined;
const script = new Script("work()");
/** Made when it is first needed; one for all, as a new one takes ten times as long as the work. */
let stage: Stage | null = null;

/**
 * @param limitMs of the wall's time
 * @throws what the work throws
 */
export function withinTime<T>(limitMs: number, work: () => T): Timed<T> {
  stage ??= { work: NOTHING };
  const done: Timed<T>[] = [];
  stage.work = () => void done.push({ kind: "done", value: work() });
  const before = process.cpuUsage();
  try {
    script.runInContext(createContext(stage), { timeout: limitMs });
  } catch (error) {
    if (!isTimeLimit(error)) throw error;
  } finally {
    stage.work = NOTHING;
  }
  const { user, system } = process.cpuUsage(before);
  return done[0] ?? { kind: "late", isStarved: (user + system) / 1_000 < limitMs / 2 };
}

/** Some tries for work that is late through no fault of its own (L3). @param again begins it with new things (L1) */
export function patiently<T>(again: () => Timed<T>): Timed<T> {
  for (let tries = 1; ; tries++) {
    const timed = again();
    if (timed.kind === "done" || !timed.isStarved || tries === TRIES_MAX) return timed;
  }
}

/** It is an error of the other context, and so no `Error` of this one. */
function isTimeLimit(error: unknown): boolean {
  return (
    typeof error === "object" &&
    error !== null &&
    "code" in error &&
    error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

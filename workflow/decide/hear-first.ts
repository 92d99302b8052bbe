/**
 * A run has ended well, and people have said something that it was not told. Where nobody would be told any more, its
 * phase goes on with one more run of the same session before it is good. Part of `decide`, and as pure.
 *
 * H1. It is so before a phase whose gate asks somebody, or CI, and before the task is done. Between other phases the
 *     next one is told.
 * H2. A job is run {@link HEARINGS_MAX} times at most; what is said later opens a task that follows (`say.ts`).
 */

import { budgetHold } from "../budget.ts";
import type { Job } from "../job.ts";
import { HEARINGS_MAX } from "../limits.ts";
import type { Phase } from "../phases/phase.ts";
import type { Task } from "../task.ts";
import type { Change } from "./change.ts";
import type { Snapshot } from "./decision.ts";
import { goOn } from "./flow.ts";
import { walkOf } from "./on-the-way.ts";
import { stillPaused } from "./pause.ts";

/** @param now the phase as it has ended; @param asks whether its gate asks somebody */
export function isSpokenTo(snapshot: Snapshot, task: Task, job: Job, now: Phase, asks: boolean): boolean {
  const { lastSaid, run } = snapshot;
  if (lastSaid <= (run?.heard ?? 0) || job.fence >= HEARINGS_MAX) return false;
  const walk = walkOf(snapshot, task);
  if (asks || walk === null) return asks;
  const phases = [...walk.phases.slice(0, -1), { ...now, status: "completed" as const }];
  return goOn({ ...walk, phases }, now).kind === "ends";
}

/** @param judged with what the run has left, and what it has heard */
export function hearFirst(judged: Change, snapshot: Snapshot, task: Task, job: Job, now: Phase): Change {
  const holds = [budgetHold(task.key, snapshot.standings), stillPaused(task)].filter((hold) => hold !== null);
  const again = {
    change: "retry",
    id: job.id,
    fence: job.fence,
    failure: null,
    reason: null,
    holds,
  } as const;
  return {
    ...judged,
    phases: [],
    jobs: [...judged.jobs, { ...again, ...(now.session !== null && { session: now.session }) }],
    events: [...judged.events, { kind: "phase.continued", data: { phase: now.phase } }],
  };
}

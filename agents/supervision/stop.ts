/**
 * Stopping a run: the backend's own sequence of signals, from the one that loses least to the one that always works,
 * and a sweep for what no group signal reaches (DESIGN §5, *End of a run*).
 *
 * Each signal re-checks the identity (I5; in `system/`). If the process outlives even the last step (uninterruptible
 * sleep), the caller looks again and begins anew.
 */

import type { Processes, ProcessIdentity } from "../../system/process/processes.ts";
import { markOf } from "../../workflow/run.ts";
import type { Backend } from "../backend.ts";
import type { Watch } from "./watch.ts";

export interface StoppableRun {
  readonly run: string;
  readonly identity: ProcessIdentity;
  readonly worktree: string;
  readonly backend: Pick<Backend, "stop">;
}

/**
 * Returns when the process is gone, the sequence is at its end, or the daemon shuts down.
 *
 * @returns whether a signal found the agent itself alive: one that had already ended was not stopped by us, though its
 *   launcher may have been there to be signalled
 */
export async function stop(processes: Processes, run: StoppableRun, watch: Watch): Promise<boolean> {
  let reached = false;
  for (const { signal, graceMs } of run.backend.stop) {
    const lived = processes.isAlive(run.identity);
    // With its launcher dead there may be no group leader to vouch for the group.
    const hit =
      processes.signal("stop", run.identity, signal, "group") ||
      processes.signal("stop", run.identity, signal, "process");
    if (!hit) break;
    reached ||= lived;
    await watch.grace(graceMs);
    if (watch.hasEnded() || watch.hasLeft()) return reached;
  }
  await sweep(processes, run);
  return reached;
}

/** How many processes carry this run's mark in their environment, or work in its worktree. */
export async function strays(processes: Processes, run: StoppableRun): Promise<number> {
  return processes.strays("last word", markOf(run.run), run.worktree);
}

/** Kills what carries this run's mark in its environment, or works in its worktree. */
export async function sweep(processes: Processes, run: StoppableRun): Promise<void> {
  await processes.sweep("sweep", markOf(run.run), run.worktree);
}

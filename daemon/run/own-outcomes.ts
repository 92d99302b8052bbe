/** Ends of runs that the daemon itself has to tell of, because no agent did. */

import type { FailureClass } from "../../workflow/faults.ts";
import type { Project } from "../../workflow/project.ts";
import type { RunOutcome, StopReason } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import type { RunnerPorts } from "./ports.ts";

type Unsuccessful = Exclude<RunOutcome, { status: "succeeded" }>;

/** It came to no session of its own, so the job keeps the one that it has, if the class of failure allows it. */
export function failure(
  failed: FailureClass,
  reason: string,
  status: Unsuccessful["status"] = "failed",
): Unsuccessful {
  return { status, failure: failed, reason, summary: null, session: null, retryAfterMs: 0 };
}

/** Our own shutdown, a pause, or the end of a window is nobody's failure: the job is queued again. */
export function stoppedBeforeStart(reason: StopReason): RunOutcome {
  switch (reason) {
    case "shutdown":
      return failure("shutdown", "the daemon was stopped before the agent started", "killed");
    case "paused":
      return failure("paused", "it was paused before the agent started", "killed");
    case "window":
      return failure("window", "the window of its project closed before the agent started", "killed");
    default:
      return failure("cancelled", "it was cancelled before the agent started", "killed");
  }
}

/**
 * Nothing is spent on work that will not be let through: a forge is asked before the first phase of a task.
 *
 * @returns the end of a run that is not begun; `null` where nothing is known that stands in its way
 */
export async function whyClosed(
  { store, preflight }: Pick<RunnerPorts, "store" | "preflight">,
  task: Task,
  project: Project,
): Promise<RunOutcome | null> {
  if (preflight === undefined || project.publish.pull === undefined) return null;
  const phases = await store.phases.ofTask(task.key);
  if (phases.some(({ status }) => status === "completed")) return null;
  const why = await preflight(project);
  if (why === null) return null;
  return { ...failure("forge", why.reason), remedy: why.remedy, retryAfterMs: why.afterMs };
}

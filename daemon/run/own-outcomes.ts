/** Ends of runs that the daemon itself has to tell of, because no agent did. */

import type { FailureClass } from "../../workflow/faults.ts";
import type { RunOutcome, StopReason } from "../../workflow/run.ts";

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

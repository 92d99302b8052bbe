/** What becomes of a run that has ended well and does not prove it. */

import type { FailureClass } from "../../../workflow/faults.ts";
import type { RunOutcome } from "../../../workflow/run.ts";

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;
type Unsuccessful = Exclude<RunOutcome, Succeeded>;

/**
 * @param reason one sentence, for people
 * @param trouble for the agent that tries again, in lines
 */
export function refused(
  { summary, session, artifact = null }: Succeeded,
  failure: FailureClass,
  reason: string,
  trouble?: string,
): Unsuccessful {
  return {
    ...{ status: "failed", failure, reason, summary, session, artifact, retryAfterMs: 0 },
    ...(trouble !== undefined && { trouble }),
  };
}

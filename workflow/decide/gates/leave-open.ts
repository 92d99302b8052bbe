/** Nobody is asked any more about what has ended. Part of `decide`, and as pure. */

import { ciMoves } from "../../phases/ci.ts";
import { isOpenQuestion } from "../../phases/question.ts";
import { approvalMoves, phaseMoves } from "../../phases/states.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import { isMerging, standing } from "../flow.ts";

const NO_MATTER = "it matters no more";

/** Whoever ends a task, or begins it anew, leaves nobody being asked, and no phase in the middle. */
export function leaveOpen(
  snapshot: Snapshot,
  move: "abort" | "supersede",
): Pick<Change, "phases" | "approvals" | "ci" | "merges" | "questions"> {
  const { phases, approval, question, workflow } = snapshot;
  const current = standing(phases);
  const isOpen = current !== null && phaseMoves.can("fail", current.status);
  const isAsked = approval !== null && approvalMoves.can(move, approval.status);
  return {
    phases: isOpen ? [{ change: "fail", seq: current.seq }] : [],
    approvals: isAsked ? [{ change: move, id: approval.id, by: null, reason: null }] : [],
    ci: abandonCi(snapshot),
    merges: isMerging({ phases, workflow })
      ? [{ change: "abandon", seq: current?.seq ?? 0, reason: NO_MATTER }]
      : [],
    questions: isOpenQuestion(question) ? [{ change: "withdraw", id: question.id }] : [],
  };
}

/** Nobody waits for CI any more. */
export function abandonCi({ ci }: Snapshot): Change["ci"] {
  return ci !== null && ciMoves.can("abandon", ci.status)
    ? [{ change: "abandon", seq: ci.seq, reason: NO_MATTER }]
    : [];
}

/** Nobody is asked any more about what has ended. Part of `decide`, and as pure. */

import { ciMoves } from "../../phases/ci.ts";
import { isOpenQuestion } from "../../phases/question.ts";
import { approvalMoves, phaseMoves } from "../../phases/states.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import { standing } from "../flow.ts";

/** Whoever ends a task, or begins it anew, leaves nobody being asked, and no phase in the middle. */
export function leaveOpen(
  snapshot: Snapshot,
  move: "abort" | "supersede",
): Pick<Change, "phases" | "approvals" | "ci" | "questions"> {
  const { phases, approval, question } = snapshot;
  const current = standing(phases);
  const isOpen = current !== null && phaseMoves.can("fail", current.status);
  const isAsked = approval !== null && approvalMoves.can(move, approval.status);
  return {
    phases: isOpen ? [{ change: "fail", seq: current.seq }] : [],
    approvals: isAsked ? [{ change: move, id: approval.id, by: null, reason: null }] : [],
    ci: abandonCi(snapshot),
    questions: isOpenQuestion(question) ? [{ change: "withdraw", id: question.id }] : [],
  };
}

/** Nobody waits for CI any more. */
export function abandonCi({ ci }: Snapshot): Change["ci"] {
  const reason = "it matters no more";
  return ci !== null && ciMoves.can("abandon", ci.status) ? [{ change: "abandon", seq: ci.seq, reason }] : [];
}

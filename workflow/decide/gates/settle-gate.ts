/**
 * A part of a gate has been answered: the gate opens, says no, or waits for its other part. Part of `decide`, and as
 * pure.
 */

import { approvalMoves } from "../../phases/states.ts";
import { taskMoves } from "../../states.ts";
import type { Task, TaskChange } from "../../task.ts";
import { type Gate, partsOf } from "../../workflow.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import { passOn } from "../finish-phase.ts";
import { phaseOf, standing } from "../flow.ts";
import { abandonCi } from "./leave-open.ts";
import { type Said, weigh } from "./open-gate.ts";

/** The gate of the phase in which a task stands, while it waits there; `null` when it waits for none. */
export function gateOf({ phases, workflow }: Pick<Snapshot, "phases" | "workflow">): Gate | null {
  const current = standing(phases);
  if (current === null || workflow === null) return null;
  return phaseOf(workflow, current.phase)?.gate ?? null;
}

/**
 * @param decided what is written of the answer itself
 * @param whenNo what follows from a no of the whole gate; the phase has failed by then, and nobody is asked any more
 */
export function settlePart(
  decided: Change,
  snapshot: Snapshot,
  task: Task,
  part: "approval" | "ci",
  said: "yes" | "no",
  whenNo: (failed: Change) => Change,
): Change {
  const current = standing(snapshot.phases);
  const gate = gateOf(snapshot);
  if (current === null || gate === null) return decided;
  switch (weigh(partsOf(gate).needs, [said, ...otherPart(snapshot, gate, part, current.seq)])) {
    case "open":
      return { ...decided, task: stillWaiting(task, part) };
    case "yes":
      return passOn(withoutOther(decided, snapshot, part), snapshot, task, current, "complete", null);
    default: {
      const alone = withoutOther(decided, snapshot, part);
      return whenNo({ ...alone, phases: [...alone.phases, { change: "fail", seq: current.seq }] });
    }
  }
}

/** What the other part of the gate says, if it has one. */
function otherPart(snapshot: Snapshot, gate: Gate, part: "approval" | "ci", seq: number): readonly Said[] {
  const { approval, ci } = partsOf(gate);
  if (part === "approval") return ci === null ? [] : [saidByCi(snapshot, seq)];
  return approval === null ? [] : [saidByPeople(snapshot, seq)];
}

function saidByPeople({ approval }: Snapshot, seq: number): Said {
  if (approval === null || approval.seq !== seq || approvalMoves.live.includes(approval.status))
    return "open";
  return approval.status === "approved" ? "yes" : "no";
}

function saidByCi({ ci }: Snapshot, seq: number): Said {
  if (ci === null || ci.seq !== seq || ci.status === "pending") return "open";
  return ci.status === "passed" ? "yes" : "no";
}

/** Nobody has to answer what is settled. */
function withoutOther(decided: Change, snapshot: Snapshot, part: "approval" | "ci"): Change {
  const { approval } = snapshot;
  if (part === "approval") return { ...decided, ci: [...decided.ci, ...abandonCi(snapshot)] };
  const isAsked = approval !== null && approvalMoves.live.includes(approval.status);
  const ends = { change: "supersede", by: null, reason: null } as const;
  return isAsked ? { ...decided, approvals: [...decided.approvals, { ...ends, id: approval.id }] } : decided;
}

/** A task that waits for no person any more is not blocked; it waits for CI alone. */
function stillWaiting({ status }: Task, part: "approval" | "ci"): TaskChange {
  const unblocks = part === "approval" && taskMoves.can("unblock", status);
  return unblocks ? { change: "unblock", reason: null } : { change: "keep" };
}

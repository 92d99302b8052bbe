/**
 * The word of an agent on the work of another one: a phase that can send the task back is a reviewer's, and its verdict
 * is an approval or a rejection, with its own artifact as the rationale. Part of `decide`, and as pure.
 *
 * J1. It opens no gate: where people are asked about the same phase, theirs is the only word on it.
 */

import type { ApprovalChange } from "../../phases/approval.ts";
import type { Phase } from "../../phases/phase.ts";
import { partsOf, type Workflow } from "../../workflow.ts";
import { opinionOf, phaseOf } from "../flow.ts";

/** @param current the phase with what its run has brought */
export function judge(workflow: Workflow, current: Phase): readonly ApprovalChange[] {
  const spec = phaseOf(workflow, current.phase);
  if (spec === null || current.verdict === null || partsOf(spec.gate).approval !== null) return [];
  const opinions = Object.keys(spec.routes).map((verdict) => opinionOf(workflow, { ...current, verdict }));
  if (!opinions.includes("again")) return [];
  const { seq, phase, artifact, commit, agent, summary } = current;
  const word = opinionOf(workflow, current) === "good" ? "approved" : "rejected";
  const by = { kind: "agent", name: agent } as const;
  return [{ change: "judge", word, seq, phase, artifact, commit, by, reason: summary }];
}

/** Gates: what is asked of people can be answered, and an answer does not play a phase for ever. */

import { fieldsOf } from "../../../system/config/tree.ts";
import { cyclesOf, type PhaseRule } from "./phases.ts";

/** A mapping has to say what the gate is; which key is wrong in it, the schema says. */
export const gateSays: PhaseRule = ({ fields: { gate }, path }) => {
  const isEmpty = typeof gate === "object" && gate !== null && Object.keys(gate).length === 0;
  const message = "must be none, approval, or { approval: { count: 2 } }";
  return isEmpty ? [{ path: [...path, "gate"], message }] : [];
};

/** A rejection plays the phase again, unless it ends the task. */
export const rejectionEnds: PhaseRule = (phase) => {
  const { gate } = phase.fields;
  const approval = fieldsOf(fieldsOf(gate)["approval"]);
  const isAsked = gate === "approval" || fieldsOf(gate)["approval"] !== undefined;
  if (!isAsked || (approval["on_reject"] ?? "retry") !== "retry" || cyclesOf(phase) !== 0) return [];
  const message = "a rejection would play the phase again, and its max_cycles is 0: raise it, or write";
  return [{ path: [...phase.path, "gate"], message: `${message} { approval: { on_reject: fail } }` }];
};

/** So many people as have to agree must be allowed to. */
export const enoughApprovers: PhaseRule = ({ fields, path }) => {
  const { approvers, count } = fieldsOf(fieldsOf(fields["gate"])["approval"]);
  const named = new Set(Array.isArray(approvers) ? approvers : []).size;
  if (named === 0 || typeof count !== "number" || count <= named) return [];
  const at = [...path, "gate", "approval", "count"];
  return [{ path: at, message: `asks for ${count} people, and approvers names ${named}` }];
};

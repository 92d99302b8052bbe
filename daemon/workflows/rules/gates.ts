/**
 * Gates: what is asked of people and of CI can be answered, and an answer does not play a phase for ever.
 */

import type { ConfigPath, Fields } from "../../../system/config/part.ts";
import { fieldsOf } from "../../../system/config/tree.ts";
import { isOwnMark } from "../../../workflow/phases/ci.ts";
import { cyclesOf, type LoosePhase, type PhaseFault, type PhaseRule } from "./phases.ts";

const MIXED = ["all_of", "any_of"] as const;

/** A part of a gate as it was written: its kind, and what is said of it. */
interface LoosePart {
  readonly kind: string;
  readonly path: ConfigPath;
  readonly fields: Fields;
}

/** A mapping has to say what the gate is, once; which key is wrong in it, the schema says. */
export const gateSays: PhaseRule = ({ fields: { gate }, path }) => {
  const at = [...path, "gate"];
  return [...saysOnce(gate, at, WHOLE), ...mixedIn(gate, at).flatMap(mixesWell)];
};

const WHOLE = "must be none, approval, ci, all_of or any_of: such as { approval: { count: 2 } }";
const PART = "must be approval or ci: such as { ci: { timeout: 1h } }";

function saysOnce(value: unknown, path: ConfigPath, message: string): readonly PhaseFault[] {
  const isMapping = typeof value === "object" && value !== null && !Array.isArray(value);
  return isMapping && Object.keys(value).length !== 1 ? [{ path, message }] : [];
}

interface Mixed {
  readonly path: ConfigPath;
  readonly parts: readonly unknown[];
}

function mixedIn(gate: unknown, path: ConfigPath): readonly Mixed[] {
  const fields = fieldsOf(gate);
  return MIXED.flatMap((kind) => {
    const parts: unknown = fields[kind];
    return Array.isArray(parts) ? [{ path: [...path, kind], parts }] : [];
  });
}

/** One level deep, and each kind once: two approvals would be one that asks for more people. */
function mixesWell({ path, parts }: Mixed): readonly PhaseFault[] {
  const kinds = parts.map(kindOf);
  return parts.flatMap((part, index) => {
    const at = [...path, index];
    const kind = kinds[index] ?? null;
    const before = kind !== null && kinds.indexOf(kind) < index;
    const twice = [{ path: at, message: `is a second part of the kind ${kind}: say all of it in the first` }];
    return [...saysOnce(part, at, PART), ...(before ? twice : [])];
  });
}

function kindOf(part: unknown): string | null {
  if (typeof part === "string") return part;
  const [kind = null] = Object.keys(fieldsOf(part));
  return kind;
}

/** Whatever is asked for, also inside of `all_of` and `any_of`. */
function partsIn({ fields: { gate }, path }: LoosePhase): readonly LoosePart[] {
  const at = [...path, "gate"];
  const mixed = mixedIn(gate, at).flatMap(({ path: list, parts }) =>
    parts.flatMap((part, index) => loosePart(part, [...list, index])),
  );
  return [...loosePart(gate, at), ...mixed];
}

function loosePart(part: unknown, path: ConfigPath): readonly LoosePart[] {
  if (typeof part === "string") return [{ kind: part, path, fields: {} }];
  return Object.entries(fieldsOf(part)).map(([kind, fields]) => {
    return { kind, path: [...path, kind], fields: fieldsOf(fields) };
  });
}

/** A rejection plays the phase again, unless it ends the task. */
export const rejectionEnds: PhaseRule = (phase) => {
  const endless = partsIn(phase).some(
    ({ kind, fields }) => kind === "approval" && (fields["on_reject"] ?? "retry") === "retry",
  );
  if (!endless || cyclesOf(phase) !== 0) return [];
  const message = "a rejection would play the phase again, and its max_cycles is 0: raise it, or write";
  return [{ path: [...phase.path, "gate"], message: `${message} { approval: { on_reject: fail } }` }];
};

/** So many people as have to agree must be allowed to. */
export const enoughApprovers: PhaseRule = (phase) =>
  partsIn(phase).flatMap(({ kind, path, fields: { approvers, count } }) => {
    const named = new Set(Array.isArray(approvers) ? approvers : []).size;
    if (kind !== "approval" || named === 0 || typeof count !== "number" || count <= named) return [];
    return [{ path: [...path, "count"], message: `asks for ${count} people, and approvers names ${named}` }];
  });

/** What has to be there cannot be missing and good at once. */
export const requiredCount: PhaseRule = (phase) =>
  partsIn(phase).flatMap(({ kind, path, fields: { required, no_checks: none } }) => {
    const counts = kind === "ci" && Array.isArray(required) && required.length > 0 && none === "pass";
    const message = "cannot be pass where checks are required: a commit without them would be good";
    return counts ? [{ path: [...path, "no_checks"], message }] : [];
  });

/** Our own mark at a commit is no check: who waits for it waits for themselves. */
export const requiredIsForeign: PhaseRule = (phase) =>
  partsIn(phase).flatMap(({ kind, path, fields: { required } }) => {
    if (kind !== "ci" || !Array.isArray(required)) return [];
    const message = "is Chargehand's own mark, which says how the task stands, and no check";
    return required.flatMap((name, index) =>
      typeof name === "string" && isOwnMark(name) ? [{ path: [...path, "required", index], message }] : [],
    );
  });

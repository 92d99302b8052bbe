/** What a phase is, in words: the same in a terminal and in a flowchart. */

import { MERGE_VERDICTS } from "../../../workflow/phases/merge.ts";
import {
  type ApprovalGate,
  type ArtifactSpec,
  type CiGate,
  partsOf,
  type Route,
  type Workflow,
  type WorkflowPhase,
} from "../../../workflow/workflow.ts";
import { counted } from "../../phrases.ts";

/** Where a phase leads on a verdict; `null` for the verdict that goes on like any other. */
export interface Way {
  readonly verdicts: readonly string[];
  readonly to: "done" | "fail" | "freeze" | number;
}

/** By where they lead, in the order of the file; those that only go on are left out. */
export function waysOf({ routes }: WorkflowPhase, { phases }: Workflow): readonly Way[] {
  const ways = new Map<Way["to"], string[]>();
  for (const [verdict, route] of Object.entries(routes)) {
    const to = leadsTo(route, phases);
    if (to !== null) ways.set(to, [...(ways.get(to) ?? []), verdict]);
  }
  return [...ways].map(([to, verdicts]) => ({ to, verdicts }));
}

function leadsTo(route: Route, phases: readonly WorkflowPhase[]): Way["to"] | null {
  if (route.to === "next") return null;
  return route.to === "phase" ? phases.findIndex(({ key }) => key === route.phase) : route.to;
}

/** `analysis.json, verdict ready or not_needed`. */
export function artifactWords({ artifact }: WorkflowPhase): string | null {
  if (artifact === null) return null;
  const verdicts = verdictsOf(artifact);
  return verdicts.length === 0 ? artifact.path : `${artifact.path}, verdict ${verdicts.join(" or ")}`;
}

/** The verdicts that go on to the next phase, because none of the ways is theirs. */
export function verdictsOnwards({ artifact, merge }: WorkflowPhase, ways: readonly Way[]): readonly string[] {
  const elsewhere = new Set(ways.flatMap(({ verdicts }) => verdicts));
  const all = merge === undefined ? (artifact === null ? [] : verdictsOf(artifact)) : MERGE_VERDICTS;
  return all.filter((verdict) => !elsewhere.has(verdict));
}

/** What a phase without an agent does. */
export function mergeWords({ merge }: WorkflowPhase): string | null {
  if (merge === undefined) return null;
  const how =
    merge.as === "fast_forward" ? "by moving it on where it has not moved itself" : "by a merge commit";
  return `what was published, into the base branch, ${how}`;
}

/** Those that its schema names. */
function verdictsOf({ schema }: ArtifactSpec): readonly string[] {
  const verdict = fieldOf(fieldOf(schema, "properties"), "verdict");
  const several = fieldOf(verdict, "enum");
  const found: readonly unknown[] = Array.isArray(several) ? several : [fieldOf(verdict, "const")];
  return found.filter((value) => typeof value === "string");
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}

/** `approval of 2 people (ada, bob), not the author, expires after 7d; and CI (test), 2h at most`. */
export function gateWords({ gate }: WorkflowPhase): string | null {
  const { needs, approval, ci } = partsOf(gate);
  const words = [
    ...(approval === null ? [] : [approvalWords(approval)]),
    ...(ci === null ? [] : [ciWords(ci)]),
  ];
  return words.length === 0 ? null : words.join(needs === "all" ? "; and " : "; or ");
}

function ciWords({ required, timeoutMs, noChecks, graceMs }: CiGate): string {
  const names = required.length === 0 ? "" : ` (${required.join(", ")})`;
  const silence = noChecks === "wait" ? "" : `, ${noChecks} without a check for ${exactly(graceMs)}`;
  return `CI${names}, ${exactly(timeoutMs)} at most${silence}`;
}

function approvalWords({ approvers, count, notAuthor, expiresMs }: ApprovalGate): string {
  return [
    `approval of ${counted(count, "person", "people")}${approvers.length === 0 ? "" : ` (${approvers.join(", ")})`}`,
    ...(notAuthor ? ["not the author"] : []),
    ...(expiresMs === null ? [] : [`expires after ${exactly(expiresMs)}`]),
  ].join(", ");
}

/** `only if analysis said ready or rushed`. */
export function conditionWords({ when, onlyMerging }: WorkflowPhase): string | null {
  const words = [
    ...(onlyMerging === undefined ? [] : ["only where the project merges"]),
    ...(when === null ? [] : [`only if ${when.phase} said ${when.verdicts.join(" or ")}`]),
  ];
  return words.length === 0 ? null : words.join(", and ");
}

export function sessionWords({ session }: WorkflowPhase): string | null {
  if (session.kind === "of") return `that of ${session.role}`;
  return session.kind === "fresh" ? "a fresh one" : null;
}

/** `4 attempts, 10m, model opus, effort high, published`. */
export function limitWords(phase: WorkflowPhase): string | null {
  const { attempts, timeoutMs, model, effort, publish } = phase;
  const words = [
    ...(attempts === null ? [] : [counted(attempts, "attempt", "attempts")]),
    ...(timeoutMs === null ? [] : [`${exactly(timeoutMs)} at most`]),
    ...(model === null ? [] : [`model ${model}`]),
    ...(effort === null ? [] : [`effort ${effort}`]),
    ...(publish ? ["published when it ends"] : []),
  ];
  return words.length === 0 ? null : words.join(", ");
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** `90m`, `2h`: in the largest unit of which it is a whole number, as a file would say it. */
export function exactly(ms: number): string {
  const unit = UNITS.find(([, length]) => ms % length === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}

/** What a no of its gate does, by who says it; nothing where there is no gate. */
export function refusalsOf({ gate }: WorkflowPhase): readonly Refusal[] {
  const { approval, ci } = partsOf(gate);
  return [
    ...(approval === null ? [] : [{ words: "rejected", again: approval.onReject === "retry" }]),
    ...(ci === null ? [] : [{ words: "CI failed", again: true }]),
  ];
}

export interface Refusal {
  readonly words: string;
  /** The phase is played again; else the task fails. */
  readonly again: boolean;
}

/** Whether something can have the phase played again: a verdict of it or of a later one, a rejection, or CI. */
export function isPlayedAgain(index: number, workflow: Workflow): boolean {
  const own = workflow.phases[index];
  if (own !== undefined && refusalsOf(own).some(({ again }) => again)) return true;
  return workflow.phases.some(
    (phase, at) => at >= index && waysOf(phase, workflow).some(({ to }) => to === index),
  );
}

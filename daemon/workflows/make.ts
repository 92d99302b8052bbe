/** Makes the noun of the house out of a workflow file without problems. */

import { SESSION_TURNS_MAX } from "../../workflow/limits.ts";
import {
  type ApprovalGate,
  type CiGate,
  type Gate,
  PHASE_DEFAULTS,
  ROUTE_WORDS,
  type Route,
  type Workflow,
  type WorkflowPhase,
} from "../../workflow/workflow.ts";
import type { WorkflowFile } from "./schema.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

type PhaseFile = WorkflowFile["phases"][number];

/** @param file what the schema made of it: keys as in the file, defaults filled in */
export function makeWorkflow(file: WorkflowFile): Workflow {
  const { name, description, session_turns_max: most } = file;
  const [first, ...others] = file.phases.map(makePhase);
  if (first === undefined) throw new Error("a workflow without a phase has passed its schema");
  // A default that is written out changes nothing, so it does not stand in what is hashed.
  const own = most !== undefined && most !== SESSION_TURNS_MAX ? { sessionTurnsMax: most } : {};
  return { name, description, ...own, phases: [first, ...others] };
}

function makePhase(phase: PhaseFile): WorkflowPhase {
  const { artifact, when } = phase;
  return {
    ...PHASE_DEFAULTS,
    key: phase.key,
    role: phase.role,
    instructions: phase.instructions,
    artifact: artifact === undefined ? null : { path: artifact.path, schema: artifact.schema ?? null },
    checks: phase.checks.map(({ run, timeout }) => ({ run, timeoutMs: timeout })),
    gate: makeGate(phase.gate),
    routes: Object.fromEntries(Object.entries(phase.on).map(([said, to]) => [said, makeRoute(to)])),
    when: when === undefined ? null : { phase: when.phase, verdicts: [when.verdict].flat() },
    session:
      typeof phase.session === "string" ? { kind: phase.session } : { kind: "of", role: phase.session.of },
    attempts: phase.attempts ?? null,
    cyclesMax: phase.max_cycles,
    timeoutMs: phase.timeout ?? null,
    model: phase.model ?? null,
    effort: phase.effort ?? null,
    publish: phase.publish,
  };
}

function makeGate(gate: PhaseFile["gate"]): Gate {
  if (gate === "none") return { kind: "none" };
  const { all_of: every, any_of: some } = typeof gate === "string" ? {} : gate;
  const parts = every ?? some;
  if (parts === undefined) return makePart(gate);
  const made = parts.map(makePart);
  const approval = made.find((part) => part.kind === "approval");
  const ci = made.find((part) => part.kind === "ci");
  if (approval === undefined || ci === undefined) return approval ?? ci ?? { kind: "none" };
  return { kind: every === undefined ? "any_of" : "all_of", approval, ci };
}

type PartFile = "approval" | "ci" | Pick<Exclude<PhaseFile["gate"], string>, "approval" | "ci">;

function makePart(part: PartFile): ApprovalGate | CiGate {
  const { approval, ci } = typeof part === "string" ? {} : part;
  if (part === "ci" || ci !== undefined) {
    const { required = [], timeout = 2 * HOUR, no_checks = "wait", grace = 2 * MINUTE } = ci ?? {};
    return { kind: "ci", required, timeoutMs: timeout, noChecks: no_checks, graceMs: grace };
  }
  const { approvers = [], count = 1, not_author = false, expires, on_reject = "retry" } = approval ?? {};
  return {
    ...{ kind: "approval", approvers, count, notAuthor: not_author },
    ...{ expiresMs: expires ?? null, onReject: on_reject },
  };
}

function makeRoute(to: string): Route {
  const word = ROUTE_WORDS.find((known) => known === to);
  return word === undefined ? { to: "phase", phase: to } : { to: word };
}

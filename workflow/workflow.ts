/**
 * Workflows: the phases of a task, in order, as plain data. One comes from a file (`daemon/workflows/`), is known by
 * the hash of what it says, and is stored as it was checked; a task stays with the one that it began with.
 *
 * W1. It is data: nothing in it is run by deciding on it. Its templates are filled in when a run is prepared.
 * W2. It is whole: whoever reads it from a file has proven that every name in it means something (a phase that is
 *     routed to, a role, a variable), and no reader asks again.
 */

/** A JSON value, as a schema is one. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a phase has to leave behind, in the folder that its agent may write beside its working copy. */
export interface ArtifactSpec {
  /** Relative, below that folder: `analysis.json`. */
  readonly path: string;
  /** JSON Schema 2020-12 of what stands in it; `null` where any text will do. */
  readonly schema: Json;
}

/** A command that proves the work, inside the walls, when the agent has ended. */
export interface Check {
  /** For a shell, in the working copy. */
  readonly run: string;
  readonly timeoutMs: number;
}

/** Somebody has to say that it is good. */
export interface ApprovalGate {
  readonly kind: "approval";
  /** Who may answer, as sources name people; everybody who may use the API where it is empty. */
  readonly approvers: readonly string[];
  /** So many different people have to say yes. */
  readonly count: number;
  /** Whether who asked for the task may not say yes. */
  readonly notAuthor: boolean;
  /** When it expires (ms after it was asked); `null` for never. */
  readonly expiresMs: number | null;
  /** What a no does: the phase is played again with the reason as feedback, or the task fails. */
  readonly onReject: "retry" | "fail";
}

/** CI has to have found exactly the published commit good. A check that failed plays the phase again. */
export interface CiGate {
  readonly kind: "ci";
  /** Names of the checks that count; all that are known where it is empty. */
  readonly required: readonly string[];
  /** How long it waits for all of them (ms). */
  readonly timeoutMs: number;
  /** What it means that no check at all is known when the grace is over (ms): nothing with `wait`. */
  readonly noChecks: "pass" | "fail" | "wait";
  readonly graceMs: number;
}

/** What must hold after a phase before the next begins. */
export type Gate =
  | { readonly kind: "none" }
  | ApprovalGate
  | CiGate
  | { readonly kind: "all_of" | "any_of"; readonly approval: ApprovalGate; readonly ci: CiGate };

/** A gate by its parts, and how many of them have to say yes. */
export interface GateParts {
  readonly needs: "all" | "any";
  readonly approval: ApprovalGate | null;
  readonly ci: CiGate | null;
}

export function partsOf(gate: Gate): GateParts {
  switch (gate.kind) {
    case "all_of":
    case "any_of":
      return { needs: gate.kind === "all_of" ? "all" : "any", approval: gate.approval, ci: gate.ci };
    default: {
      const approval = gate.kind === "approval" ? gate : null;
      return { needs: "all", approval, ci: gate.kind === "ci" ? gate : null };
    }
  }
}

/** Where a route may lead besides to a phase, so no phase is called so. */
export const ROUTE_WORDS = ["next", "done", "fail", "freeze"] as const;

/**
 * Where a task goes after a phase: on, to the end, nowhere, or to a phase by its key. With `freeze` it goes on, and its
 * repository takes no new work until a person says so.
 */
export type Route =
  | { readonly to: (typeof ROUTE_WORDS)[number] }
  | { readonly to: "phase"; readonly phase: string };

/** A phase is left out unless an earlier one ended with one of these verdicts. */
export interface Condition {
  readonly phase: string;
  readonly verdicts: readonly string[];
}

/** Whose session a phase goes on with: its own role's of an earlier phase, none, or another role's. */
export type SessionRule =
  | { readonly kind: "fresh" | "continue" }
  | { readonly kind: "of"; readonly role: string };

/** The work goes into the base branch by git. */
export interface MergeSpec {
  /** `fast_forward`: the base moves on to the work where it has not moved itself, else a merge commit joins both. */
  readonly as: "fast_forward" | "merge_commit";
}

export interface WorkflowPhase {
  readonly key: string;
  readonly role: string;
  /** A template (Liquid) in a workflow from a file. */
  readonly instructions: string;
  readonly artifact: ArtifactSpec | null;
  readonly checks: readonly Check[];
  readonly gate: Gate;
  /**
   * By the verdict (the text `verdict` at the top of the artifact); one that is not named goes on. A phase that is gone
   * back to is played again, and those behind it too.
   */
  readonly routes: Readonly<Record<string, Route>>;
  readonly when: Condition | null;
  readonly session: SessionRule;
  /** How many runs may fail by their own fault, repairs included; `null` for what the agent profile says. */
  readonly attempts: number | null;
  /** How often it may be played because of a verdict or a rejection. */
  readonly cyclesMax: number;
  readonly timeoutMs: number | null;
  readonly model: string | null;
  readonly effort: string | null;
  /** Whether its work is published when it ends; where the task may be done or CI looks at it, it always is. */
  readonly publish: boolean;
  /** The daemon merges what was published before. Such a phase has no agent, and nothing of what one needs. */
  readonly merge?: MergeSpec;
  /** It is there only in projects that merge. A task's own workflow was freed of all that its project has not. */
  readonly onlyMerging?: true;
}

export interface Workflow {
  readonly name: string;
  readonly description: string;
  /** After so many turns a session is not gone on with; left out, `SESSION_TURNS_MAX`. */
  readonly sessionTurnsMax?: number;
  /** It comes from a repository: what it asks for stays within what the operator says, by then, of whoever plays. */
  readonly bounded?: true;
  readonly phases: readonly [WorkflowPhase, ...WorkflowPhase[]];
}

/**
 * Whether a task may be done with this phase, so that its work has to be published before: it is the last, a verdict
 * ends the task here, or all that is behind it may be passed by.
 */
export function mayEnd({ phases }: Workflow, key: string): boolean {
  const index = phases.findIndex((phase) => phase.key === key);
  const routes = Object.values(phases[index]?.routes ?? {});
  return (
    phases.slice(index + 1).every(({ when }) => when !== null) ||
    routes.some((route) => endsAt(route, index, phases))
  );
}

function endsAt(route: Route, from: number, phases: Workflow["phases"]): boolean {
  if (route.to === "done") return true;
  if (route.to !== "phase") return false;
  const target = phases.findIndex(({ key }) => key === route.phase);
  return target > from && phases.slice(target).every(({ when }) => when !== null);
}

/** What is left of a workflow in a project. */
export function workflowFor(workflow: Workflow, { merge }: { readonly merge: boolean }): Workflow {
  if (workflow.phases.every(({ onlyMerging }) => onlyMerging === undefined)) return workflow;
  const [first, ...others] = workflow.phases
    .filter(({ onlyMerging }) => merge || onlyMerging === undefined)
    .map(({ onlyMerging: _, ...phase }): WorkflowPhase => phase);
  return first === undefined ? workflow : { ...workflow, phases: [first, ...others] };
}

/** What a phase is where its file says nothing. */
export const PHASE_DEFAULTS = {
  artifact: null,
  checks: [],
  gate: { kind: "none" },
  routes: {},
  when: null,
  session: { kind: "continue" },
  attempts: null,
  cyclesMax: 3,
  timeoutMs: null,
  model: null,
  effort: null,
  publish: false,
} as const satisfies Partial<WorkflowPhase>;

export const SINGLE: Workflow = {
  name: "single",
  description: "One agent does the whole task in one phase.",
  phases: [
    {
      ...PHASE_DEFAULTS,
      key: "work",
      role: "developer",
      instructions: [
        "Work on the task below in the current directory, which is a git worktree on a branch of its own.",
        "Change what the task needs and nothing else, and check your work the way this repository checks it.",
        "Commit with a message that says what and why; what you leave uncommitted is committed for you.",
        "Do not push, and do not switch branches: publishing is done for you.",
      ].join("\n"),
    },
  ],
};

/** By name. */
export const BUILT_IN = { single: SINGLE } as const satisfies Readonly<Record<string, Workflow>>;

const PINNED: ReadonlyMap<string, Workflow> = new Map(Object.entries(BUILT_IN));

/** The workflow that a task is pinned to, by what its row calls it; `null` for one that nobody knows. */
export function workflowOf({ workflow }: { readonly workflow: string }): Workflow | null {
  return PINNED.get(workflow) ?? null;
}

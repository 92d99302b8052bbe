/**
 * Workflows: the phases of a task, in order. One is built in: `single`, one phase and one agent. Workflow files will
 * bring others of the same shape.
 */

export interface WorkflowPhase {
  readonly key: string;
  readonly role: string;
  readonly instructions: string;
}

export interface Workflow {
  readonly name: string;
  readonly phases: readonly [WorkflowPhase, ...WorkflowPhase[]];
}

export const SINGLE: Workflow = {
  name: "single",
  phases: [
    {
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

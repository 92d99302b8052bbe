/**
 * Git workspaces: one bare mirror per repository, one worktree per task (DESIGN §8, *Git*).
 *
 * W1. Operations on one mirror are serialized; operations on different mirrors are not.
 * W2. Every verb may be repeated: a crash between any two of them is mended by calling them again.
 * W3. Git never runs hooks or filters that an agent could have written, and never asks on a terminal.
 */

export interface WorkspaceSpec {
  readonly task: string;
  readonly title: string;
  readonly cloneUrl: string;
  readonly baseBranch: string;
  /** The branch recorded earlier, or `null` to make `chargehand/<KEY>-<slug>`. */
  readonly branch: string | null;
}

export interface Workspace {
  readonly directory: string;
  readonly branch: string;
}

export type WorkspaceResult<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** One sentence: which git command failed, on what, and what git said; without secrets. */
  | { readonly kind: "failed"; readonly reason: string };

export interface Published {
  readonly branch: string;
  /** Head of the branch, or `null` when the task has no commit of its own. */
  readonly commit: string | null;
}

export interface Workspaces {
  /** Mirror, fetch, worktree and branch; cheap when the worktree is already there. */
  prepare(spec: WorkspaceSpec): Promise<WorkspaceResult<Workspace>>;
  /** Commits leftovers as `<KEY>: <title>` and, with `push`, pushes the branch. */
  publish(spec: WorkspaceSpec, workspace: Workspace, push: boolean): Promise<WorkspaceResult<Published>>;
  /** Where the worktree of a task is, whether it exists or not. */
  directoryOf(task: string): string;
  /** How long ago (ms) git last began or ended a command for this repository; infinite where it never did. */
  idleMs(cloneUrl: string): number;
  /** Removes the worktree of a finished task. Its commits stay on its branch, here and where it was pushed. */
  remove(spec: WorkspaceSpec): Promise<WorkspaceResult<null>>;
}

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

/** How far published work goes, and what it may change there. */
export interface Push {
  /** `none` leaves the work in the daemon's own repository, on the task's branch. */
  readonly to: "none" | "branch";
  /** Whether work may go that changes what a CI runs; otherwise it is kept for a person's yes. */
  readonly allowCi: boolean;
}

/** A branch with work of the task. */
export interface PublishedBranch {
  readonly branch: string;
  readonly commit: string;
  /** How many files it changes against the base. */
  readonly files: number;
}

/** What became of what an agent made; with `to: "none"` in the daemon's own repository, else at the remote. */
export interface Published {
  /** The task's branch, or `null` when nothing stands on it. */
  readonly branch: string | null;
  /** Head of the branch, or `null` when the task has no commit of its own there. */
  readonly commit: string | null;
  /** How many files it changes against the base. */
  readonly files: number;
  /** Further branches, of work that the agent left beside the task's branch. */
  readonly beside: readonly PublishedBranch[];
  readonly kept: readonly KeptWork[];
  /** Sentences on whatever was not as usual; without secrets, for people and for the next attempt. */
  readonly told: readonly string[];
}

/** Work that was not published, and is safe in the daemon's own repository. */
export interface KeptWork {
  /** A word, one of its task. */
  readonly name: string;
  /** `refs/chargehand/kept/<KEY>/<name>` in the daemon's repository. */
  readonly ref: string;
  readonly commit: string;
  /** Where it would be published. */
  readonly branch: string;
  /** How many files it changes against the base. */
  readonly files: number;
  /** Why it was not published, one sentence. */
  readonly reason: string;
  /** What a person can do about it, one sentence. */
  readonly remedy: string;
}

/** A look at kept work. */
export interface ShownWork {
  /** `<short id> <subject>`, newest first; at most {@link SHOWN_MAX}. */
  readonly commits: readonly string[];
  /** `<A|M|D|…> <path>` against the base; at most {@link SHOWN_MAX}. */
  readonly paths: readonly string[];
  /** Whether there was more of either. */
  readonly isCut: boolean;
}

export const SHOWN_MAX = 200;

export interface Workspaces {
  /** Mirror, fetch, worktree and branch; cheap when the worktree is already there. */
  prepare(spec: WorkspaceSpec): Promise<WorkspaceResult<Workspace>>;
  /** Commits leftovers as `<KEY>: <title>` and publishes what the agent made. May be repeated; never forces. */
  publish(spec: WorkspaceSpec, workspace: Workspace, push: Push): Promise<WorkspaceResult<Published>>;
  /** Pushes kept work to its branch; the ref stays until it is dropped. */
  publishKept(
    spec: WorkspaceSpec,
    work: Pick<KeptWork, "ref" | "branch">,
  ): Promise<WorkspaceResult<PublishedBranch>>;
  /** Forgets kept work. Nothing to do where it is gone already. */
  dropKept(spec: WorkspaceSpec, ref: string): Promise<WorkspaceResult<null>>;
  /** Its commits and changed paths. */
  showKept(spec: WorkspaceSpec, ref: string): Promise<WorkspaceResult<ShownWork>>;
  /** Where the worktree of a task is, whether it exists or not. */
  directoryOf(task: string): string;
  /** How long ago (ms) git last began or ended a command for this repository; infinite where it never did. */
  idleMs(cloneUrl: string): number;
  /** Removes the worktree of a finished task. Its commits stay on its branch, here and where it was pushed. */
  remove(spec: WorkspaceSpec): Promise<WorkspaceResult<null>>;
}

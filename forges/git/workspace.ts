/**
 * Git workspaces: one bare repository per remote that only the daemon writes, one repository of its own per task
 * (DESIGN §8, *Git*).
 *
 * W1. Tasks share nothing that an agent can write: no configuration, hooks, refs, stash, index. Fetches from one remote
 *     are serialized; others do not wait for them.
 * W2. Every verb may be repeated: a crash between any two of them is mended by calling them again.
 * W3. Git with credentials, and git outside the walls, reads nothing that an agent wrote: what must touch its folder
 *     runs as one confined step (I14).
 * W4. A folder goes only when everything in it is somewhere else (I15).
 */

export interface WorkspaceSpec {
  readonly task: string;
  readonly title: string;
  readonly cloneUrl: string;
  readonly baseBranch: string;
  /** The branch recorded earlier, or `null` to make `chargehand/<KEY>-<slug>`. */
  readonly branch: string | null;
  /** What an earlier task has published there, to go on with; where the remote has it no more, it starts anew. */
  readonly goesOnFrom?: string;
  /** The head of its branch at the remote, where others have pushed to it: it is brought, for whoever takes it over. */
  readonly others?: string;
  /** Who commits in the folder; the daemon's own identity where it is left out. */
  readonly identity?: { readonly name: string; readonly email: string };
  /** Paths whose untracked files are no work, though no rule of the repository ignores them: caches of the set-up. */
  readonly leaveOut?: readonly string[];
  /** Another attempt: where there is no work to go on with, it starts from today's base. */
  readonly again?: boolean;
}

export interface Workspace {
  readonly directory: string;
  readonly branch: string;
  /** The daemon's repository, whose objects the folder borrows: it must be readable there, and is never written. */
  readonly borrowed: string;
  /** Further ones, of submodules. */
  readonly alsoBorrowed?: readonly string[];
  /** What was not as usual when the folder was made, in sentences. */
  readonly told?: readonly string[];
  /** It was made just now from the base alone: nothing that an agent made is in it. */
  readonly pristine: boolean;
}

export type WorkspaceResult<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** One sentence: which git command failed, on what, and what git said; without secrets. */
  | { readonly kind: "failed"; readonly reason: string };

/** How far published work goes, and what it may change there. */
export interface Push {
  /** `none` leaves the work in the daemon's own repository, on the task's branch. */
  readonly to: "none" | "branch";
  /** Whether work may go that changes what a CI runs (`forges/git/ci-files.ts`); else it is kept for a person's yes. */
  readonly allowCi: boolean;
  /** With `none`: why the work goes no further, when somebody may expect that it does. It is then listed as kept. */
  readonly because?: string;
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
  /** Refs of work that was kept before, and is part of what was pushed now. */
  readonly settled?: readonly string[];
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

/** What is to go into the base branch. */
export interface MergeWish {
  /** Published before. */
  readonly commit: string;
  /** `fast_forward`: a merge commit is made only where the base has moved. */
  readonly as: "fast_forward" | "merge_commit";
  /** Whether it may change what a CI runs. */
  readonly allowCi: boolean;
  /** Commits that a person has had published: what they bring of such files may go in, exactly as it is there. */
  readonly allowed: readonly string[];
  /** Asked right before the push: who has ended the task meanwhile finds nothing of it in the base later. */
  readonly isWanted: () => Promise<boolean>;
}

export type Merged =
  /** The base has it, as of this commit. */
  | { readonly kind: "merged"; readonly commit: string }
  /** Both have changed the same since; `commit` is the base's. */
  | { readonly kind: "conflict"; readonly commit: string; readonly paths: readonly string[] }
  /** It will not be taken as it is, whoever tries it how often. */
  | { readonly kind: "refused"; readonly reason: string }
  /** Others were faster; it is worth another try. */
  | { readonly kind: "delayed"; readonly reason: string };

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
  /** Fetches, and makes the folder with its branch; cheap when it is already there. */
  prepare(spec: WorkspaceSpec): Promise<WorkspaceResult<Workspace>>;
  /** Commits leftovers as `<KEY>: <title>` and publishes what the agent made. May be repeated; never forces. */
  publish(spec: WorkspaceSpec, workspace: Workspace, push: Push): Promise<WorkspaceResult<Published>>;
  /** Merges a published commit into the base branch of the remote. May be repeated; never forces. */
  merge(spec: WorkspaceSpec, wish: MergeWish): Promise<WorkspaceResult<Merged>>;
  /** Pushes kept work to its branch; the ref stays until it is dropped. */
  publishKept(
    spec: WorkspaceSpec,
    work: Pick<KeptWork, "ref" | "branch">,
  ): Promise<WorkspaceResult<PublishedBranch>>;
  /** Forgets kept work. Nothing to do where it is gone already. */
  dropKept(spec: WorkspaceSpec, ref: string): Promise<WorkspaceResult<null>>;
  /** Its commits and changed paths. */
  showKept(spec: WorkspaceSpec, ref: string): Promise<WorkspaceResult<ShownWork>>;
  /** Where the folder of a task is, whether it exists or not. */
  directoryOf(task: string): string;
  /** How long ago (ms) git last began or ended a command for this repository; infinite where it never did. */
  idleMs(cloneUrl: string): number;
  /** Removes the folder of a finished task, when all that is in it has been gathered. */
  remove(spec: WorkspaceSpec): Promise<WorkspaceResult<null>>;
}

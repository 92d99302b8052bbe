/** What the step inside the walls is asked, and what it answers: both as JSON, and the pack as a file beside. */

export interface Brought {
  /** Below the folder. */
  readonly path: string;
  readonly objects: string;
  readonly commit: string;
  /** As `index` of the folder. */
  readonly index: string;
}

/** Paths are absolute; ids are hexadecimal. */
export interface GatherRequest {
  /** The folder that the agent worked in. */
  readonly directory: string;
  /** A folder for the step alone; `objects.pack` is written there. */
  readonly scratch: string;
  /** The objects of the daemon's own repository. */
  readonly objects: string;
  readonly format: "sha1" | "sha256";
  /** The commit that the agent began from. */
  readonly start: string;
  /** Commits that the daemon's repository has with all that is behind them. */
  readonly known: readonly string[];
  /** The index as it was when the folder was made: what has not changed since need not be read. */
  readonly index: string | null;
  /** Submodules that the daemon has brought, with the commit they were brought at and the objects behind it. */
  readonly submodules: readonly Brought[];
  /** Paths below the folder that are no work: scratch, caches. */
  readonly excluded: readonly string[];
  readonly identity: { readonly name: string; readonly email: string };
  /** Of a commit of leftovers. */
  readonly message: string;
  /** A larger file is not taken, and told. */
  readonly fileBytesMax: number;
  /** What was committed is no good: only files count, and none that tells git about submodules. */
  readonly filesOnly: boolean;
  /** Where programs are. */
  readonly path: string;
}

/**
 * Where a commit was found. `head`: HEAD of the folder, with what was not committed on top. `dropped`: in no branch
 * any more, such as before an amend. `nested`: in a repository below; `submodule`: in one that the base declares.
 * `unsound`: objects that are not what they should be, as a file (made by the daemon, never by the step).
 */
export type TipKind =
  | "head"
  | "branch"
  | "worktree"
  | "tag"
  | "stash"
  | "other"
  | "dropped"
  | "unfinished"
  | "nested"
  | "submodule"
  | "unsound";

export interface Tip {
  readonly kind: TipKind;
  /** Of the branch, worktree or tag. */
  readonly name: string;
  readonly commit: string;
}

export interface GatherReport {
  readonly tips: readonly Tip[];
  /** The branch that HEAD is on; `null` when it is detached, or there is no repository any more. */
  readonly headBranch: string | null;
  /** Whether `objects.pack` holds anything. */
  readonly hasPack: boolean;
  readonly told: readonly string[];
  /** Paths of what could not be taken and is nowhere else (Latin-1); `""` for the whole folder. */
  readonly left: readonly string[];
}

export const PACK_FILE = "objects.pack";

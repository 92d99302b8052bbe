/**
 * What an agent did not commit, as a commit: the files of a folder against a commit that is there.
 *
 * Git is only told names. Which files there are, and which of them may be read, is looked up here, so that nothing that
 * lies in the folder (a nested repository, a submodule, a FIFO, a link in place of a folder) can lead git elsewhere.
 */

import { contentOf, isFolder, isReadable, lookAt, namesIn } from "./files.ts";
import { GitRefused, LONG_CALL_MS, type StepGit } from "./git.ts";

/** Scratch of the agent and the daemon, which is no work. */
const SCRATCH = ".chargehand/";
const NESTED_MAX = 100;
const TOLD_MAX = 10;

export interface Leaving {
  readonly git: StepGit;
  readonly directory: string;
  /** A file for the index, which may be there already. */
  readonly index: string;
  readonly tip: { readonly commit: string; readonly tree: string };
  /** Links to submodules that the commit the agent began from declares: path to line of the index. */
  readonly submodules: ReadonlySet<string>;
  readonly identity: { readonly name: string; readonly email: string };
  readonly message: string;
  readonly fileBytesMax: number;
  readonly filesOnly: boolean;
  readonly told: string[];
  /** Folders with a repository in them that are no part of the work: worktrees of the agent. */
  readonly apart: ReadonlySet<string>;
}

/** @returns the commit with the leftovers on top of the tip; the tip itself where nothing was left */
export function commitLeftovers(leaving: Leaving): string {
  const { git, directory, index, tip, identity, message } = leaving;
  const at = { index, worktree: directory };
  git(lookAt(index) === null ? ["read-tree", tip.commit] : ["read-tree", "-i", "-m", tip.commit], at);
  const tracked = entries(git(["ls-files", "-s", "-z"], at));
  const sorted = sortOut(leaving, tracked);
  const others = untracked(leaving, sorted.opened);
  const gone = [...sorted.gone, ...sorted.opened];
  if (gone.length > 0) {
    const zero = "0".repeat(tip.commit.length);
    git(["update-index", "-z", "--index-info"], {
      ...at,
      input: gone.map((path) => `0 ${zero}\t${path}\0`).join(""),
    });
  }
  add(leaving, [...sorted.present, ...others]);
  const tree = git(["write-tree"], at).trim();
  if (tree === tip.tree) return tip.commit;
  const { name, email } = identity;
  return git(["commit-tree", tree, "-p", tip.commit], {
    input: Buffer.from(message, "utf8").toString("latin1"),
    env: {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    },
  }).trim();
}

interface Entry {
  readonly mode: string;
  readonly path: string;
}

function entries(listed: string): readonly Entry[] {
  return listed.split("\0").flatMap((line): Entry[] => {
    const tab = line.indexOf("\t");
    return tab < 0 ? [] : [{ mode: line.slice(0, 6), path: line.slice(tab + 1) }];
  });
}

interface Sorted {
  /** To be read anew. */
  readonly present: readonly string[];
  /** No file any more. */
  readonly gone: readonly string[];
  /** Links to repositories that nobody has declared: their files take their place. */
  readonly opened: readonly string[];
}

function sortOut(leaving: Leaving, tracked: readonly Entry[]): Sorted {
  const { directory, submodules } = leaving;
  const present: string[] = [];
  const gone: string[] = [];
  const opened: string[] = [];
  const folders = new Map<string, boolean>([["", true]]);
  /** Whether every folder on the way is a real one. */
  const isReached = (path: string): boolean => {
    const parent = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
    const known = folders.get(parent);
    if (known !== undefined) return known;
    const reached = isReached(parent) && isFolder(`${directory}/${parent}`);
    folders.set(parent, reached);
    return reached;
  };
  for (const { mode, path } of tracked) {
    if (mode === "160000") {
      if (!submodules.has(path)) opened.push(path);
      continue;
    }
    const found = isReached(path) ? lookAt(`${directory}/${path}`) : null;
    if (found === null || found.isDirectory()) gone.push(path);
    else if (isTaken(leaving, path)) present.push(path);
  }
  return { present, gone, opened };
}

/** Files that no commit knows and no rule ignores; those of nested repositories with them. */
function untracked(leaving: Leaving, opened: readonly string[]): readonly string[] {
  const { git, directory, index, apart } = leaving;
  const found: string[] = [];
  let nested = 0;
  const look = (below: string, known: string): void => {
    const worktree = below === "" ? directory : `${directory}/${below}`;
    for (const name of git(["ls-files", "-o", "-z", "--exclude-standard"], { index: known, worktree }).split(
      "\0",
    )) {
      const path = below === "" ? name : `${below}/${name}`;
      if (name === "" || path.startsWith(SCRATCH)) continue;
      if (!path.endsWith("/")) {
        if (isTaken(leaving, path)) found.push(path);
        continue;
      }
      const folder = path.slice(0, -1);
      if (apart.has(folder)) continue;
      if (nested++ < NESTED_MAX) look(folder, `${index}.none`);
      else tell(leaving, `the nested repository ${folder} is one of too many, and was not looked at`);
    }
  };
  look("", index);
  for (const path of opened)
    if (isFolder(`${directory}/${path}`) && !apart.has(path)) look(path, `${index}.none`);
  return found;
}

/** Whether a path is a file or a link that can be taken; where it is not, that is told. */
function isTaken(leaving: Leaving, path: string): boolean {
  const { directory, fileBytesMax } = leaving;
  const found = lookAt(`${directory}/${path}`);
  if (found === null) return false;
  if (leaving.filesOnly && /(^|\/)\.gitmodules$/i.test(path)) {
    tell(leaving, `${shown(path)} was left out`);
    return false;
  }
  if (found.isSymbolicLink()) return true;
  const why = !found.isFile()
    ? "is no regular file"
    : found.size > fileBytesMax
      ? `has ${found.size} bytes, more than the ${fileBytesMax} that are taken`
      : isReadable(`${directory}/${path}`)
        ? null
        : "cannot be read";
  if (why !== null) tell(leaving, `${shown(path)} ${why}, and was left out`);
  return why === null;
}

/** What git refuses is found by halves, and told; the rest is taken. */
function add(leaving: Leaving, paths: readonly string[]): void {
  if (paths.length === 0) return;
  const { git, directory, index } = leaving;
  try {
    git(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], {
      index,
      worktree: directory,
      input: paths.map((path) => `${path}\0`).join(""),
      limitMs: LONG_CALL_MS,
    });
  } catch (error) {
    if (!(error instanceof GitRefused)) throw error;
    const [only] = paths;
    if (paths.length === 1 && only !== undefined) {
      tell(leaving, `${shown(only)} could not be taken: ${error.message}`);
      return;
    }
    const half = paths.length >> 1;
    add(leaving, paths.slice(0, half));
    add(leaving, paths.slice(half));
  }
}

function tell({ told }: Leaving, sentence: string): void {
  if (told.length < TOLD_MAX) told.push(sentence);
  else if (told.length === TOLD_MAX) told.push("there were more exceptions than are told here");
}

function shown(path: string): string {
  return JSON.stringify(Buffer.from(path, "latin1").toString("utf8")).slice(0, 200);
}

/** Folders below that hold a worktree of this very repository, with its name: path to name. */
export function worktreesBelow(directory: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const own = `${directory}/.git/worktrees`;
  for (const name of namesIn(own, 1_000)) {
    const where = pointer(`${own}/${name}/gitdir`);
    if (where === null || !where.startsWith(`${directory}/`) || !where.endsWith("/.git")) continue;
    const path = where.slice(directory.length + 1, -"/.git".length);
    if (
      path !== "" &&
      !path.split("/").some((part) => ["", ".", "..", ".git"].includes(part)) &&
      isReal(directory, path)
    )
      found.set(path, name);
  }
  return found;
}

function isReal(directory: string, path: string): boolean {
  const parts = path.split("/");
  return parts.every((_, at) => isFolder(`${directory}/${parts.slice(0, at + 1).join("/")}`));
}

function pointer(path: string): string | null {
  return contentOf(path, 4_096)?.toString("latin1").trim() ?? null;
}

/**
 * What an agent did not commit, as a commit: the files of a folder against a commit that is there.
 *
 * Git is only told names. Which files there are, and which of them may be read, is looked up here (`walk.ts`), so that
 * nothing that lies in the folder can lead git elsewhere.
 */

import { add } from "./add.ts";
import { type Exceptions, leaveThere, shown, tell } from "./exceptions.ts";
import { isFolder, isReadable, lookAt } from "./files.ts";
import type { StepGit } from "./git.ts";
import { walk } from "./walk.ts";

export interface Leaving {
  readonly git: StepGit;
  readonly directory: string;
  /** Where the folder is below the task's own: `""`, or a path that ends with a slash. */
  readonly below: string;
  /** A file for the index, which may be there already; then of which commit it is. */
  readonly index: string;
  readonly indexed?: string;
  readonly tip: { readonly id: string; readonly tree: string };
  /** Links to submodules that the commit the agent began from declares; asked only where there are links. */
  readonly declared: () => ReadonlySet<string>;
  readonly identity: { readonly name: string; readonly email: string };
  readonly message: string;
  readonly fileBytesMax: number;
  readonly filesOnly: boolean;
  readonly exceptions: Exceptions;
  /** Paths that are no part of the work: worktrees of the agent, caches, scratch. */
  readonly apart: ReadonlySet<string>;
}

export interface Leftovers {
  /** On top of the tip; the tip itself where nothing was left. */
  readonly commit: string;
  /** Folders with a repository of their own, whose files were taken as files. */
  readonly nested: readonly string[];
  /** Links to submodules that stand in the index. */
  readonly linked: readonly string[];
}

export function commitLeftovers(leaving: Leaving): Leftovers {
  const { git, directory, below, index, tip, apart, exceptions } = leaving;
  const at = { index, worktree: directory };
  if (lookAt(index) === null) git(["read-tree", tip.id], at);
  else if (tip.id !== leaving.indexed) git(["read-tree", "-i", "-m", tip.id], at);
  const tracked = entries(git(["ls-files", "-s", "-z"], at));
  const sorted = sortOut(leaving, tracked);
  const walked = walk({
    directory,
    tracked: new Set(tracked.map(({ path }) => path)),
    apart: new Set([...apart, ...sorted.linked]),
  });
  for (const path of walked.shut) leaveThere(exceptions, `${below}${path}`, "could not be read to the end");
  const others = walked.others.filter((path) => isTaken(leaving, path));
  const gone = [...sorted.gone, ...sorted.opened];
  if (gone.length > 0) {
    const zero = "0".repeat(tip.id.length);
    const input = gone.map((path) => `0 ${zero}\t${path}\0`).join("");
    git(["update-index", "-z", "--index-info"], { ...at, input });
  }
  add(leaving, [...sorted.present, ...others]);
  const tree = git(["write-tree"], at).trim();
  const commit = tree === tip.tree ? tip.id : commitTree(leaving, tree);
  return { commit, nested: walked.nested, linked: sorted.linked };
}

function commitTree({ git, tip, message, identity: { name, email } }: Leaving, tree: string): string {
  const who = { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email };
  return git(["commit-tree", tree, "-p", tip.id], {
    input: Buffer.from(message, "utf8").toString("latin1"),
    env: { ...who, GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email },
  }).trim();
}

const LINK = "160000";

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
  readonly linked: readonly string[];
}

function sortOut(leaving: Leaving, tracked: readonly Entry[]): Sorted {
  const { directory, fileBytesMax } = leaving;
  const submodules = tracked.some(({ mode }) => mode === LINK) ? leaving.declared() : new Set();
  const present: string[] = [];
  const gone: string[] = [];
  const opened: string[] = [];
  const linked: string[] = [];
  const large: string[] = [];
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
    const found = isReached(path) ? lookAt(`${directory}/${path}`) : null;
    if (mode === LINK) (submodules.has(path) ? linked : opened).push(path);
    else if (found === null || found.isDirectory()) gone.push(path);
    else if (found.isFile() && found.size > fileBytesMax) large.push(path);
    else if (isTaken(leaving, path)) present.push(path);
  }
  for (const path of changedAmong(leaving, large)) isTaken(leaving, path);
  return { present, gone, opened, linked };
}

function changedAmong({ git, directory, index }: Leaving, paths: readonly string[]): readonly string[] {
  if (paths.length === 0) return [];
  const words = paths.map((path) => `:(literal)${path}`);
  const changed = git(["ls-files", "-m", "-z", "--", ...words], { index, worktree: directory });
  return changed.split("\0").filter((path) => path !== "");
}

/** Whether a path is a file or a link that can be taken; where it is not, that is told. */
function isTaken(leaving: Leaving, path: string): boolean {
  const { directory, below, fileBytesMax, exceptions } = leaving;
  const found = lookAt(`${directory}/${path}`);
  if (found === null) return false;
  if (leaving.filesOnly && /(^|\/)\.gitmodules$/i.test(path)) {
    leaveThere(exceptions, `${below}${path}`, "tells git about submodules");
    return false;
  }
  if (found.isSymbolicLink()) return true;
  if (!found.isFile()) tell(exceptions, `${shown(`${below}${path}`)} is no regular file, and was left out`);
  else if (found.size > fileBytesMax)
    leaveThere(
      exceptions,
      `${below}${path}`,
      `has ${found.size} bytes, more than the ${fileBytesMax} that are taken`,
    );
  else if (isReadable(`${directory}/${path}`, found)) return true;
  else leaveThere(exceptions, `${below}${path}`, "cannot be read");
  return false;
}

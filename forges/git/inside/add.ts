/** Files into an index: by git's own rules where it can be let near them, else byte for byte. */

import { type Exceptions, leaveThere } from "./exceptions.ts";
import { lookAt } from "./files.ts";
import { GitRefused, LONG_CALL_MS, type StepGit } from "./git.ts";

/** So many calls of git are made to find what it refuses; then the rest of what is refused is left out together. */
const REFUSALS_MAX = 60;

export interface Adding {
  readonly git: StepGit;
  readonly directory: string;
  readonly below: string;
  readonly index: string;
  readonly exceptions: Exceptions;
}

/** Takes files and links that were looked at; what git refuses is found by halves, and left out. */
export function add(adding: Adding, paths: readonly string[]): void {
  const trapped = trappedAmong(adding, paths);
  addBytes(
    adding,
    paths.filter((path) => trapped.has(path)),
  );
  const budget = { left: REFUSALS_MAX };
  byHalves(
    adding,
    paths.filter((path) => !trapped.has(path)),
    budget,
  );
}

function byHalves(adding: Adding, paths: readonly string[], budget: { left: number }): void {
  if (paths.length === 0) return;
  const { git, directory, below, index, exceptions } = adding;
  try {
    git(["update-index", "--add", "--remove", "--replace", "-z", "--stdin"], {
      ...{ index, worktree: directory, limitMs: LONG_CALL_MS },
      input: paths.map((path) => `${path}\0`).join(""),
    });
  } catch (error) {
    if (!(error instanceof GitRefused)) throw error;
    budget.left -= 1;
    if (paths.length === 1 || budget.left <= 0) {
      for (const path of paths)
        leaveThere(exceptions, `${below}${path}`, `could not be taken (${error.message})`);
      return;
    }
    const half = paths.length >> 1;
    byHalves(adding, paths.slice(0, half), budget);
    byHalves(adding, paths.slice(half), budget);
  }
}

/** Files on whose way there is something in place of a `.gitattributes` that git would open, and wait for. */
function trappedAmong({ directory }: Adding, paths: readonly string[]): ReadonlySet<string> {
  const folders = new Map<string, boolean>();
  const isTrap = (folder: string): boolean => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const found = lookAt(`${directory}/${folder === "" ? "" : `${folder}/`}.gitattributes`);
    const here = found !== null && !found.isFile() && !found.isSymbolicLink() && !found.isDirectory();
    const trap = here || (folder !== "" && isTrap(parentOf(folder)));
    folders.set(folder, trap);
    return trap;
  };
  return new Set(
    paths.filter((path) => isTrap(parentOf(path)) && lookAt(`${directory}/${path}`)?.isFile() === true),
  );
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function addBytes({ git, directory, below, index, exceptions }: Adding, paths: readonly string[]): void {
  const named = paths.filter((path) => !path.includes("\n"));
  for (const path of paths.filter((path) => path.includes("\n")))
    leaveThere(exceptions, `${below}${path}`, "has a name of two lines");
  if (named.length === 0) return;
  const at = { index, worktree: directory };
  const ids = git(["hash-object", "-w", "--no-filters", "--stdin-paths"], {
    ...{ ...at, limitMs: LONG_CALL_MS },
    input: named.map((path) => `${path}\n`).join(""),
  }).split("\n");
  const lines = named.map((path, at) => {
    const isProgram = ((lookAt(`${directory}/${path}`)?.mode ?? 0) & 0o100) !== 0;
    return `${isProgram ? "100755" : "100644"} ${ids[at]}\t${path}\0`;
  });
  git(["update-index", "-z", "--index-info"], { ...at, input: lines.join("") });
}

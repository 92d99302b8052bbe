/** Commits of a repository of the step's own, read in a few calls and followed here. */

import { GitRefused, LONG_CALL_MS, type StepGit } from "./git.ts";

export interface Commit {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
}

/** By the id that was asked for, which may be a tag's. */
export type Commits = ReadonlyMap<string, Commit>;

/** A commit of more is not one, and reading many of such would take all memory. */
const COMMIT_BYTES_MAX = 4 * 1_024 * 1_024;
const PEELED_MAX = 5;

/** Commits and tags in the repository's own store; what it borrows must not be known to it yet. */
export function ownCommits(git: StepGit): readonly string[] {
  const listed = git(
    [
      "cat-file",
      "--batch-all-objects",
      "--unordered",
      "--batch-check=%(objecttype) %(objectsize) %(objectname)",
    ],
    { limitMs: LONG_CALL_MS },
  );
  return listed.split("\n").flatMap((line) => {
    const [kind, size, id] = line.split(" ");
    const isOne = (kind === "commit" || kind === "tag") && Number(size) <= COMMIT_BYTES_MAX;
    return isOne && id !== undefined ? [id] : [];
  });
}

/** Those of the ids that are commits, or tags of commits. What is missing is left out. */
export function readCommits(git: StepGit, ids: readonly string[]): Commits {
  const found = new Map<string, Commit>();
  /** What an id led to so far, by the id that was asked for. */
  let wanted = new Map(ids.map((id) => [id, id]));
  for (let round = 0; wanted.size > 0 && round < PEELED_MAX; round++) {
    const objects = contents(git, [...new Set(wanted.values())]);
    const next = new Map<string, string>();
    for (const [asked, id] of wanted) {
      const object = objects.get(id);
      if (object?.kind === "commit") {
        const commit = commitIn(id, object.text);
        if (commit !== null) found.set(asked, commit);
      } else if (object?.kind === "tag") {
        const target = /^object ([0-9a-f]+)\ntype (?:commit|tag)\n/.exec(object.text)?.[1];
        if (target !== undefined) next.set(asked, target);
      }
    }
    wanted = next;
  }
  return found;
}

interface Content {
  readonly kind: string;
  readonly text: string;
}

/** What git cannot read is found by halves, and left out. */
function contents(git: StepGit, ids: readonly string[]): ReadonlyMap<string, Content> {
  if (ids.length === 0) return new Map();
  try {
    const input = ids.map((id) => `${id}\n`).join("");
    return contentsIn(git(["cat-file", "--batch"], { input, limitMs: LONG_CALL_MS }));
  } catch (error) {
    if (!(error instanceof GitRefused)) throw error;
    if (ids.length === 1) return new Map();
    const half = ids.length >> 1;
    return new Map([...contents(git, ids.slice(0, half)), ...contents(git, ids.slice(half))]);
  }
}

function contentsIn(text: string): ReadonlyMap<string, Content> {
  const found = new Map<string, Content>();
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    const [id = "", kind = "", size] = text.slice(at, end).split(" ");
    at = end + 1;
    if (size === undefined) continue;
    found.set(id, { kind, text: text.slice(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return found;
}

function commitIn(id: string, text: string): Commit | null {
  const [tree] = /^tree ([0-9a-f]+)\n/.exec(text)?.slice(1) ?? [];
  const head = text.slice(0, Math.max(0, text.indexOf("\n\n")) || text.length);
  const parents = [...head.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, parent]) => parent ?? []);
  return tree === undefined ? null : { id, tree, parents };
}

/** Of these commits those that no other of them, and none that is known, has behind itself. */
export function headsOf(
  commits: ReadonlyMap<string, Commit>,
  ids: Iterable<string>,
  known: Iterable<string>,
): readonly string[] {
  const behind = reachable(commits, known);
  const rest = [...new Set(ids)].filter((id) => !behind.has(id));
  const parents = new Set(rest.flatMap((id) => commits.get(id)?.parents ?? []));
  return rest.filter((id) => !parents.has(id));
}

/** These, and what is behind them as far as it is among the commits. */
function reachable(commits: ReadonlyMap<string, Commit>, from: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const pending = [...from];
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    pending.push(...(commits.get(id)?.parents ?? []));
  }
  return found;
}

/** A copy of a repository that an agent wrote: what it names, read as files, and its commits, read by a git of ours. */

import { type Commits, ownCommits, readCommits } from "./commits.ts";
import { type StepGit, stepGit } from "./git.ts";
import { borrow, copyObjects, makeRepository } from "./objects.ts";
import { type AgentRefs, readRefs } from "./refs.ts";

export interface Copy {
  readonly git: StepGit;
  /** Where it is. */
  readonly path: string;
  /** `null` where there is no repository (any more). */
  readonly refs: AgentRefs | null;
  readonly commits: Commits;
  /** Ids of commits and tags that were made there: what is borrowed has not got them. */
  readonly own: readonly string[];
}

export interface Copying {
  /** Of the agent's repository; `null` to copy nothing. */
  readonly gitDirectory: string | null;
  /** Where the copy is made. */
  readonly path: string;
  readonly format: "sha1" | "sha256";
  /** Objects of the daemon's own repositories that it may need. */
  readonly objects: readonly string[];
  /** Further commits to read. */
  readonly wanted: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly told: string[];
}

export function copyRepository(copying: Copying): Copy {
  const { gitDirectory, path, format, objects, wanted, env, told } = copying;
  makeRepository(path, format);
  const git = stepGit(path, env);
  const refs = gitDirectory === null ? null : readRefs(gitDirectory);
  const isAny = refs !== null && copyObjects(git, `${gitDirectory}/objects`, path, told);
  // Before anything is borrowed, all there is was made there.
  const own = isAny ? ownCommits(git) : [];
  borrow(path, objects);
  const named = refs === null ? [] : [...refs.named, ...refs.worktrees.values()].map(({ id }) => id);
  const ids = new Set([...own, ...named, ...(typeof refs?.head !== "string" ? [] : [refs.head]), ...wanted]);
  return { git, path, refs, commits: readCommits(git, [...ids]), own };
}

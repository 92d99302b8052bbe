/**
 * Whether a forge will let the work of a project through, by what it says of its repository and base branch. Asked
 * before the first run of a task: what can be known then need cost no money to find out. Pure.
 */

import type { PullMethod, PullPolicy } from "../project.ts";
import type { Why } from "../why.ts";

/** What a forge says of a repository and of the branch that is merged into; `null` and empty where it does not say. */
export interface Demands {
  readonly repository: { readonly isArchived: boolean; readonly canPush: boolean | null };
  readonly branch: {
    readonly exists: boolean;
    readonly isQueued: boolean;
    readonly methods: readonly PullMethod[];
  };
}

/** Where it is asked. */
export interface Place {
  readonly project: string;
  readonly repo: string;
  readonly base: string;
}

/** @param merges whether the project merges; @returns why it will not be let through; `null` where nothing is known */
export function whyNotThrough(
  { project, repo, base }: Place,
  { method }: PullPolicy,
  merges: boolean,
  { repository, branch }: Demands,
): Why | null {
  if (repository.isArchived)
    return {
      reason: `repository ${repo} is archived, and takes no pull request`,
      remedy: "open it again there",
    };
  if (repository.canPush === false)
    return {
      reason: `the token of its source may not push to ${repo}`,
      remedy: "give it the right to write contents and pull requests, or use another",
    };
  if (!branch.exists)
    return {
      reason: `repository ${repo} has no branch ${base} that a pull request could go into`,
      remedy: `make it, or name another as base_branch of project ${project}`,
    };
  if (!merges) return null;
  // A queue merges by a method of its own.
  if (branch.isQueued || branch.methods.length === 0 || branch.methods.includes(method)) return null;
  return {
    reason: `repository ${repo} does not allow to merge by ${method}`,
    remedy: `write publish: { method: ${branch.methods[0]} } in project ${project}, or allow it there`,
  };
}

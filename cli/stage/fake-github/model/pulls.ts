/** Finding pull requests, and whether they fit. */

import { notFound } from "../refusal.ts";
import type { Issue, Pull, Remark, Repo, Thread } from "./nouns.ts";
import { issueOf, type World } from "./world.ts";

export interface PullIssue extends Issue {
  readonly pull: Pull;
}

export function isPull(issue: Issue): issue is PullIssue {
  return issue.pull !== null;
}

/** @throws Refusal 404 for an issue that is none */
export function pullOf(world: World, repo: Repo, number: number): PullIssue {
  const issue = issueOf(world, repo, number);
  return isPull(issue) ? issue : notFound();
}

export function pullsOf(repo: Repo): readonly PullIssue[] {
  return [...repo.issues.values()].filter(isPull);
}

/** @throws Refusal 404 */
export function remarkIn(
  repo: Repo,
  id: number,
): {
  readonly issue: PullIssue;
  readonly thread: Thread;
  readonly remark: Remark;
} {
  for (const issue of pullsOf(repo))
    for (const thread of issue.pull.threads)
      for (const remark of thread.remarks) if (remark.id === id) return { issue, thread, remark };
  return notFound();
}

/** The newest review of each person that says yes or no. */
export function verdictsOf({ pull }: PullIssue): ReadonlyMap<number, "APPROVED" | "CHANGES_REQUESTED"> {
  const verdicts = new Map<number, "APPROVED" | "CHANGES_REQUESTED">();
  for (const { author, state } of pull.reviews) {
    if (state === "DISMISSED") verdicts.delete(author.id);
    else if (state === "APPROVED" || state === "CHANGES_REQUESTED") verdicts.set(author.id, state);
  }
  return verdicts;
}

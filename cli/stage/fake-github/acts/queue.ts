/** Merge queues: what stands in one is merged, or taken out, when whoever plays the queue says so. */

import type { Repo } from "../model/nouns.ts";
import type { PullIssue } from "../model/pulls.ts";
import { type At, tellOf, touch } from "./issues.ts";
import { mergePull } from "./pulls.ts";
import { whyBlocked } from "./rules.ts";

/** Why it may not be put there; `null` where it may. */
export function whyUnqueued(repo: Repo, issue: PullIssue, commit: unknown): string | null {
  const { pull, isOpen } = issue;
  if (repo.protection.get(pull.baseRef)?.isQueued !== true)
    return "The merge queue is not enabled on this branch";
  if (!isOpen) return "Pull request is closed";
  if (pull.isDraft) return "Pull request is a draft";
  if (pull.queue.isIn) return "Pull request is already in the queue";
  if (commit !== null && commit !== undefined && commit !== pull.headSha)
    return "Head branch was modified. Review and try again.";
  return whyBlocked(repo, issue, true);
}

export function enqueue(at: At, issue: PullIssue): void {
  issue.pull.queue.isIn = true;
  touch(at, issue);
  tellOf(at, issue, "enqueued");
}

export function dequeue(at: At, issue: PullIssue, reason: string): void {
  if (!issue.pull.queue.isIn) return;
  Object.assign(issue.pull.queue, { isIn: false, removed: reason });
  touch(at, issue);
  tellOf(at, issue, "dequeued", { reason });
}

/** @throws Refusal 405 where it cannot be merged */
export async function mergeQueued(at: At, issue: PullIssue): Promise<string> {
  const wish = { method: "merge", sha: null, title: null, message: null } as const;
  const made = await mergePull(at, issue, wish, true);
  issue.pull.queue.isIn = false;
  return made;
}

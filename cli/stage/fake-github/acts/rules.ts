/** What a branch demands of what is merged into it, in the words of the refusal. */

import { combinedState, lastStatuses } from "../json/check.ts";
import type { Repo } from "../model/nouns.ts";
import { type PullIssue, verdictsOf } from "../model/pulls.ts";
import { latestRuns } from "../model/suites.ts";

/** Checks of a commit by name; `null` for one that still runs. */
export function resultsOf(repo: Repo, sha: string): ReadonlyMap<string, boolean | null> {
  const results = new Map<string, boolean | null>();
  for (const { context, state } of lastStatuses(repo, sha))
    results.set(context, state === "pending" ? null : state === "success");
  for (const run of latestRuns(repo.checkRuns.filter((one) => one.sha === sha))) {
    const isGood = ["success", "neutral", "skipped"].includes(run.conclusion ?? "");
    results.set(run.name, run.status === "completed" ? isGood : null);
  }
  return results;
}

/** As GitHub shows them together; `null` where there is none. */
export function rollupOf(repo: Repo, sha: string): "PENDING" | "SUCCESS" | "FAILURE" | null {
  const results = [...resultsOf(repo, sha).values()];
  if (results.length === 0) return null;
  if (results.includes(false) || combinedState(lastStatuses(repo, sha)) === "failure") return "FAILURE";
  return results.includes(null) ? "PENDING" : "SUCCESS";
}

export function decisionOf(
  repo: Repo,
  issue: PullIssue,
): "APPROVED" | "CHANGES_REQUESTED" | "REVIEW_REQUIRED" | null {
  const verdicts = [...verdictsOf(issue).values()];
  if (verdicts.includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  const wanted = repo.protection.get(issue.pull.baseRef)?.approvals ?? 0;
  if (verdicts.length > 0 && verdicts.length >= wanted) return "APPROVED";
  return wanted > 0 ? "REVIEW_REQUIRED" : null;
}

/** `null` where it may be merged. @param isQueue whether the queue of its base asks */
export function whyBlocked(repo: Repo, issue: PullIssue, isQueue = false): string | null {
  const rule = repo.protection.get(issue.pull.baseRef);
  if (rule === undefined) return null;
  if (rule.isQueued && !isQueue) return "Changes must be made through the merge queue";
  const results = resultsOf(repo, issue.pull.headSha);
  for (const name of rule.checks) {
    const result = results.get(name) ?? null;
    if (result === null) return `Required status check "${name}" is expected.`;
    if (!result) return `Required status check "${name}" is failing.`;
  }
  const verdicts = [...verdictsOf(issue).values()];
  if (rule.approvals > 0 && verdicts.includes("CHANGES_REQUESTED"))
    return "Changes have been requested by a reviewer.";
  const approvals = verdicts.filter((one) => one === "APPROVED").length;
  if (approvals < rule.approvals)
    return `At least ${rule.approvals} approving review${rule.approvals === 1 ? " is" : "s are"} required by reviewers with write access.`;
  if (rule.resolvedThreads && issue.pull.threads.some(({ resolvedBy }) => resolvedBy === null))
    return "All comments must be resolved.";
  return null;
}

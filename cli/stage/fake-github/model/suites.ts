/** How the checks of one App at one commit stand together. */

import type { CheckRun, CheckSuite, Conclusion } from "./checks.ts";
import type { Repo } from "./nouns.ts";

/** The last of each name: one that runs again takes the place of its earlier run. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const last = new Map<string, CheckRun>();
  for (const run of runs) last.set(`${run.suite} ${run.name}`, run);
  return [...last.values()];
}

function runsOf(repo: Repo, suite: CheckSuite): readonly CheckRun[] {
  return latestRuns(repo.checkRuns.filter((run) => run.suite === suite.id));
}

export function statusOf(repo: Repo, suite: CheckSuite): CheckRun["status"] {
  const runs = runsOf(repo, suite);
  if (runs.length > 0 && runs.every(({ status }) => status === "completed")) return "completed";
  return runs.some(({ status }) => status === "in_progress") ? "in_progress" : "queued";
}

/** The worst of them counts. */
const WORST: readonly Conclusion[] = [
  ...(["startup_failure", "failure", "timed_out", "cancelled", "action_required", "stale"] as const),
  ...(["success", "neutral", "skipped"] as const),
];

export function conclusionOf(repo: Repo, suite: CheckSuite): Conclusion | null {
  if (statusOf(repo, suite) !== "completed") return null;
  const all = runsOf(repo, suite).map(({ conclusion }) => conclusion);
  return WORST.find((one) => all.includes(one)) ?? null;
}

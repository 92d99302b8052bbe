/** What is told of a task: reads of many nouns at once, for whoever explains it to a person. */

import type { ExplainFacts } from "../../workflow/explain/explain.ts";
import type { Run } from "../../workflow/run.ts";
import { jobMoves, runMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import type { Store } from "../store.ts";

/** `kept show` has them all. */
const KEPT_TOLD = 10;
/** A task has one job that lives, so what matters is among its newest runs. */
const RUNS_LOOKED_AT = 10;

export interface Gathered {
  readonly facts: ExplainFacts;
  /** What its newest agent said at its end. */
  readonly summary: string | null;
  /** Its newest runs, newest first. */
  readonly runs: readonly Run[];
}

/** Everything that was recorded about why a task does or does not run, for `workflow/explain/explain.ts`. */
export async function gatherExplanation(store: Store, task: Task): Promise<Gathered> {
  const [
    written,
    runs,
    wide,
    accounts,
    routes,
    refusals,
    kept,
    approval,
    ci,
    merges,
    { question },
    freeze,
    stretches,
  ] = await Promise.all([
    store.jobs.ofTask(task.key),
    store.runs.list({ limit: RUNS_LOOKED_AT, before: null, task: task.key }),
    store.holds.wide(),
    store.accounts.list(),
    store.accounts.routes(),
    store.lanes.refusals(),
    store.kept.list({ limit: KEPT_TOLD, before: null, task: task.key, status: "kept" }),
    store.approvals.newest(task.key),
    store.ci.newest(task.key),
    store.merges.ofTask(task.key),
    store.questions.standing(task.key, null),
    store.freezes.of(task.project),
    store.windows.stretches(),
  ]);
  const chosen = stretches.get(task.project)?.agent ?? null;
  // A run that is on stays with whom it has.
  const jobs = written.map((job) =>
    job.isFree && job.status !== "running" && chosen !== null ? { ...job, agent: chosen } : job,
  );
  const job = jobs.findLast(({ status }) => !jobMoves.final.includes(status));
  const live = runs.items.filter(({ status }) => runMoves.live.includes(status));
  const ends = runs.items.flatMap(({ finishedAt }) => finishedAt ?? []);
  const facts = {
    ...{ task, jobs, live, wide, accounts, kept: kept.items, approval, ci, question, freeze },
    merge: merges.at(-1) ?? null,
    checks: ci === null || ci.commit === null ? [] : await store.ci.checks(task.key, ci.commit),
    lastRunAt: ends.length === 0 ? null : Math.max(...ends),
    routes: routes.filter(({ agent }) => agent === job?.agent),
    refusal: refusals.find(({ project, agent }) => project === task.project && agent === job?.agent) ?? null,
    ahead: job?.status === "queued" ? await store.jobs.ahead(job) : { count: 0, more: false },
  };
  return { facts, summary: runs.items[0]?.summary ?? null, runs: runs.items };
}

/**
 * What becomes of a job that its budget holds, when a person raises a limit or the configuration names other ones. Part
 * of `decide`, and as pure.
 */

import { amountOf, type BudgetScope, budgetHold, type Standing } from "../budget.ts";
import type { Hold } from "../hold.ts";
import type { RaiseBudget, ReconsiderBudget } from "../intent.ts";
import type { Job } from "../job.ts";
import { SINGLE } from "../single.ts";
import type { Task } from "../task.ts";
import type { Change, Decision, JobChange, Snapshot } from "./decision.ts";
import { asked, ignore, refuse, UNCHANGED } from "./parts.ts";

type RaisedScope = Change["raises"][number]["scope"];
const RAISED: Readonly<Record<RaiseBudget["scope"], readonly BudgetScope[]>> = {
  task: ["task", "phase"],
  run: ["run"],
};

export function raiseBudget(snapshot: Snapshot, intent: RaiseBudget): Decision {
  const { task, standings } = snapshot;
  const { unit, amount, scope } = intent;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const limits = standings.filter(
    (standing) => standing.unit === unit && RAISED[scope].includes(standing.scope),
  );
  const job = heldJob(snapshot);
  if (limits.length === 0 && (job === undefined || scope === "run")) {
    const whose = scope === "run" ? "no budget for a run" : "no budget";
    return refuse(`${task.key} has ${whose} in ${unit === "nanos" ? "money" : unit} that could be raised`);
  }
  const phase = job?.phase ?? SINGLE.phases[0].key;
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    raises: limits.flatMap((limit) =>
      isRaised(limit.scope) ? [{ scope: limit.scope, phase, unit, amount }] : [],
    ),
    jobs: job === undefined ? [] : [mend(task, job, raised(standings, limits, intent))],
    events: [
      { kind: "budget.raised", key: intent.key, data: asked(intent, { amount: amountOf(unit, amount) }) },
    ],
  };
}

/** How the limits will stand. What a run may take is reserved for the next one, so with it the reservation grows. */
function raised(
  standings: readonly Standing[],
  limits: readonly Standing[],
  { scope, unit, amount }: RaiseBudget,
): readonly Standing[] {
  return standings.map((standing) => ({
    ...standing,
    raised: standing.raised + (limits.includes(standing) ? amount : 0),
    reserve: standing.reserve + (scope === "run" && standing.unit === unit ? amount : 0),
  }));
}

/** Limits and prices are others now: the hold stands by them, or goes. */
export function reconsiderBudget(snapshot: Snapshot, intent: ReconsiderBudget): Decision {
  const { task, standings } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const job = heldJob(snapshot);
  if (job === undefined) return ignore(`no budget holds ${task.key}`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    jobs: [mend(task, job, standings)],
    events: [{ kind: "budget.reconsidered", key: intent.key, data: asked(intent, {}) }],
  };
}

function heldJob({ jobs }: Snapshot): Job | undefined {
  return jobs.find(({ holds }) => holds.some(({ kind }) => kind === "budget"));
}

/** The hold ends, unless another limit, or the same one still, forbids the next run. */
function mend(task: Task, { id, fence }: Job, standings: readonly Standing[]): JobChange {
  const still: Hold | null = budgetHold(task.key, standings);
  return still === null
    ? { change: "release", id, fence, kind: "budget" }
    : { change: "hold", id, fence, hold: still };
}

function isRaised(scope: BudgetScope): scope is RaisedScope {
  return scope === "task" || scope === "phase" || scope === "run";
}

/**
 * `raise_budget` and `reconsider_budget`: what becomes of a job that its budget holds, when a person raises a limit or
 * the configuration names other ones. Part of `decide`, and as pure.
 */

import {
  amountOf,
  type BudgetScope,
  type BudgetUnit,
  budgetHold,
  type Raise,
  type Standing,
} from "../budget.ts";
import type { Hold } from "../hold.ts";
import type { Asked, TaskTarget } from "../intent.ts";
import type { Job, JobChange } from "../job.ts";
import type { Task } from "../task.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";

/** A person adds to budgets of one task. */
export interface RaiseBudget extends Asked {
  readonly kind: "raise_budget";
  readonly target: TaskTarget;
  /** `task`: the task's, and the one of its phase where there is one; `run`: what each of its runs may take. */
  readonly scope: "task" | "run";
  readonly unit: BudgetUnit;
  /** What is added; greater than 0. */
  readonly amount: number;
}

/** The configuration names other limits or prices than those by which the task's job is held. */
export interface ReconsiderBudget extends Asked {
  readonly kind: "reconsider_budget";
  readonly target: TaskTarget;
}

const RAISED: Readonly<Record<RaiseBudget["scope"], readonly BudgetScope[]>> = {
  task: ["task", "phase"],
  run: ["run"],
};

export const raiseBudget: IntentKind<RaiseBudget> = { about: aboutTask, decide: raise };

function raise(snapshot: Snapshot, intent: RaiseBudget): Decision {
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
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    raises: limits.flatMap((limit) => raiseOf(limit.scope, snapshot, { unit, amount })),
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

export const reconsiderBudget: IntentKind<ReconsiderBudget> = { about: aboutTask, decide: reconsider };

/** Limits and prices are others now: the hold stands by them, or goes. */
function reconsider(snapshot: Snapshot, intent: ReconsiderBudget): Decision {
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

/** The standings are those of the phase of the newest job. */
function raiseOf(
  scope: BudgetScope,
  { jobs }: Snapshot,
  more: Pick<Raise, "unit" | "amount">,
): readonly Raise[] {
  const phase = jobs.at(-1)?.phase;
  if (scope === "task" || scope === "run") return [{ scope, ...more }];
  return scope === "phase" && phase !== undefined ? [{ scope, phase, ...more }] : [];
}

/**
 * Everything that a card tells of a task, read at once.
 *
 * E1. What changes with every claim of another task (who is ahead, how many runs an account has) is left out: every
 *     card that waits would have to be drawn anew each time. `explain` tells it to whoever asks.
 */

import type { Store } from "../../store/store.ts";
import { gatherExplanation } from "../../store/told/explanation.ts";
import type { Standing } from "../../workflow/budget.ts";
import { type ExplainFacts, explain } from "../../workflow/explain/explain.ts";
import type { Cause } from "../../workflow/explain/lane.ts";
import type { Kept } from "../../workflow/kept.ts";
import type { Approval } from "../../workflow/phases/approval.ts";
import type { CiWait } from "../../workflow/phases/ci.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import type { PullRequest } from "../../workflow/phases/pull.ts";
import type { Question } from "../../workflow/phases/question.ts";
import type { Run } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";

export interface CardFacts {
  readonly task: Task;
  /** Why it does not run, or that it does; what weighs most comes first. */
  readonly causes: readonly Cause[];
  readonly phases: readonly Phase[];
  /** Newest first, at most {@link RUNS_MAX}. */
  readonly runs: readonly Run[];
  readonly isRunning: boolean;
  readonly approval: Approval | null;
  readonly question: Question | null;
  readonly ci: CiWait | null;
  readonly kept: readonly Kept[];
  /** The newest of its branch. */
  readonly pull: PullRequest | null;
  readonly standings: readonly Standing[];
  /** Whether its job is held for want of budget. */
  readonly isOutOfBudget: boolean;
}

/** Of a task that was tried more often, the figures are those of the newest. */
const RUNS_MAX = 60;

/** `null` when there is no such task. */
export async function cardFacts(store: Store, key: string, now: number): Promise<CardFacts | null> {
  const task = await store.tasks.get(key);
  if (task === null) return null;
  const { project, branch } = task;
  const [{ facts }, phases, runs, standings, pull] = await Promise.all([
    gatherExplanation(store, task),
    store.phases.ofTask(key),
    store.runs.list({ limit: RUNS_MAX, before: null, task: key }),
    store.budgets.standings({ project, task: key, phase: null }, now),
    branch === null ? null : store.pulls.newest(project, branch),
  ]);
  const { live, approval, question, ci, kept, jobs } = facts;
  return {
    ...{ task, phases, approval, question, ci, kept, standings, pull },
    causes: explain(withoutOthers(facts)),
    runs: runs.items,
    isRunning: live.length > 0,
    isOutOfBudget: jobs.some(({ holds }) => holds.some(({ kind }) => kind === "budget")),
  };
}

/** E1. */
function withoutOthers(facts: ExplainFacts): ExplainFacts {
  const accounts = facts.accounts.map((account) => ({ ...account, atWork: 0, probing: false }));
  return { ...facts, accounts, refusal: null, ahead: { count: 0, more: false } };
}

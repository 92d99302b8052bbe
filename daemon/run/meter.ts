/**
 * Budgets of a run at work: looked at whenever its usage has grown, so that a limit is overshot by no more than what is
 * used between two looks (I8). What is a limit and what has reached it is decided in `workflow/budget.ts`.
 */

import { reachedBy, spendOf, tellLimit, unpricedModel } from "../../workflow/budget.ts";
import { FAULTS } from "../../workflow/faults.ts";
import type { Run, RunOutcome, Usage } from "../../workflow/run.ts";
import type { Why } from "../../workflow/why.ts";
import type { RunnerPorts } from "./ports.ts";

export interface Meter {
  /** Asks the run to stop when this usage has reached a limit. */
  read(usage: readonly Usage[]): Promise<void>;
}

export function createMeter(ports: RunnerPorts, run: Run): Meter {
  let last = "";
  return {
    async read(usage): Promise<void> {
      const seen = JSON.stringify(spendOf(usage));
      if (seen === last) return;
      const reached = await reachedLimit(ports, run, usage);
      if (reached !== null) await stop(ports, run, reached);
      // Only now: what met a fault of the store is asked again.
      last = seen;
    },
  };
}

async function stop(ports: RunnerPorts, run: Run, { reason, remedy }: Why): Promise<void> {
  ports.log.warn({ event: "run.over_budget", run: run.id, task: run.task, reason, remedy });
  await ports.store.runs.askToStop(run.id, "budget");
}

interface ReachedLimit extends Why {
  /** It closes the whole project, so the job needs no hold of its own. */
  readonly passes: boolean;
}

/** The outcome of a run that was stopped for a budget, with the budget's name instead of a general reason. */
export async function nameBudget(
  ports: RunnerPorts,
  run: Run,
  usage: readonly Usage[],
  outcome: RunOutcome,
): Promise<RunOutcome> {
  if (outcome.status === "succeeded" || FAULTS[outcome.failure].closes !== "job") return outcome;
  const reached = await reachedLimit(ports, run, usage);
  // Raised meanwhile, or midnight has come: nothing stands in the way of the next run.
  return { ...outcome, ...(reached ?? { passes: true }) };
}

async function reachedLimit(
  { store, clock }: RunnerPorts,
  run: Run,
  usage: readonly Usage[],
): Promise<ReachedLimit | null> {
  const standings = await store.budgets.standings(run, clock.now());
  const unpriced = unpricedModel(standings, usage);
  if (unpriced !== null) {
    const reason = `model ${unpriced} has no price, so its cost cannot be kept within a budget of money`;
    return { reason, remedy: "name it under prices, or set budget.mode to subscription", passes: false };
  }
  const reached = reachedBy(standings, spendOf(usage));
  if (reached === null) return null;
  const passes = reached.scope === "project" || reached.scope === "day";
  return { ...tellLimit(reached, passes ? run.project : run.task), passes };
}

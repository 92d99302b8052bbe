/**
 * The budget of an opening: what all that starts in it may use together, over all projects of its schedule. Pure.
 *
 * It is one of the settings of a window: where several are open, that of the one that opened last counts, for who may
 * start and for what is counted. What runs when it is used up finishes. Whatever opens the schedule anew, be it by its
 * times or by hand, is another opening with a budget of its own.
 */

import { type Standing as BudgetStanding, isUsedUp, tellLimit } from "../budget.ts";
import type { NewWideHold } from "../hold.ts";
import type { Opening, Stretch } from "./judge.ts";
import type { OpeningLimit } from "./schedule.ts";

/** An opening as runs are counted to it. */
export interface LimitedOpening {
  /** Schedule and begin. */
  readonly key: string;
  readonly limits: readonly OpeningLimit[];
  readonly until: number;
}

/** As people write it. */
export interface OpeningAmounts {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
  readonly runs?: number | undefined;
}

export const NANOS_PER_USD = 1e9;

export function openingLimits({ usd, tokens, runs }: OpeningAmounts): readonly OpeningLimit[] {
  return [
    ...(usd === undefined ? [] : [{ unit: "nanos", amount: Math.round(usd * NANOS_PER_USD) } as const]),
    ...(tokens === undefined ? [] : [{ unit: "tokens", amount: tokens } as const]),
    ...(runs === undefined ? [] : [{ unit: "runs", amount: runs } as const]),
  ];
}

/** The other way round. */
export function openingAmounts(limits: readonly OpeningLimit[]): OpeningAmounts {
  const amounts = limits.map(({ unit, amount }): OpeningAmounts => {
    if (unit === "nanos") return { usd: amount / NANOS_PER_USD };
    return unit === "tokens" ? { tokens: amount } : { runs: amount };
  });
  return Object.assign({}, ...amounts);
}

/** `null` where nothing limits it. */
export function limitedOpening({ schedule, from, until }: Opening): LimitedOpening | null {
  if (schedule.budget.length === 0) return null;
  return { key: `${schedule.name} ${from}`, limits: schedule.budget, until };
}

/** The hold of a project whose opening has used up its budget, so that nothing starts; `null` while there is room. */
export function openingHold(
  project: string,
  { until, by }: Stretch,
  standings: readonly BudgetStanding[],
): NewWideHold | null {
  const used = standings.find((standing) => standing.scope === "opening" && isUsedUp(standing));
  if (used === undefined) return null;
  const { reason, remedy } = tellLimit(used, project);
  return {
    ...{ scope: "project", subject: project, kind: "window", remedy, until },
    reason: `window ${by.schedule.name}: ${reason}`,
  };
}

/**
 * The budget of an opening: what all that starts in it may use together, over all projects of its schedule. Pure.
 *
 * It is one of the settings of a window: where several are open, that of the one that opened last counts, for who may
 * start and for what is counted. What runs when it is used up finishes. Whatever opens the schedule anew, be it by its
 * times or by hand, is another opening with a budget of its own.
 *
 * One that is spread grows over its opening as the pace of an account does over its period (`workflow/pace/judge.ts`):
 * something may start while less than it is used and reserved, so that a night's money is not gone in its first hour.
 */

import { type Standing as BudgetStanding, isAhead, isUsedUp, limitOf, tellLimit } from "../budget.ts";
import type { NewWideHold } from "../hold.ts";
import { judgePace } from "../pace/judge.ts";
import type { Opening, Stretch } from "./judge.ts";
import type { OpeningLimit } from "./schedule.ts";

/** An opening as runs are counted to it. */
export interface LimitedOpening {
  /** Schedule and begin. */
  readonly key: string;
  readonly limits: readonly OpeningLimit[];
  /** From when until its end the limits are spread; `null`: the whole is there at once. */
  readonly spreadFrom: number | null;
  readonly until: number;
}

/** As people write it. */
export interface OpeningAmounts {
  readonly usd?: number | undefined;
  readonly tokens?: number | undefined;
  readonly runs?: number | undefined;
  readonly spread?: boolean | undefined;
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
export function openingAmounts(limits: readonly OpeningLimit[], isSpread: boolean): OpeningAmounts {
  const amounts = limits.map(({ unit, amount }): OpeningAmounts => {
    if (unit === "nanos") return { usd: amount / NANOS_PER_USD };
    return unit === "tokens" ? { tokens: amount } : { runs: amount };
  });
  return Object.assign({}, ...amounts, isSpread && { spread: true });
}

/** `null` where nothing limits it. */
export function limitedOpening({ schedule, from, until }: Opening): LimitedOpening | null {
  if (schedule.budget.length === 0) return null;
  const spreadFrom = schedule.budgetSpread ? from : null;
  return { key: `${schedule.name} ${from}`, limits: schedule.budget, spreadFrom, until };
}

/**
 * The hold of a project whose opening has used up its budget, or all of it that is there by now, so that nothing
 * starts; `null` while there is room.
 */
export function openingHold(
  project: string,
  { until, by }: Stretch,
  standings: readonly BudgetStanding[],
  now: number,
): NewWideHold | null {
  const own = standings.filter(({ scope }) => scope === "opening");
  const used = own.find(isUsedUp);
  const opens = used === undefined ? own.map((one) => ({ one, at: opensAt(one, by, now) })) : [];
  const [last] = opens.toSorted((one, other) => other.at - one.at);
  const told = used ?? (last !== undefined && last.at > now ? last.one : null);
  if (told === null) return null;
  const { reason, remedy } = tellLimit(told, project);
  return {
    ...{ scope: "project", subject: project, remedy, reason: `window ${by.schedule.name}: ${reason}` },
    ...(used === undefined && last !== undefined
      ? { kind: "pace", until: Math.min(until, last.at) }
      : { kind: "window", until }),
  };
}

/** When what is spread comes to what is used and reserved; that may be over. */
function opensAt(standing: BudgetStanding, { from, until }: Opening, now: number): number {
  if (!isAhead(standing)) return now;
  const { used, reserved } = standing;
  return judgePace({ from, until, ceiling: limitOf(standing) }, used + reserved, now).opensAt ?? now;
}

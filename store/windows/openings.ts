/**
 * Budgets of openings in rows: what the runs that started in one have used, whatever project they are of.
 *
 * O1. A project's row names the opening that runs are counted to, and a run takes that name with it when it is claimed.
 *     So what it uses belongs to the opening in which it started, however long it runs.
 * O2. It is counted as other budgets are: in the transaction that claims the run or changes its usage, by the
 *     difference. A claim reads one row per limit, and no run of before.
 */

import type { BudgetUnit } from "../../workflow/budget.ts";
import { SPEND_MAX } from "../../workflow/limits.ts";
import { HEAD_START, judgePace } from "../../workflow/pace/judge.ts";
import type { LimitedOpening } from "../../workflow/windows/budget.ts";
import type { Engine, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { LIVE } from "../rows/run.ts";

/** An opening that is over is kept so long, because a clock may be set back, and because windows lie in windows. */
const FORGET_AFTER_MS = 86_400_000;

const LIMIT = `
insert into openings (opening, unit, amount, used, until, spread_from) values ($1, $2, $3, 0, $4, cast($5 as bigint))
on conflict (opening, unit) do update set amount = excluded.amount, until = excluded.until, spread_from = excluded.spread_from`;
const USES = `
with live_runs as materialized (
  select opening, reserved_nanos, used_nanos, reserved_tokens, used_tokens from runs where ${LIVE} and opening is not null
)
select o.opening, o.unit, o.amount, o.used, RESERVED as reserved from openings as o order by o.opening, o.unit`;
const UNLIMIT = "delete from openings where opening = $1 and unit = $2";
const FORGET = "delete from openings where until < $1";

const capped = (sum: string): string =>
  `case when used + ${sum} > ${SPEND_MAX} then ${SPEND_MAX} else used + ${sum} end`;
const COUNT_RUN = `
update openings set used = ${capped("1")}
where unit = 'runs' and opening = (select r.opening from runs as r where r.id = $1)`;
const MORE = `(select case openings.unit when 'nanos' then cast($2 as bigint) - r.used_nanos
  else cast($3 as bigint) - r.used_tokens end from runs as r where r.id = $1)`;
const COUNT_USAGE = `
update openings set used = ${capped(MORE)}
where unit in ('nanos', 'tokens')
  and opening = (select r.opening from runs as r where r.id = $1 and r.log_offset = $4 and r.${LIVE})`;

/** Of the live runs of opening `o` that are read from `runs`; an expression. */
export function reservedIn(runs: string, opening: string, unit: string): string {
  const left = (what: string): string => `(select coalesce(sum(case when l.reserved_${what} > l.used_${what}
      then l.reserved_${what} - l.used_${what} end), 0) from ${runs} as l where l.opening = ${opening})`;
  return `case ${unit} when 'nanos' then ${left("nanos")} when 'tokens' then ${left("tokens")} else 0 end`;
}

/** As {@link judgePace} has it, which tells the same of a row that was read. */
function allowedBy(now: string): string {
  const real = (whole: string): string => `cast(${whole} as double precision)`;
  return `${real("o.amount")} * (${HEAD_START} + case when ${now} < o.spread_from then 0
      else ${real(`${now} - o.spread_from`)} / nullif(o.until - o.spread_from, 0) end)`;
}

/** What an opening may use of a unit, has used, and has set aside for runs at work beyond that. */
export interface OpeningUse {
  /** Schedule and begin. */
  readonly opening: string;
  readonly unit: BudgetUnit;
  readonly amount: number;
  readonly used: number;
  readonly reserved: number;
}

/** Of the openings of the last day. */
export async function openingUses(engine: Engine): Promise<readonly OpeningUse[]> {
  const reserved = reservedIn("live_runs", "o.opening", "o.unit");
  return (await engine.all(USES.replace("RESERVED", reserved), [])).map((row) => {
    const { text, integer, sum, status } = decode("openings", row);
    return {
      ...{ opening: text("opening"), unit: status("unit", UNITS), amount: integer("amount") },
      ...{ used: sum("used"), reserved: sum("reserved") },
    };
  });
}

/** Projects in which no run fits below the budget of their opening, for statements with live runs. */
export function spentOpenings(now: string): string {
  const reserved = reservedIn("live_runs", "o.opening", "o.unit");
  return `
select p.name from projects as p join openings as o on o.opening = p.opening
where o.used + ${reserved}
    + coalesce((select case when q.amount > 1 and o.unit <> 'runs' then q.amount else 1 end from budgets as q
                where q.project = p.name and q.scope = 'run' and q.unit = o.unit), 1)
    > o.amount
  or (o.spread_from is not null and o.used + ${reserved} >= ${allowedBy(now)})`;
}

/** What of a limit is there by now; nothing of one that is not spread. */
export function allowedIn(
  row: { readonly amount: number; readonly spreadFrom: number | null; readonly until: number | null },
  now: number,
): { readonly allowed?: number } {
  const { amount, spreadFrom, until } = row;
  if (spreadFrom === null || until === null) return {};
  return { allowed: judgePace({ from: spreadFrom, until, ceiling: amount }, 0, now).allowed };
}

/** A claimed run counts as a run at once. */
export function countOpeningRun(run: string): Statement {
  return { sql: COUNT_RUN, params: [run] };
}

/** Before the run's row says how much of its usage is counted (`store/budgets.ts`). */
export function countOpeningUsage(run: string, logOffset: number, nanos: number, tokens: number): Statement {
  return { sql: COUNT_USAGE, params: [run, nanos, tokens, logOffset] };
}

export const UNITS: readonly BudgetUnit[] = ["nanos", "tokens", "runs"];

/** Writes what an opening may use, and keeps what it has used. */
export function limitOpening({ key, limits, spreadFrom, until }: LimitedOpening): readonly Statement[] {
  return UNITS.map((unit): Statement => {
    const limit = limits.find((candidate) => candidate.unit === unit);
    return limit === undefined
      ? { sql: UNLIMIT, params: [key, unit] }
      : { sql: LIMIT, params: [key, unit, limit.amount, until, spreadFrom], makes: "jobs" };
  });
}

export function forgetOpenings(now: number): Statement {
  return { sql: FORGET, params: [now - FORGET_AFTER_MS] };
}

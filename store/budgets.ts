/**
 * Budgets in rows: limits as configured, what people added to them, and what was used (I8).
 *
 * U1. `spend` is changed in the transaction that changes a run's usage or claims it, by the difference to what was
 *     counted before; so a line that is read twice counts once, and no sum over old runs is ever needed.
 * U2. A day is one of UTC. What a run uses belongs to the day on which it said so.
 */

import {
  type BudgetLimit,
  type BudgetScope,
  type BudgetUnit,
  type Standing,
  spendOf,
} from "../workflow/budget.ts";
import type { Parts } from "../workflow/decide/change.ts";
import type { NewEvent } from "../workflow/event.ts";
import { SPEND_MAX } from "../workflow/limits.ts";
import type { Usage } from "../workflow/run.ts";
import type { ClaimConfig } from "./claim/config.ts";
import { dayOf } from "./counters.ts";
import type { Engine, Row, Statement } from "./engine/engine.ts";
import { decode } from "./engine/row.ts";
import { writeNotice } from "./events.ts";
import { LIVE } from "./rows/run.ts";
import {
  allowedIn,
  countOpeningRun,
  countOpeningUsage,
  reservedIn,
  spentOpenings,
} from "./windows/openings.ts";

export interface BudgetStore {
  /**
   * How the limits stand that a run of this phase would meet; without a task, those of the project alone, and of its
   * opening.
   */
  standings(
    of: { readonly project: string; readonly task: string | null; readonly phase: string | null },
    now: number,
  ): Promise<readonly Standing[]>;
  /** Names of the projects that have limits. */
  projects(): Promise<readonly string[]>;
  /** Adds to the limit of a project, or of today. False when the project's history has the event of this key. */
  raise(
    project: string,
    scope: "project" | "day",
    unit: BudgetUnit,
    amount: number,
    now: number,
    event?: NewEvent & { readonly key: string },
  ): Promise<boolean>;
}

/** The words of `spend.subject` for a run, `$2` being the day. */
const SUBJECT = `case scopes.scope when 'task' then r.task when 'phase' then r.task || '/' || r.phase
  when 'day' then $2 else '' end`;
const SCOPES = `(select 'task' as scope union all select 'phase' union all select 'project' union all select 'day') as scopes`;
/** A sum stops at its limit, and still says that any budget is used up. */
const ADD = `on conflict (project, scope, subject, unit) do update set amount =
  case when spend.amount + excluded.amount > ${SPEND_MAX} then ${SPEND_MAX} else spend.amount + excluded.amount end`;

const COUNT_RUN = `
insert into spend (project, scope, subject, unit, amount)
select r.project, scopes.scope, ${SUBJECT}, 'runs', 1 from runs as r cross join ${SCOPES} where r.id = $1
${ADD}`;
const COUNT_USAGE = `
insert into spend (project, scope, subject, unit, amount)
select r.project, scopes.scope, ${SUBJECT}, units.unit,
  case units.unit when 'nanos' then cast($3 as bigint) - r.used_nanos else cast($4 as bigint) - r.used_tokens end
from runs as r cross join ${SCOPES}
cross join (select 'nanos' as unit union all select 'tokens') as units
where r.id = $1 and r.log_offset = $5 and r.${LIVE} and (r.used_nanos <> $3 or r.used_tokens <> $4)
${ADD}`;
const NOTE_USAGE = `update runs set used_nanos = $2, used_tokens = $3 where id = $1 and log_offset = $4 and ${LIVE}`;

/** Projects in which no run fits below the limits of the project, the day or their opening; with live runs. */
export function closedProjects(day: string, now: string): string {
  return `
closed_projects as materialized (
  select b.project from budgets as b
  left join spend as s on s.project = b.project and s.scope = b.scope and s.unit = b.unit
    and s.subject = case b.scope when 'day' then ${day} else '' end
  left join raises as x on x.project = b.project and x.scope = b.scope and x.unit = b.unit
    and x.subject = case b.scope when 'day' then ${day} else '' end
  where b.scope in ('project', 'day')
    and coalesce(s.amount, 0) + ${RESERVED}
      + coalesce((select case when q.amount > 1 and b.unit <> 'runs' then q.amount else 1 end from budgets as q
                  where q.project = b.project and q.scope = 'run' and q.unit = b.unit), 1)
      > b.amount + coalesce(x.amount, 0)
  union select subject from wide_holds where scope = 'project'
  union ${spentOpenings(now)}
)`;
}

const RESERVED = `case b.unit
    when 'nanos' then (select coalesce(sum(case when l.reserved_nanos > l.used_nanos then l.reserved_nanos - l.used_nanos end), 0)
                       from live_runs as l where l.project = b.project)
    when 'tokens' then (select coalesce(sum(case when l.reserved_tokens > l.used_tokens then l.reserved_tokens - l.used_tokens end), 0)
                        from live_runs as l where l.project = b.project)
    else 0 end`;

/** What a person has added to the limit `q` of runs of this task; an expression. */
export function raisedForRuns(task: string): string {
  return `coalesce((select x.amount from raises as x
      where x.project = q.project and x.scope = 'run' and x.subject = ${task} and x.unit = q.unit), 0)`;
}

/** `$1` project, `$2` task or '', `$3` phase, `$4` day. Task and phase where there is a task, else the opening. */
const STANDINGS = `
with live_runs as materialized (
  select project, task, reserved_nanos, used_nanos, reserved_tokens, used_tokens from runs where ${LIVE} and project = $1
),
limits as materialized (
  select b.project, b.scope, b.unit, b.amount, case b.scope when 'phase' then $2 || '/' || $3 when 'day' then $4 when 'project' then '' else $2 end as subject,
    cast(null as bigint) as spread_from, cast(null as bigint) as until
  from budgets as b where b.project = $1 and ($2 <> '' or b.scope in ('run', 'project', 'day'))
  union all select p.name, 'opening', o.unit, o.amount, o.opening, o.spread_from, o.until
  from projects as p join openings as o on o.opening = p.opening where p.name = $1 and $2 = ''
),
in_opening as materialized (
  select opening, reserved_nanos, used_nanos, reserved_tokens, used_tokens from runs where ${LIVE} and $2 = ''
)
select b.scope, b.unit, b.amount, b.subject, b.spread_from, b.until,
  coalesce((select amount from raises as x where x.project = $1 and x.scope = b.scope and x.subject = b.subject and x.unit = b.unit), 0) as raised,
  case when b.scope = 'opening' then (select used from openings as o where o.opening = b.subject and o.unit = b.unit)
    else coalesce((select amount from spend as s where s.project = $1 and s.scope = b.scope and s.subject = b.subject and s.unit = b.unit), 0)
    end as used,
  case when b.scope in ('project', 'day') then ${RESERVED}
    when b.scope = 'opening' then ${reservedIn("in_opening", "b.subject", "b.unit")} else 0 end as reserved,
  case b.unit when 'runs' then 1
    else coalesce((
      select q.amount + ${raisedForRuns("$2")} from budgets as q
      where q.project = $1 and q.scope = 'run' and q.unit = b.unit
    ), 0) end as reserve
from limits as b order by b.scope, b.unit`;

const RAISE = `
insert into raises (project, scope, subject, unit, amount) values ($1, $2, $3, $4, $5)
on conflict (project, scope, subject, unit) do update set amount = raises.amount + excluded.amount`;
const RAISE_TASK = `
insert into raises (project, scope, subject, unit, amount) select project, $2, $3, $4, $5 from tasks where key = $1
on conflict (project, scope, subject, unit) do update set amount = raises.amount + excluded.amount`;
const REOPEN = "delete from wide_holds where scope = 'project' and subject = $1 and kind = 'budget'";

const FORGET = "delete from budgets";
const CONFIGURE = "insert into budgets (project, scope, unit, amount) values ($1, $2, $3, $4)";
const PROJECTS = "select distinct project from budgets order by project";

export function budgetStore(engine: Engine): BudgetStore {
  return {
    standings: async ({ project, task, phase }, now) =>
      (await engine.all(STANDINGS, [project, task ?? "", phase ?? "", dayOf(now)])).map((row) =>
        readStanding(row, now),
      ),
    projects: async () =>
      (await engine.all(PROJECTS, [])).map((row) => decode("budgets", row).text("project")),
    raise: async (project, scope, unit, amount, now, event) => {
      const params = [project, scope, scope === "day" ? dayOf(now) : "", unit, amount];
      const about = { kind: "project", name: project } as const;
      const result = await engine.atomic([
        ...(event === undefined ? [] : writeNotice(about, event, [], now)),
        { sql: RAISE, params, makes: "jobs" },
        { sql: REOPEN, params: [project], makes: "jobs" },
      ]);
      return result.kind === "done";
    },
  };
}

/** A claimed run counts as a run at once. */
export function countRun(run: string, now: number): readonly Statement[] {
  return [{ sql: COUNT_RUN, params: [run, dayOf(now)] }, countOpeningRun(run)];
}

/** A report that has just been written into a run's row: how far its log was read, and when (ms), for the day. */
export interface Reported {
  readonly run: string;
  readonly logOffset: number;
  readonly at: number;
}

/** Counts what the run has used by now, instead of what was counted of it before (U1). */
export function countUsage({ run, logOffset, at }: Reported, usage: readonly Usage[]): readonly Statement[] {
  const { nanos, tokens } = spendOf(usage);
  return [
    { sql: COUNT_USAGE, params: [run, dayOf(at), nanos, tokens, logOffset] },
    countOpeningUsage(run, logOffset, nanos, tokens),
    { sql: NOTE_USAGE, params: [run, nanos, tokens, logOffset] },
  ];
}

/** What is added for the task, its phases or its runs. */
export function writeRaises({ raises }: Pick<Parts, "raises">, task: string): readonly Statement[] {
  return raises.map((raise) => {
    const { scope, unit, amount } = raise;
    const subject = raise.scope === "phase" ? `${task}/${raise.phase}` : task;
    return { sql: RAISE_TASK, params: [task, scope, subject, unit, amount], expect: 1, makes: "jobs" };
  });
}

export function configureBudgets({ projects }: ClaimConfig): readonly Statement[] {
  const limits = projects.flatMap(({ name, budget }) =>
    budget.map(({ scope, unit, amount }: BudgetLimit): Statement => {
      return { sql: CONFIGURE, params: [name, scope, unit, amount] };
    }),
  );
  return [{ sql: FORGET, params: [] }, ...limits];
}

const SCOPE_WORDS: readonly BudgetScope[] = ["run", "phase", "task", "project", "day", "opening"];
const UNIT_WORDS: readonly BudgetUnit[] = ["nanos", "tokens", "runs"];

function readStanding(row: Row, now: number): Standing {
  const { status, integer, integerOrNull, sum, text } = decode("budgets", row);
  const scope = status("scope", SCOPE_WORDS);
  const [schedule = ""] = text("subject").split(" ");
  const [spreadFrom, until] = [integerOrNull("spread_from"), integerOrNull("until")];
  const spread = { amount: integer("amount"), spreadFrom, until };
  return {
    scope,
    ...(scope === "opening" && { schedule, ...allowedIn(spread, now) }),
    unit: status("unit", UNIT_WORDS),
    amount: integer("amount"),
    raised: integer("raised"),
    used: sum("used"),
    reserved: sum("reserved"),
    reserve: integer("reserve"),
  };
}

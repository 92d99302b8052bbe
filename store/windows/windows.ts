/**
 * Windows in rows: schedules that people made, their overrides, and for each project the stretch of time in which
 * claims may take its jobs.
 *
 * W1. A stretch has two ends and is written ahead: while a project is closed its row holds the next stretch, so that it
 *     opens by time alone. Whatever comes late, a claim goes by the stretch and begins nothing outside of it.
 * W2. The hold that tells why is written with the stretch, in one transaction, and lies on the project: an opening
 *     changes as many rows as there are projects, and none of a job.
 */

import type { BudgetUnit } from "../../workflow/budget.ts";
import { FAULTS } from "../../workflow/faults.ts";
import { type Notice, noticeCall } from "../../workflow/outbox.ts";
import type { Permissions } from "../../workflow/project.ts";
import type { Crash } from "../../workflow/windows/crashes.ts";
import type { OpenStretch, Standing } from "../../workflow/windows/hold.ts";
import {
  ON_CLOSE,
  OVERRIDE_CAUSES,
  type Override,
  type Schedule,
  VERDICTS,
  WEEKDAYS,
} from "../../workflow/windows/schedule.ts";
import type { Engine, Row, Statement } from "../engine/engine.ts";
import { literals } from "../engine/legality.ts";
import { decode, FAILURES } from "../engine/row.ts";
import { writeNotice } from "../events.ts";
import { putWideHold } from "../holds.ts";
import { forgetOpenings, limitOpening } from "./openings.ts";

export interface WindowStore {
  /** Made by hand, by name. */
  schedules(): Promise<readonly Schedule[]>;
  /** Makes one, or writes what it has become. */
  keep(schedule: Schedule): Promise<void>;
  /** Takes one away with its override; false when there was none. */
  remove(name: string): Promise<boolean>;
  overrides(): Promise<readonly Override[]>;
  /** The last word counts. */
  override(override: Override): Promise<void>;
  /**
   * The override of a crash limit, and with it the notice that tells a person.
   *
   * @param key of the opening; of one that was told of already the override alone is written
   */
  closeForCrashes(override: Override, key: string, notice: Notice): Promise<void>;
  /** False when there was none. */
  clearOverride(schedule: string): Promise<boolean>;
  /** Runs that crashed since an instant, as the table of faults counts them; the newest thousand. */
  crashes(since: number): Promise<readonly Crash[]>;
  /** The stretches as they stand in the rows of configured projects. */
  stretches(): Promise<ReadonlyMap<string, OpenStretch | null>>;
  /** Writes how projects stand now. */
  stand(standings: readonly Standing[], now: number): Promise<void>;
}

/** Far beyond every limit that a schedule may have. */
const CRASHES_MAX = 1_000;

const SCHEDULES = "select * from schedules order by name";
const KEEP = `
insert into schedules (name, projects, start, duration_ms, days, timezone, enabled, concurrency, agent, model, effort, permissions, on_close, crash_limit,
  budget_nanos, budget_tokens, budget_runs)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
on conflict (name) do update set projects = excluded.projects, start = excluded.start, duration_ms = excluded.duration_ms,
  days = excluded.days, timezone = excluded.timezone, enabled = excluded.enabled, concurrency = excluded.concurrency,
  agent = excluded.agent, model = excluded.model, effort = excluded.effort, permissions = excluded.permissions, on_close = excluded.on_close,
  crash_limit = excluded.crash_limit, budget_nanos = excluded.budget_nanos, budget_tokens = excluded.budget_tokens,
  budget_runs = excluded.budget_runs`;
const REMOVE = "delete from schedules where name = $1 returning name";

const OVERRIDES = "select * from overrides order by schedule";
const OVERRIDE = `
insert into overrides (schedule, verdict, cause, since, until, said_by, reason) values ($1, $2, $3, $4, $5, $6, $7)
on conflict (schedule) do update set verdict = excluded.verdict, cause = excluded.cause, since = excluded.since,
  until = excluded.until, said_by = excluded.said_by, reason = excluded.reason`;
const CLEAR_OVERRIDE = "delete from overrides where schedule = $1 returning schedule";

const CRASHES = `
select project, finished_at from runs
where failure in (${literals(FAILURES.filter((failure) => FAULTS[failure].isCrash === true))}) and finished_at >= $1
order by finished_at desc limit ${CRASHES_MAX}`;

const STRETCHES = `
select p.name, p.open_from, p.open_until, p.open_slots, p.open_agent, p.opening, o.unit, o.amount, o.until as opening_until
from projects as p left join openings as o on o.opening = p.opening where p.configured = 1 order by p.name, o.unit`;
const STRETCH =
  "update projects set open_from = $2, open_until = $3, open_slots = $4, open_agent = $5, opening = $6 where name = $1";
/** The kinds that this noun puts on projects, but for the one that holds now. */
const FREE = `
delete from wide_holds
where scope = 'project' and subject = $1 and kind in ('window', 'crash_limit') and kind <> $2`;

/** Whether a project's row lets claims take its jobs at an instant; an expression. */
export function isOpen(row: string, now: string): string {
  return `(${row}.open_until is null or (${row}.open_from <= ${now} and ${now} < ${row}.open_until))`;
}

export function windowStore(engine: Engine): WindowStore {
  return {
    schedules: async () => (await engine.all(SCHEDULES, [])).map(readSchedule),
    keep: async (schedule) => {
      await engine.atomic([keepSchedule(schedule)]);
    },
    remove: async (name) => {
      const result = await engine.atomic([
        { sql: REMOVE, params: [name], makes: "windows" },
        { sql: CLEAR_OVERRIDE, params: [name] },
      ]);
      return result.kind === "done" && (result.rows[0] ?? []).length > 0;
    },
    overrides: async () => (await engine.all(OVERRIDES, [])).map(readOverride),
    override: async (override) => {
      await engine.atomic([putOverride(override)]);
    },
    closeForCrashes: async (override, key, notice) => {
      const { kind, message, reason, remedy } = notice;
      const event = { kind, key, data: { message, reason, remedy } };
      const subject = { kind: "schedule", name: override.schedule } as const;
      const told = writeNotice(subject, event, [noticeCall(notice)], override.since);
      const result = await engine.atomic([putOverride(override), ...told]);
      if (result.kind === "conflict") await engine.atomic([putOverride(override)]);
    },
    clearOverride: async (schedule) => {
      const result = await engine.atomic([{ sql: CLEAR_OVERRIDE, params: [schedule], makes: "windows" }]);
      return result.kind === "done" && (result.rows[0] ?? []).length > 0;
    },
    crashes: async (since) => (await engine.all(CRASHES, [since])).map(readCrash),
    stretches: async () => readStretches(await engine.all(STRETCHES, [])),
    stand: async (standings, now) => {
      if (standings.length === 0) return;
      await engine.atomic([...standings.flatMap((one) => standAs(one, now)), forgetOpenings(now)]);
    },
  };
}

function putOverride({ schedule, verdict, cause, since, until, by, reason }: Override): Statement {
  const params = [schedule, verdict, cause, since, until, by, reason];
  return { sql: OVERRIDE, params, makes: "windows" };
}

function keepSchedule(schedule: Schedule): Statement {
  const { name, projects, start, durationMs, days, timezone, enabled, concurrency } = schedule;
  const { agent, model, effort, permissions, onClose, crashLimit } = schedule;
  const times = [start, durationMs, days.join(" "), timezone, enabled ? 1 : 0];
  const settings = [concurrency, agent, model, effort, permissions, onClose, crashLimit];
  const limits = UNITS.map((unit) => schedule.budget.find((limit) => limit.unit === unit)?.amount ?? null);
  const named = projects === null ? null : projects.join(" ");
  return { sql: KEEP, params: [name, named, ...times, ...settings, ...limits], makes: "windows" };
}

function standAs({ project, stretch, hold }: Standing, now: number): readonly Statement[] {
  const params = [
    project,
    stretch?.from ?? null,
    stretch?.until ?? null,
    stretch?.slots ?? null,
    stretch?.agent ?? null,
  ];
  const opening = stretch?.opening ?? null;
  return [
    ...(opening === null ? [] : limitOpening(opening)),
    { sql: STRETCH, params: [...params, opening?.key ?? null], makes: "jobs" },
    { sql: FREE, params: [project, hold?.kind ?? ""], makes: "jobs" },
    ...(hold === null ? [] : [putWideHold(hold, now)]),
  ];
}

const UNITS: readonly BudgetUnit[] = ["nanos", "tokens", "runs"];
const PERMISSIONS: readonly Permissions[] = ["full", "workspace", "read_only"];

function readSchedule(row: Row): Schedule {
  const { text, textOrNull, integer, integerOrNull, oneOf, status } = decode("schedules", row);
  const days = text("days").split(" ");
  return {
    name: text("name"),
    projects: textOrNull("projects")?.split(" ") ?? null,
    start: text("start"),
    durationMs: integer("duration_ms"),
    days: WEEKDAYS.filter((day) => days.includes(day)),
    timezone: text("timezone"),
    enabled: integer("enabled") === 1,
    concurrency: integerOrNull("concurrency"),
    agent: textOrNull("agent"),
    model: textOrNull("model"),
    effort: textOrNull("effort"),
    permissions: oneOf("permissions", PERMISSIONS),
    onClose: status("on_close", ON_CLOSE),
    crashLimit: integer("crash_limit"),
    budget: UNITS.flatMap((unit) => {
      const amount = integerOrNull(`budget_${unit}`);
      return amount === null ? [] : [{ unit, amount }];
    }),
  };
}

function readOverride(row: Row): Override {
  const { text, textOrNull, integer, status } = decode("overrides", row);
  return {
    schedule: text("schedule"),
    verdict: status("verdict", VERDICTS),
    cause: status("cause", OVERRIDE_CAUSES),
    since: integer("since"),
    until: integer("until"),
    by: text("said_by"),
    reason: textOrNull("reason"),
  };
}

function readCrash(row: Row): Crash {
  const { text, integer } = decode("runs", row);
  return { project: text("project"), at: integer("finished_at") };
}

/** A row per limit of an opening, or one of a project without. */
function readStretches(rows: readonly Row[]): ReadonlyMap<string, OpenStretch | null> {
  const stretches = new Map<string, OpenStretch | null>();
  for (const row of rows) {
    const { text } = decode("projects", row);
    const [name, stretch] = [text("name"), readStretch(row)];
    const before = stretches.get(name)?.opening?.limits ?? [];
    const opening = stretch?.opening ?? null;
    if (stretch === null || opening === null) stretches.set(name, stretch);
    else stretches.set(name, { ...stretch, opening: { ...opening, limits: [...before, ...opening.limits] } });
  }
  return stretches;
}

function readStretch(row: Row): OpenStretch | null {
  const { textOrNull, integer, integerOrNull, status } = decode("projects", row);
  const columns = ["open_from", "open_until", "open_slots"].map(integerOrNull);
  const [from = null, until = null, slots = null] = columns;
  if (from === null || until === null || slots === null) return null;
  const [key, agent] = [textOrNull("opening"), textOrNull("open_agent")];
  if (key === null || textOrNull("unit") === null) return { from, until, slots, agent, opening: null };
  const limits = [{ unit: status("unit", UNITS), amount: integer("amount") }];
  return { from, until, slots, agent, opening: { key, limits, until: integer("opening_until") } };
}

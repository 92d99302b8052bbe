/** Schedules that were made by hand, as rows. Apart from `windows.ts`: a schedule has many columns and no verbs. */

import type { Permissions } from "../../workflow/project.ts";
import { ON_CLOSE, type Schedule, WEEKDAYS } from "../../workflow/windows/schedule.ts";
import type { Row, Statement } from "../engine/engine.ts";
import { decode } from "../engine/row.ts";
import { UNITS } from "./openings.ts";

const KEEP = `
insert into schedules (name, projects, start, duration_ms, days, timezone, enabled, concurrency, agent, model, effort, permissions, on_close, crash_limit,
  budget_nanos, budget_tokens, budget_runs, budget_spread)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
on conflict (name) do update set projects = excluded.projects, start = excluded.start, duration_ms = excluded.duration_ms,
  days = excluded.days, timezone = excluded.timezone, enabled = excluded.enabled, concurrency = excluded.concurrency,
  agent = excluded.agent, model = excluded.model, effort = excluded.effort, permissions = excluded.permissions, on_close = excluded.on_close,
  crash_limit = excluded.crash_limit, budget_nanos = excluded.budget_nanos, budget_tokens = excluded.budget_tokens,
  budget_runs = excluded.budget_runs, budget_spread = excluded.budget_spread`;

const PERMISSIONS: readonly Permissions[] = ["full", "workspace", "read_only"];

/** Makes one, or writes what it has become. */
export function keepSchedule(schedule: Schedule): Statement {
  const { name, projects, start, durationMs, days, timezone, enabled, concurrency } = schedule;
  const { agent, model, effort, permissions, onClose, crashLimit } = schedule;
  const times = [start, durationMs, days.join(" "), timezone, enabled ? 1 : 0];
  const settings = [concurrency, agent, model, effort, permissions, onClose, crashLimit];
  const limits = UNITS.map((unit) => schedule.budget.find((limit) => limit.unit === unit)?.amount ?? null);
  const named = projects === null ? null : projects.join(" ");
  const params = [name, named, ...times, ...settings, ...limits, schedule.budgetSpread ? 1 : 0];
  return { sql: KEEP, params, makes: "windows" };
}

export function readSchedule(row: Row): Schedule {
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
    budgetSpread: integerOrNull("budget_spread") === 1,
  };
}

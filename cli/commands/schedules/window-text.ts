/** Schedules of windows for people: all in a table, one closely, and in a sentence how one stands. */

import { exactly } from "../../amount.ts";
import type { ToldSchedule } from "../../answers/schedules.ts";
import { localTime } from "../../moment.ts";
import { ago, plain, why } from "../../phrases.ts";
import { renderFields, renderTable, type Screen } from "../../table.ts";

export function scheduleTable(schedules: readonly ToldSchedule[], screen: Screen): string {
  const columns = [
    { head: "WINDOWS" },
    { head: "IS" },
    { head: "CHANGES" },
    { head: "OPENS" },
    { head: "FOR" },
    { head: "DAYS" },
    { head: "ZONE", spare: true },
    { head: "PROJECTS", flexible: true },
  ];
  const rows = schedules.map((schedule) => {
    const { name, changes, start, duration_s: seconds, days, timezone, projects } = schedule;
    return [
      ...[name, stateOf(schedule), ago(changes, screen.now), start, lengthOf(seconds * 1_000), daysOf(days)],
      ...[timezone, projects?.join(", ") ?? "all"],
    ];
  });
  return renderTable(columns, rows, screen);
}

export function scheduleFields(schedule: ToldSchedule, screen: Screen): string {
  const { name, changes, start, duration_s: seconds, days, timezone, projects, override } = schedule;
  const { agent, model, effort, permissions, crash_limit: crashes } = schedule;
  const change = schedule.open ? "closes" : "opens next";
  return renderFields(
    [
      ["schedule", name],
      ["is", stateOf(schedule)],
      [change, changes ? `${localTime(changes)} (${ago(changes, screen.now)})` : null],
      ["opens", `${start} ${timezone}, ${daysOf(days)}`],
      ["for", lengthOf(seconds * 1_000)],
      ["projects", projects?.join(", ") ?? "all"],
      ["agents", schedule.concurrency ? `${schedule.concurrency} at work on a project` : null],
      ["agent", agent],
      ["model", model],
      ["effort", effort],
      ["permissions", permissions],
      ["on close", schedule.on_close],
      ["crashes", crashesText(crashes)],
      ["budget", budgetText(schedule)],
      ["used", usedText(schedule)],
      ["override", override ? overrideText(override) : null],
      [
        "made by",
        schedule.made === "configuration" ? "the configuration; it is changed there" : schedule.made,
      ],
    ],
    screen,
  );
}

/** `it is closed, and opens at 2026-01-15 22:00 (in 9h)`. */
export function standing({ enabled, open, changes }: ToldSchedule, { now }: Screen): string {
  if (enabled === false) return "it is disabled, as if it were not there";
  const is = open ? "it is open" : "it is closed";
  if (!changes) return `${is}, and no time changes that`;
  return `${is}, and ${open ? "closes" : "opens"} at ${localTime(changes)} (${ago(changes, now)})`;
}

/** `7h 30m`: exactly, unlike the figures of what took how long. @param ms whole seconds */
export function lengthOf(ms: number): string {
  const [hours, minutes, seconds] = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60].map(Math.floor);
  const parts = [hours ? `${hours}h` : "", minutes ? `${minutes}m` : "", seconds ? `${seconds}s` : ""];
  return parts.filter((part) => part !== "").join(" ") || "0s";
}

const WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** `daily`, `mon-fri`, `mon,wed,sat-sun`. */
export function daysOf(days: readonly string[]): string {
  if (days.length === WEEK.length) return "daily";
  const runs: string[][] = [];
  for (const [index, day] of WEEK.entries()) {
    if (!days.includes(day)) continue;
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1) === WEEK[index - 1]) run.push(day);
    else runs.push([day]);
  }
  const text = ([first = "", ...others]: readonly string[]): string =>
    others.length < 2 ? [first, ...others].join(",") : `${first}-${others.at(-1)}`;
  return runs.map(text).join(",");
}

function overrideText({ verdict, by, until, reason }: NonNullable<ToldSchedule["override"]>): string {
  return why(`${verdict} by ${plain(by)} until ${localTime(until)}`, reason);
}

/** What all that starts in one opening may use: `$30.00, 20 runs`. */
function budgetText({ budget }: ToldSchedule): string | null {
  if (!budget) return null;
  const units = (["usd", "tokens", "runs"] as const).flatMap((unit) => {
    const limit = budget[unit];
    return limit === undefined ? [] : [exactly(unit, limit)];
  });
  return `${units.join(", ")} in one opening${budget.spread ? ", spread over it" : ""}`;
}

/** `$4.20 of $30.00 and $2.00 reserved, 3 runs of 20 runs`. */
function usedText({ opening }: ToldSchedule): string | null {
  if (!opening) return null;
  const limits = opening.limits.map(({ unit, amount, used, reserved }) => {
    const set = reserved > 0 ? ` and ${exactly(unit, reserved)} reserved` : "";
    return `${exactly(unit, used)} of ${exactly(unit, amount)}${set}`;
  });
  return `${limits.join(", ")}, since ${localTime(opening.from)}`;
}

function crashesText(limit: number | undefined): string | null {
  if (limit === undefined) return null;
  return limit === 0 ? "no limit" : `${limit} within a window close it until its next start`;
}

function stateOf({ enabled, open, override }: ToldSchedule): string {
  if (enabled === false) return "disabled";
  const word = override?.cause === "crash_limit" ? " by its crash limit" : " by hand";
  return `${open ? "open" : "closed"}${override ? word : ""}`;
}

/**
 * Schedules: at what times of the week their projects may start work, and how it is done then. Pure.
 *
 * A schedule's window opens at `start` by the clock of its zone and stays open for `durationMs` of real time, so one
 * that began before a change of the clock ends an hour earlier or later by that clock. A project that several
 * schedules name is open while any of their windows is; one that none names is always open.
 */

import type { BudgetUnit } from "../budget.ts";
import type { Permissions } from "../project.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A window shorter than a minute opens for nobody, and a longer one than a day is two windows. */
export const WINDOW_MS_MIN = 60_000;
export const WINDOW_MS_MAX = 86_400_000;
/** More agents than this do not work side by side anywhere. */
export const WINDOW_CONCURRENCY_MAX = 64;

/** `drain`: what runs finishes. `stop`: it is stopped at no cost, and goes on with its session later. */
export const ON_CLOSE = ["drain", "stop"] as const;
export type OnClose = (typeof ON_CLOSE)[number];

/** What agents are started with while a window is open; `null` leaves it to their profile. */
export interface WindowSettings {
  /** Name of the profile that plays in place of the project's. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly effort: string | null;
  readonly permissions: Permissions | null;
}

/** Of what all that starts in one opening may use so much together (`budget.ts`). */
export interface OpeningLimit {
  readonly unit: BudgetUnit;
  readonly amount: number;
}

export interface Schedule extends WindowSettings {
  readonly name: string;
  /** Names of its projects; `null` for all that there are. */
  readonly projects: readonly string[] | null;
  /** By the clock of its zone, as `22:00`. */
  readonly start: string;
  readonly durationMs: number;
  /** On which its windows open; at least one. */
  readonly days: readonly Weekday[];
  /** As its writer spelled it. */
  readonly timezone: string;
  /** One that is not counts as if it were not there. */
  readonly enabled: boolean;
  /** Agents at work on each of its projects while it is open; `null` for as many as the project itself allows. */
  readonly concurrency: number | null;
  readonly onClose: OnClose;
  /** So many crashes while one window is open close it until its next start; 0 for no limit. */
  readonly crashLimit: number;
  /** What all that starts in one opening may use together; without any, as much as it does. */
  readonly budget: readonly OpeningLimit[];
  /** Whether that is spread evenly over the opening (`workflow/pace/judge.ts`). */
  readonly budgetSpread: boolean;
}

export const VERDICTS = ["open", "closed"] as const;
/** A person said so, or its runs have crashed too often. */
export const OVERRIDE_CAUSES = ["person", "crash_limit"] as const;

/** By whose word a schedule is open or closed whatever the time, until an instant. The last word counts. */
export interface Override {
  readonly schedule: string;
  readonly verdict: (typeof VERDICTS)[number];
  readonly cause: (typeof OVERRIDE_CAUSES)[number];
  readonly since: number;
  /** When it ends by itself (ms). */
  readonly until: number;
  /** Who said so. */
  readonly by: string;
  readonly reason: string | null;
}

/** The minute, the hour and the days on which windows open, as a pattern of cron. */
export function patternOf({ start, days }: Pick<Schedule, "start" | "days">): string {
  const [hours, minutes] = start.split(":").map(Number);
  const numbers = WEEKDAYS.flatMap((day, index) => (days.includes(day) ? [(index + 1) % 7] : []));
  return `${minutes} ${hours} * * ${numbers.length === WEEKDAYS.length ? "*" : numbers.join(",")}`;
}

/** Whether the schedule has a say in when work on a project begins. */
export function concerns({ enabled, projects }: Schedule, project: string): boolean {
  return enabled && (projects === null || projects.includes(project));
}

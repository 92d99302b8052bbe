/** Schedules as tests need them. */

import { type Schedule, WEEKDAYS } from "../../../workflow/windows/schedule.ts";

/** Nights of every day in UTC, but for what is given. */
export function schedule(given: Partial<Schedule> = {}): Schedule {
  return {
    name: "nights",
    projects: null,
    start: "22:00",
    durationMs: 8 * 3_600_000,
    days: WEEKDAYS,
    timezone: "UTC",
    enabled: true,
    concurrency: null,
    agent: null,
    model: null,
    effort: null,
    permissions: null,
    onClose: "drain",
    crashLimit: 3,
    budget: [],
    budgetSpread: false,
    ...given,
  };
}

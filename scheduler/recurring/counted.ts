/** Schedules as the store counts them: by name, with the pattern as text, so that a change of it is noticed. Pure. */

import type { CountedSchedule } from "../../store/recurring.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import type { Pattern } from "../slots.ts";

export function countedSchedules(recurring: readonly RecurringTask[]): readonly CountedSchedule[] {
  return recurring.map(({ name, pattern }) => ({ name, pattern: patternText(pattern) }));
}

export function patternText({ cron, timezone }: Pattern): string {
  return `${cron.trim().split(/\s+/).join(" ")} ${timezone}`;
}

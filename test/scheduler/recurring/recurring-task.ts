/** A recurring task for tests: every night at three, by the clock of Berlin. */

import type { RecurringTask } from "../../../workflow/recurring/recurring.ts";

export function recurringTask(more: Partial<RecurringTask> = {}): RecurringTask {
  return {
    ...{ name: "nightly", project: "shop", title: "Update of {{ slot.date }}", body: "" },
    pattern: { cron: "0 3 * * *", timezone: "Europe/Berlin" },
    ...{ agent: null, priority: 0, missed: { kind: "latest" }, overlap: "skip", jitterMs: 0 },
    ...more,
  };
}

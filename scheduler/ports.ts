/** What the scheduler is given, and what it looks at. */

import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Project } from "../workflow/project.ts";
import type { Schedule } from "../workflow/windows/schedule.ts";

export interface SchedulerPorts {
  readonly store: Pick<Store, "windows" | "holds" | "runs" | "budgets">;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the configuration in force. */
  readonly configured: () => readonly Schedule[];
  /** Those of the configuration in force. */
  readonly projects: () => ReadonlyMap<string, Pick<Project, "name" | "concurrency">>;
}

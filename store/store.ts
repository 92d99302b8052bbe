/**
 * The store: all rows, all SQL. One small interface per noun; every method is one verb and one transaction (I3).
 *
 * Time is always a parameter. A lost race is an ordinary answer, not an exception.
 */

import type { AccountStore } from "./accounts.ts";
import type { BudgetStore } from "./budgets.ts";
import type { Totals } from "./counters.ts";
import type { DeliveryStore } from "./deliveries.ts";
import type { HoldStore } from "./holds.ts";
import type { JobStore } from "./jobs.ts";
import type { LaneStore } from "./lanes.ts";
import type { OutboxStore } from "./outbox.ts";
import type { RunStore } from "./runs.ts";
import type { TaskStore } from "./tasks.ts";

export interface Store {
  readonly deliveries: DeliveryStore;
  readonly tasks: TaskStore;
  readonly jobs: JobStore;
  readonly runs: RunStore;
  readonly holds: HoldStore;
  readonly accounts: AccountStore;
  readonly budgets: BudgetStore;
  readonly lanes: LaneStore;
  readonly outbox: OutboxStore;
  /** Counts by status. From counters kept by triggers or from partial indexes; never a scan of a table that grows. */
  totals(now: number): Promise<Totals>;
  close(): Promise<void>;
}

/** The store over an engine. The caller has migrated it (`engine/migrate.ts`); it may want to hear what comes to do. */

import { accountStore } from "./accounts.ts";
import { budgetStore } from "./budgets.ts";
import { readTotals } from "./counters.ts";
import { deliveryStore } from "./deliveries.ts";
import type { Engine } from "./engine/engine.ts";
import { telling } from "./engine/telling.ts";
import type { Tell } from "./engine/work.ts";
import { holdStore } from "./holds.ts";
import { jobStore } from "./jobs.ts";
import { laneStore } from "./lanes.ts";
import { outboxStore } from "./outbox.ts";
import { runStore } from "./runs.ts";
import type { Store } from "./store.ts";
import { taskStore } from "./tasks.ts";

export function createStore(bare: Engine, tell?: Tell): Store {
  const engine = tell === undefined ? bare : telling(bare, tell);
  return {
    deliveries: deliveryStore(engine),
    tasks: taskStore(engine),
    jobs: jobStore(engine),
    runs: runStore(engine),
    holds: holdStore(engine),
    accounts: accountStore(engine),
    budgets: budgetStore(engine),
    lanes: laneStore(engine),
    outbox: outboxStore(engine),
    totals: (now) => readTotals(engine, now),
    close: () => engine.close(),
  };
}

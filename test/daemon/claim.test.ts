/** The claim loop by itself: it takes what there is, and stands back while the host has no memory to spare. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { claimLoop } from "../../daemon/claim.ts";
import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { ask } from "../../store/settle.ts";
import { systemChance } from "../../system/chance.ts";
import { systemClock } from "../../system/clock.ts";
import { nullLog } from "../../system/log.ts";
import { createWake } from "../../system/wake.ts";
import type { StartTask } from "../../workflow/decide/start-task.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";

test("no agent is started while the host has less memory than the floor, and it is when there is more", async () => {
  const clock = systemClock();
  const engine = await openSqlite(":memory:");
  await migrate(engine, clock.now());
  const store = createStore(engine);
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 2 }]), clock.now());
  const start: StartTask = {
    kind: "start_task",
    project: "shop",
    by: { kind: "api", name: "t" },
    key: "k",
    because: "test",
    refs: [],
    title: "T",
    body: "",
    url: null,
    author: null,
    number: 1,
    priority: 0,
    explicit: true,
    facts: { prefix: "SHOP", workflow: SINGLE, agent: "developer", agents: {}, baseBranch: "main" },
  };
  await ask(store, [start], null, clock.now());
  const end = new AbortController();
  const wake = createWake(clock);
  let available = 100;
  let looked = 0;
  const began: string[] = [];
  const loop = claimLoop(
    {
      ...{ store, clock, wake, chance: systemChance(clock.now), log: nullLog(), concurrency: () => 2 },
      memory: {
        floor: () => 200,
        available: () => {
          looked += 1;
          return available;
        },
      },
      async begin({ job }): Promise<void> {
        began.push(job.task);
        end.abort();
      },
    },
    end.signal,
  );
  while (looked === 0) await clock.sleep(1);
  assert.deepEqual(began, []);
  available = 200;
  wake.ring();
  await loop;
  assert.deepEqual(began, ["SHOP-1"]);
  await store.close();
});

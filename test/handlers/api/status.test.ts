/** The status of the daemon, as the API tells it from real rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import { reportOne } from "../../report-one.ts";
import { recurringTask } from "../../scheduler/recurring/recurring-task.ts";
import { NOW } from "../hand-moved.ts";
import { present, progress, SUCCESS, scene, usage } from "./served.ts";

test("A22: status counts everything by state, shows what runs and what today has cost", async (t) => {
  const world = await scene(t);
  const { get, store } = world;
  for (const title of ["One", "Two", "Three"]) await world.newTask({ title });
  const first = await world.start();
  await reportOne(store.runs, first.run.id, progress(usage("opus", 1_234_567_890, "agent")));
  await world.finish(first, SUCCESS);
  const second = await world.start();
  await reportOne(store.runs, second.run.id, progress(usage("opus", 500_000_000, "priced")));
  const delivery = { source: "github", headerId: null, event: "issues", body: "{}" } as const;
  await store.deliveries.record([{ ...delivery, deliveryId: "d-1" }], world.clock.now());
  const { body } = await get("/status");
  const { running, ...rest } = body;
  assert.deepEqual(
    { ...rest, tasks: present(rest["tasks"]), jobs: present(rest["jobs"]), runs: present(rest["runs"]) },
    {
      version: "9.8.7",
      pid: 4_711,
      started_at: "2026-09-21T14:11:50.000Z",
      uptime_s: 90,
      deliveries: rest["deliveries"],
      tasks: { done: 1, active: 2 },
      jobs: { done: 1, running: 1, queued: 1 },
      runs: { succeeded: 1, running: 1 },
      kept: 0,
      outbox: { pending: 0, dead: 0, resting: [] },
      holds: rest["holds"],
      projects: [{ name: "shop", open: true, until: null, schedule: null, reason: null, remedy: null }],
      recurring: [],
      accounts: rest["accounts"],
      cooldowns: [],
      wide_holds: [],
      refusals: [],
      spend_today_usd: 1.73456789,
      database: { engine: "sqlite", journal: "wal", synchronous: "full" },
      isolation: { level: "sandbox", reason: null, remedy: null },
      config: {
        file: "/etc/chargehand.yaml",
        loaded_at: "2026-09-21T14:11:50.000Z",
        error: null,
        restart_needed: [],
      },
    },
  );
  assert.deepEqual(present(rest["deliveries"]), { received: 1 });
  assert.deepEqual(present(rest["holds"]), {});
  assert.ok(Array.isArray(running));
  assert.deepEqual(
    running.map(({ id, pid }) => [id, pid]),
    [[second.run.id, 4_242]],
  );
});

test("it tells of recurring tasks when they come next, soonest first, and what became of the newest slot", async (t) => {
  const weekly = recurringTask({ name: "weekly", pattern: { cron: "0 3 * * 1", timezone: "Europe/Berlin" } });
  const tasks = [weekly, recurringTask()];
  const { get, store } = await scene(t, { recurring: tasks });
  await store.recurring.configure(countedSchedules(tasks), NOW);
  await store.recurring.skip([{ schedule: "nightly", at: NOW, local: "x", reason: "it was missed" }], NOW);
  const { recurring } = (await get("/status")).body;
  assert.ok(Array.isArray(recurring));
  assert.deepEqual(
    recurring.map(({ name, last }) => [name, last?.status, last?.reason]),
    [
      ["nightly", "skipped", "it was missed"],
      ["weekly", undefined, undefined],
    ],
  );
});

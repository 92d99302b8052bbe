/** The status of the daemon, as the API tells it from real rows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPaces } from "../../../scheduler/pace.ts";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import { reportOne } from "../../report-one.ts";
import { recurringTask } from "../../scheduler/recurring/recurring-task.ts";
import { NOW } from "../hand-moved.ts";
import { present, progress, SUCCESS, scene, usage } from "./served.ts";

const HOUR = 3_600_000;

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
      chats: [],
      wrong_secrets: [],
      unknown_logins: [],
      watched: [],
      paces: [],
      wide_holds: [],
      refusals: [],
      workflows: [],
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

test("while everything is paused no project is open, and each says so", async (t) => {
  const { get, post } = await scene(t);
  const lines = async (): Promise<unknown> => (await get("/status")).body["projects"];
  const line = { name: "shop", until: null, schedule: null };
  assert.equal((await post("/pause", {})).status, 200);
  assert.deepEqual(await lines(), [
    {
      ...{ ...line, open: false, reason: "everything is paused by operator" },
      remedy: "chargehand resume --all",
    },
  ]);
  await post("/resume", {});
  assert.deepEqual(await lines(), [{ ...line, open: true, reason: null, remedy: null }]);
});

test("I9: a pace tells what is used and may be, until when that lasts, and explain says what waits for it", async (t) => {
  const half = { per: "week", used: 0.3, resetsAt: 0 } as const;
  const setting = { account: "developer", per: "week", share: 0.6, reserve: 0.2, capacity: null } as const;
  const world = await scene(t, { paces: [setting, { ...setting, per: "5h" }] });
  const { get, store, clock } = world;
  const resetsAt = clock.now() + 84 * HOUR;
  for (const title of ["One", "Two"]) {
    await world.newTask({ title });
    const { run } = await world.start();
    const limits = [{ ...half, resetsAt }];
    assert.equal(await reportOne(store.runs, run.id, { ...progress(), limits }), true);
  }
  const key = await world.newTask({ title: "Three" });
  await createPaces({ ...world, settings: () => [setting] }).look();
  const { body } = await get("/status");
  assert.ok(Array.isArray(body["paces"]));
  const [week, hours] = body["paces"];
  const opens = new Date(resetsAt - 84 * HOUR + (0.3 / 0.48 - 0.55) * 168 * HOUR + 1_000);
  const opensAt = `${opens.toISOString().slice(0, 19)}.000Z`;
  assert.deepEqual(week, {
    ...{ account: "developer", per: "week", source: "reported", open: false, opens_at: opensAt },
    ...{ used_percent: 30, allowed_percent: 26.4, ceiling_percent: 48 },
    lasts_until: new Date(resetsAt - 168 * HOUR + 84 * HOUR * 1.6).toISOString(),
    period_begins: new Date(resetsAt - 168 * HOUR).toISOString(),
    period_ends: new Date(resetsAt).toISOString(),
  });
  const { per, source, open, opens_at: never, lasts_until: forecast } = hours;
  assert.deepEqual([per, source, open, never, forecast], ["5h", "unknown", true, null, null]);
  const explained = (await get(`/tasks/${key}/explain`)).body;
  assert.match(JSON.stringify(explained), /account developer keeps its pace: 30% of its week is used/);
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

/** The loop of recurring tasks on a real store and a clock moved by hand: restarts, policies, reloads, bad clocks. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { bodyText, titleText } from "../../../handlers/outside-text.ts";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import { recurringLoop } from "../../../scheduler/recurring/loop.ts";
import { ask } from "../../../store/settle.ts";
import type { Store } from "../../../store/store.ts";
import type { Clock } from "../../../system/clock.ts";
import type { RecurringTask } from "../../../workflow/recurring/recurring.ts";
import { plainClaimConfig } from "../../claim-config.ts";
import { type HeardLog, heardLog, memoryStore } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { settle } from "../../system/settle.ts";
import { recurringTask } from "./recurring-task.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** In which time passes. */
const STEP_MS = 2 * MINUTE;
const DAY = 24 * HOUR;
/** 2026-11-28 12:00 UTC, a Saturday. */
const NOON = Date.UTC(2026, 10, 28, 12);
/** The slot of the next night: three o'clock in Berlin. */
const NIGHT = Date.UTC(2026, 10, 29, 2);

interface Scene {
  readonly store: Store;
  readonly log: HeardLog;
  /** Time passes, in naps that a loop may take meanwhile. */
  pass(ms: number): Promise<void>;
  /** The clock on the wall is set, and no time passes. */
  setClock(to: number): void;
  now(): number;
  /** A daemon starts with these, or the one at work reads them anew. */
  start(...recurring: readonly RecurringTask[]): Promise<void>;
  reload(...recurring: readonly RecurringTask[]): Promise<void>;
  stop(): Promise<void>;
  finish(key: string): Promise<void>;
  /** What became of the slots of `nightly`, oldest first. */
  told(): Promise<readonly string[]>;
}

async function scene(t: TestContext): Promise<Scene> {
  const store = await memoryStore();
  t.after(() => store.close());
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 9 }]), NOON);
  const log = heardLog();
  let [wall, monotonic] = [NOON, 0];
  const sleepers = new Set<{ readonly until: number; readonly wakeUp: () => void }>();
  const clock: Clock = {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const sleeper = { until: monotonic + ms, wakeUp: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      }),
  };
  let [end, replaced] = [new AbortController(), new AbortController()];
  let running: Promise<void> = Promise.resolve();
  let inForce: readonly RecurringTask[] = [];
  const configure = async (recurring: readonly RecurringTask[]): Promise<void> => {
    inForce = recurring;
    const before = replaced;
    replaced = new AbortController();
    before.abort();
    await store.recurring.configure(countedSchedules(recurring), wall);
    await settle();
  };
  const stop = async (): Promise<void> => {
    end.abort();
    await running;
  };
  t.after(stop);
  const projects = new Map([["shop", project()]]);
  return {
    store,
    log,
    async pass(ms): Promise<void> {
      for (let left = ms; left > 0; left -= STEP_MS) {
        await settle();
        wall += Math.min(left, STEP_MS);
        monotonic += Math.min(left, STEP_MS);
        for (const sleeper of [...sleepers].filter(({ until }) => until <= monotonic)) {
          sleepers.delete(sleeper);
          sleeper.wakeUp();
        }
      }
      await settle();
      await settle();
    },
    setClock: (to) => {
      wall = to;
    },
    now: () => wall,
    async start(...recurring): Promise<void> {
      end = new AbortController();
      await configure(recurring);
      running = recurringLoop(
        {
          ...{ store, log, clock, projects, outside: { title: titleText, body: bodyText } },
          recurring: () => inForce,
          replaced: () => replaced.signal,
        },
        end.signal,
      );
      await settle();
    },
    reload: async (...recurring) => configure(recurring),
    stop,
    async finish(key): Promise<void> {
      const task = await store.tasks.get(key);
      const change = { kind: "cancel_task", reason: "over", target: { key } } as const;
      assert.ok(task);
      const by = { kind: "api", name: "test" } as const;
      await ask(store, [{ ...change, project: "shop", by, key: `end ${key}`, because: "test" }], null, wall);
    },
    async told(): Promise<readonly string[]> {
      const slots = await store.recurring.slots("nightly", 50);
      return slots
        .toReversed()
        .map(
          ({ at, status, task, reason }) =>
            `${new Date(at).toISOString().slice(5, 16)} ${status} ${task ?? reason}`,
        );
    },
  };
}

const QUEUE = { overlap: "queue" } as const;

test("a slot makes a task at its time, with its text filled in", async (t) => {
  const { store, start, pass, told, log } = await scene(t);
  await start(recurringTask({ agent: "night", priority: 7 }));
  await pass(NIGHT - NOON - MINUTE);
  assert.deepEqual(await told(), []);
  await pass(MINUTE);
  assert.deepEqual(await told(), ["11-29T02:00 fired SHOP-1"]);
  const [task, [job]] = [await store.tasks.get("SHOP-1"), await store.jobs.ofTask("SHOP-1")];
  assert.deepEqual([task?.title, task?.priority, job?.agent], ["Update of 2026-11-29", 7, "night"]);
  assert.ok(log.lines.some(({ event }) => event === "recurring.fired"));
});

test("overlap: skip records the slot with its reason until the task before is over", async (t) => {
  const { start, pass, told, finish } = await scene(t);
  await start(recurringTask());
  await pass(NIGHT - NOON + DAY);
  await finish("SHOP-1");
  await pass(DAY);
  assert.deepEqual(await told(), [
    "11-29T02:00 fired SHOP-1",
    "11-30T02:00 skipped SHOP-1 of an earlier slot is still active",
    "12-01T02:00 fired SHOP-2",
  ]);
});

test("missed slots after a restart: skip, latest, and all within its bounds", async (t) => {
  const ways = [
    [{ kind: "skip" }, "sss"],
    [{ kind: "latest" }, "ssf"],
    [{ kind: "all", max: 2, maxAgeMs: 9 * DAY }, "sff"],
    [{ kind: "all", max: 9, maxAgeMs: DAY }, "ssf"],
  ] as const;
  for (const [missed, expected] of ways) {
    const { start, stop, setClock, told } = await scene(t);
    await start(recurringTask({ missed, ...QUEUE }));
    await stop();
    setClock(NIGHT + 2 * DAY + HOUR);
    await start(recurringTask({ missed, ...QUEUE }));
    await settle();
    assert.equal((await told()).map((line) => line.split(" ")[1]?.[0]).join(""), expected, missed.kind);
    await stop();
  }
});

test("a machine that sleeps wakes up to what its clock says", async (t) => {
  const { start, pass, setClock, told } = await scene(t);
  await start(recurringTask(QUEUE));
  setClock(NIGHT + 4 * MINUTE);
  await pass(30_000);
  assert.deepEqual(await told(), ["11-29T02:00 fired SHOP-1"]);
});

test("I2: a clock that was set back fires no slot twice, and what it had skipped comes in its time", async (t) => {
  const { start, pass, setClock, told, log } = await scene(t);
  await start(recurringTask(QUEUE));
  setClock(NIGHT + 3 * DAY + HOUR);
  await pass(30_000);
  const ahead = await told();
  assert.deepEqual(
    ahead.map((line) => line.slice(0, 19)),
    ["11-29T02:00 skipped", "11-30T02:00 skipped", "12-01T02:00 skipped", "12-02T02:00 fired S"],
  );
  setClock(NOON + HOUR);
  await pass(30_000);
  assert.ok(log.lines.some(({ event }) => event === "recurring.clock_set_back"));
  assert.deepEqual(await told(), ["12-02T02:00 fired SHOP-1"]);
  await pass(4 * DAY);
  assert.deepEqual(await told(), [
    ...["11-29T02:00 fired SHOP-2", "11-30T02:00 fired SHOP-3", "12-01T02:00 fired SHOP-4"],
    ...["12-02T02:00 fired SHOP-1"],
  ]);
});

test("a reload: a new pattern counts from then on, one that is gone makes nothing, one that is new has missed nothing", async (t) => {
  const { start, reload, pass, told } = await scene(t);
  await start();
  await pass(DAY);
  await reload(recurringTask());
  await pass(2 * MINUTE);
  assert.deepEqual(await told(), []);
  await reload(recurringTask({ pattern: { cron: "30 12 * * *", timezone: "UTC" } }));
  await pass(HOUR);
  assert.deepEqual(await told(), ["11-29T12:30 fired SHOP-1"]);
  await reload();
  await pass(2 * DAY);
  await reload(recurringTask({ name: "renamed" }));
  await pass(MINUTE);
  assert.deepEqual(await told(), ["11-29T12:30 fired SHOP-1"]);
});

test("a text that cannot be made skips its slot with the reason, and the next one tries again", async (t) => {
  const { start, pass, told } = await scene(t);
  await start(recurringTask({ body: "{% for i in (1..99999999) %}x{% endfor %}" }));
  await pass(NIGHT - NOON + MINUTE);
  assert.match((await told())[0] ?? "", /skipped its body cannot be filled in: memory alloc limit exceeded/);
});

test("L3: a schedule that cannot be followed keeps no other from its slots", async (t) => {
  const { start, pass, told, log } = await scene(t);
  const broken = recurringTask({ name: "broken", pattern: { cron: "0 3 * * *", timezone: "Nowhere/Land" } });
  await start(broken, recurringTask());
  await pass(NIGHT - NOON + MINUTE);
  assert.deepEqual(await told(), ["11-29T02:00 fired SHOP-1"]);
  assert.ok(log.lines.some(({ event, schedule }) => event === "recurring.settle" && schedule === "broken"));
});

test("jitter makes a slot later, by as much each time", async (t) => {
  const { start, pass, store } = await scene(t);
  await start(recurringTask({ jitterMs: HOUR }));
  await pass(NIGHT - NOON + HOUR + MINUTE);
  const [slot] = await store.recurring.slots("nightly", 1);
  assert.ok(
    slot !== undefined && slot.at === NIGHT && slot.settledAt > NIGHT && slot.settledAt <= NIGHT + HOUR,
  );
});

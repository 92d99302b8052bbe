/**
 * A seeded world for the slots of recurring tasks: the real loop, decision and store, with clocks that jump both ways,
 * machines that sleep, daemons that crash, and second ones that take over while the first only slept.
 */

import { bodyText, titleText } from "../../handlers/outside-text.ts";
import { countedSchedules } from "../../scheduler/recurring/counted.ts";
import { recurringLoop } from "../../scheduler/recurring/loop.ts";
import { createStore } from "../../store/build.ts";
import type { Engine } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import { nullLog } from "../../system/log.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { project } from "../handlers/project.ts";
import { recurringTask } from "../scheduler/recurring/recurring-task.ts";
import { Broken } from "./oracle.ts";
import { simEngine } from "./ports.ts";
import { SlotChecks } from "./slots-oracle.ts";
import { EPOCH, World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FAULTS_MS = 18 * HOUR;
/** After the last fault every slot has to come in its time. */
const QUIET_MS = 5 * HOUR;
const QUEUE = { overlap: "queue" } as const;
const hourly = (minute: number): RecurringTask["pattern"] => ({ cron: `${minute} * * * *`, timezone: "UTC" });

/** Every hour, so that the oracle needs no calendar. */
export const SCHEDULES: readonly RecurringTask[] = [
  recurringTask({ name: "latest", pattern: hourly(0), missed: { kind: "latest" }, ...QUEUE }),
  recurringTask({ name: "skip", pattern: hourly(20), missed: { kind: "skip" }, ...QUEUE }),
  recurringTask({
    name: "all",
    pattern: hourly(40),
    missed: { kind: "all", max: 3, maxAgeMs: 6 * HOUR },
    ...QUEUE,
  }),
  recurringTask({ name: "alone", pattern: hourly(10), overlap: "skip", jitterMs: 20 * MINUTE }),
];

/** Bugs for the oracle to find. */
export interface SlotPlant {
  /** The schedule moves past a slot in a transaction of its own, before the slot fires. */
  readonly advanceFirst?: boolean;
  /** A daemon that starts counts every schedule from now. */
  readonly forgetful?: boolean;
  /** When the clock was set back, what has fired beyond it is forgotten, too. */
  readonly unfire?: boolean;
}

export interface SlotHistory {
  readonly steps: number;
  readonly simulatedMs: number;
  readonly lines: readonly string[];
  readonly fired: number;
  readonly skipped: number;
  readonly crashes: number;
  readonly jumps: number;
}

/** @throws Broken when a promise does not hold; the message names seed and step. */
export async function simulateSlots(seed: number, plant: SlotPlant = {}): Promise<SlotHistory> {
  const world = new World(seed);
  const engine = await openSqlite(":memory:");
  try {
    await migrate(engine, EPOCH);
    const told = await live(world, engine, plant);
    return { ...told, steps: world.steps, simulatedMs: world.now - EPOCH, lines: world.history };
  } catch (error) {
    if (error instanceof Error) error.message = `seed ${seed}, step ${world.steps}: ${error.message}`;
    throw error;
  } finally {
    await engine.close();
  }
}

interface Machine {
  readonly world: World;
  readonly engine: Engine;
  readonly plant: SlotPlant;
  /** How far the clock on the wall is from the time that passes. */
  aheadMs: number;
  dirty: boolean;
  broken: unknown;
}

async function live(
  world: World,
  engine: Engine,
  plant: SlotPlant,
): Promise<Omit<SlotHistory, "steps" | "simulatedMs" | "lines">> {
  const machine: Machine = { world, engine, plant, aheadMs: 0, dirty: false, broken: null };
  const bare = createStore(engine);
  await bare.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 9 }]), EPOCH);
  const checks = new SlotChecks(engine, SCHEDULES);
  const [prng, seen] = [world.prng, { crashes: 0, jumps: 0 }];
  let [next, owner] = [1, 0];
  const boot = (): void => {
    owner = next++;
    bootDaemon(machine, owner);
  };
  const isUnlucky = (): boolean => world.now - EPOCH < FAULTS_MS;
  const fault = (): void => {
    if (!isUnlucky()) return;
    world.at(prng.below(4 * HOUR), -1, fault);
    const [sleeper, ms] = [owner, prng.below(5 * HOUR)];
    switch (prng.below(5)) {
      case 0:
      case 1:
        seen.jumps += 1;
        machine.aheadMs +=
          (prng.below(2) === 0 ? -1 : 1) * prng.below(prng.chance(1, 4) ? 20 * HOUR : 2 * HOUR);
        return;
      case 2:
        seen.crashes += 1;
        world.silence(sleeper);
        world.at(ms, -1, () => owner === sleeper && boot());
        return;
      case 3:
        world.freeze(sleeper, ms);
        return;
      default:
        // Somebody believes it dead; it wakes up again, goes on for a while, and then is dead.
        world.freeze(sleeper, ms);
        world.at(prng.below(ms + 1), -1, () => owner === sleeper && boot());
        world.at(ms + prng.below(MINUTE), -1, () => world.silence(sleeper));
    }
  };
  const finish = (): void => {
    world.at(prng.below(2 * HOUR), -1, finish);
    finishSome(bare, world).catch((error: unknown) => {
      machine.broken = error;
    });
  };
  // Between steps, where the windows are that matter.
  world.onStep = (stepped) => {
    if (!isUnlucky() || stepped !== owner || !prng.chance(1, 600)) return;
    seen.crashes += 1;
    const dead = owner;
    world.silence(dead);
    world.at(prng.below(5 * MINUTE), -1, () => owner === dead && boot());
  };
  boot();
  fault();
  finish();
  // Whatever has struck it: at last there is one that works.
  world.at(FAULTS_MS, -1, () => {
    checks.quiet();
    world.silence(owner);
    boot();
  });
  while (await world.step()) {
    if (machine.broken !== null) throw machine.broken;
    checks.see(world.now + machine.aheadMs);
    if (machine.dirty) {
      machine.dirty = false;
      await checks.check();
    }
    if (world.now - EPOCH > FAULTS_MS + QUIET_MS)
      return { ...(await checks.atRest(world.now + machine.aheadMs, QUIET_MS - 2 * HOUR)), ...seen };
  }
  throw new Broken("the world stood still");
}

function bootDaemon(machine: Machine, owner: number): void {
  const { world, plant } = machine;
  const clock: Clock = {
    now: () => world.now + machine.aheadMs,
    monotonic: () => world.now - EPOCH,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        world.at(signal?.aborted === true ? 0 : ms, owner, resolve);
      }),
  };
  const engine = simEngine(world, owner, machine.engine, () => {
    machine.dirty = true;
  });
  const store = planted(createStore(engine), engine, plant);
  const never = new AbortController().signal;
  const run = async (): Promise<void> => {
    const counted = countedSchedules(SCHEDULES);
    if (plant.forgetful === true) await store.recurring.configure([], clock.now());
    await store.recurring.configure(counted, clock.now());
    await recurringLoop(
      {
        ...{ store, clock, log: nullLog(), projects: new Map([["shop", project()]]) },
        outside: { title: titleText, body: bodyText },
        recurring: () => SCHEDULES,
        replaced: () => never,
      },
      never,
    );
  };
  run().catch((error: unknown) => {
    machine.broken = error;
  });
}

function planted(store: Store, engine: Engine, plant: SlotPlant): Store {
  const { commit, recurring } = store;
  return {
    ...store,
    ...(plant.advanceFirst === true && {
      commit: async (...call: Parameters<typeof commit>): ReturnType<typeof commit> => {
        const [changes, delivery, now] = call;
        const slot = changes[0]?.slot ?? null;
        if (slot === null) return commit(...call);
        const sql = "update recurring set settled_to = $2 where name = $1 and settled_to < $2";
        await engine.atomic([{ sql, params: [slot.schedule, slot.at] }]);
        const late = changes.map((change) => ({ ...change, slot: { ...slot, by: "person" as const } }));
        return commit(late, delivery, now);
      },
    }),
    recurring: {
      ...recurring,
      ...(plant.unfire === true && {
        setBack: async (schedule: string, settledTo: number, now: number): Promise<void> => {
          await recurring.setBack(schedule, settledTo, now);
          const sql = "delete from recurring_slots where schedule = $1 and at > $2";
          await engine.atomic([{ sql, params: [schedule, now] }]);
        },
      }),
    },
  };
}

/** People and agents finish what there is, now and then. */
async function finishSome(store: Store, { prng, now }: World): Promise<void> {
  const { items } = await store.tasks.list({ limit: 100, before: null, status: "active" });
  const over = items.filter(() => prng.chance(2, 3));
  for (const { key, project } of over) {
    const by = { kind: "api", name: "person" } as const;
    const wish = { project, by, key: `end:${key}`, because: "it is over" };
    await ask(store, [{ kind: "cancel_task", ...wish, reason: "over", target: { key } }], null, now);
  }
}

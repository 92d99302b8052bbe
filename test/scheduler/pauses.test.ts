/** The loop that ends pauses of tasks: in time, after an absence, and never one that was prolonged. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type PausePorts, pauseLoop } from "../../scheduler/pauses.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { PauseTask } from "../../workflow/decide/pause-task.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
  NOW,
} from "../handlers/hand-moved.ts";
import { START } from "../workflow/decide/intents.ts";

interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  /** How long the loop wanted to wait (ms), turn by turn. */
  readonly waits: number[];
  pause(until: number | null, key?: string): Promise<void>;
  /** The loop takes its turns for as long as this says so, looked at before each rest. */
  turn(isGoingOn: (turns: number) => boolean | Promise<boolean>, store?: Store): Promise<void>;
  status(): Promise<string | undefined>;
}

async function scene(close: (work: () => Promise<void>) => void): Promise<Scene> {
  const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
  close(() => store.close());
  await ask(store, [{ ...START, number: 12 }], null, NOW);
  const waits: number[] = [];
  return {
    store,
    clock,
    log,
    waits,
    async pause(until, key = "k"): Promise<void> {
      const intent: PauseTask = {
        ...{ kind: "pause_task", project: "shop", because: "asked", why: null, until, key },
        ...{ by: { kind: "api", name: "alice" }, target: { key: "SHOP-12" } },
      };
      assert.equal((await ask(store, [intent], null, clock.now())).kind, "done");
    },
    async turn(isGoingOn, given = store): Promise<void> {
      const end = new AbortController();
      const wait: PausePorts["wake"]["wait"] = async (ms) => {
        waits.push(ms);
        if (!(await isGoingOn(waits.length))) end.abort();
      };
      await pauseLoop({ store: given, clock, log, wake: { ring: () => undefined, wait } }, end.signal);
    },
    status: async () => (await store.tasks.get("SHOP-12"))?.status,
  };
}

test("a pause ends when its time has come, its job may be claimed, and the history says why", async (t) => {
  const it = await scene((close) => t.after(close));
  await it.pause(NOW + 5_000);
  await it.turn((turns) => {
    it.clock.move(5_000);
    return turns < 2;
  });
  assert.deepEqual(it.waits, [5_000, 15_000]);
  assert.equal(await it.status(), "active");
  assert.equal((await it.store.jobs.ofTask("SHOP-12"))[0]?.status, "queued");
  const events = await it.store.events.of({ kind: "task", name: "SHOP-12" }, 0, 9);
  const { kind, data } = events.at(-1) ?? {};
  assert.deepEqual(
    [kind, data?.["by"], data?.["because"]],
    ["task.resumed", "chargehand", "its pause is over"],
  );
});

test("a pause whose time came while no daemon was there ends at once", async (t) => {
  const it = await scene((close) => t.after(close));
  await it.pause(NOW + 5_000);
  it.clock.move(86_400_000);
  await it.turn(() => false);
  assert.equal(await it.status(), "active");
});

test("a pause without an end, and one that was prolonged, goes on", async (t) => {
  const it = await scene((close) => t.after(close));
  await it.pause(null);
  it.clock.move(86_400_000);
  await it.turn(() => false);
  assert.equal(await it.status(), "paused");
  const [from, longer] = [it.clock.now() + 1_000, it.clock.now() + 60_000];
  await it.pause(from, "k2");
  it.clock.move(1_000);
  // Prolonged between the look and the decision.
  const late: Store = {
    ...it.store,
    pauses: {
      ...it.store.pauses,
      due: async (now) => {
        const due = await it.store.pauses.due(now);
        if (due.length > 0) await it.pause(longer, "k3");
        return due;
      },
    },
  };
  await it.turn(() => false, late);
  assert.equal(await it.status(), "paused");
  assert.equal((await it.store.tasks.get("SHOP-12"))?.pausedUntil, longer);
});

test("a database that does not answer is told and asked again, and what cannot be ended is no busy loop", async (t) => {
  const it = await scene((close) => t.after(close));
  await it.pause(NOW + 1);
  it.clock.move(1);
  let faults = 0;
  const due: Store["pauses"]["due"] = async (now) => {
    faults += 1;
    if (faults === 1) throw new StoreFault("busy", "locked", "wait");
    return (await it.store.pauses.due(now)).map((task) => ({ ...task, key: "SHOP-99" }));
  };
  await it.turn(() => false, { ...it.store, pauses: { ...it.store.pauses, due } });
  assert.deepEqual(
    it.log.lines.map(({ event }) => event),
    ["pauses.faulted"],
  );
  assert.deepEqual(it.waits, [1_000]);
});

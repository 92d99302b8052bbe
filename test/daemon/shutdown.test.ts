/** Parting from agents, over a store that fails and a clock that obeys. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Departure, departFromRuns } from "../../daemon/shutdown.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import type { Clock } from "../../system/clock.ts";
import { nullLog } from "../../system/log.ts";
import type { Run, StopReason } from "../../workflow/run.ts";

type Live = Pick<Run, "id" | "task" | "status" | "stop">;

interface Staged extends Departure {
  readonly told: string[];
  live: Live[];
}

/**
 * Runs that live, and time that passes only while somebody waits.
 *
 * @param onTick is called for every second that was waited
 */
function stage(first: readonly Live[], onTick: (staged: Staged) => void = () => undefined): Staged {
  const told: string[] = [];
  let now = 0;
  const pass = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const isOver = (): boolean => signal?.aborted === true;
    for (let waited = 0; waited < ms && !isOver(); waited += 1_000) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) return;
      now += Math.min(1_000, ms - waited);
      onTick(staged);
    }
  };
  const clock: Clock = { now: () => now, monotonic: () => now, sleep: pass };
  const staged: Staged = {
    told,
    live: [...first],
    runs: {
      live: async () => staged.live.map((run) => run as Run),
      askToStop: async (id: string, reason: StopReason) => {
        told.push(`${id} asked: ${reason}`);
        staged.live = staged.live.map((run) => (run.id === id ? { ...run, stop: reason } : run));
        return true;
      },
    },
    quiet: async () => void told.push("quiet"),
    runsInHand: () => staged.live.length,
    nextEnd: () => new Promise(() => undefined),
    clock,
    log: nullLog(),
  };
  return staged;
}

const RUNNING: Live = { id: "r1", task: "SHOP-1", status: "running", stop: null };
const STARTING: Live = { id: "r2", task: "SHOP-2", status: "starting", stop: null };
const PATIENT = new AbortController().signal;

test("E1: nothing is started from the first moment on, in every mode", async () => {
  for (const mode of ["detach", "drain", "stop"] as const) {
    const staged = stage([]);
    assert.equal(await departFromRuns(mode, staged, PATIENT), 0);
    assert.deepEqual(staged.told, ["quiet"]);
  }
});

test("`detach` leaves what runs, and waits two seconds at most for what is being started", async () => {
  assert.equal(await departFromRuns("detach", stage([RUNNING]), PATIENT), 1);
  const soon = stage([RUNNING, STARTING], (staged) => {
    staged.live = [RUNNING, { ...STARTING, status: "running" }];
  });
  assert.equal(await departFromRuns("detach", soon, PATIENT), 2);
  assert.ok(soon.clock.monotonic() < 2_000);
  const never = stage([STARTING]);
  assert.equal(await departFromRuns("detach", never, PATIENT), 1);
  assert.ok(never.clock.monotonic() >= 2_000 && never.clock.monotonic() < 3_000);
});

test("`drain` asks nobody to stop and waits for hours; who is in a hurry ends the waiting", async () => {
  const hours = stage([RUNNING], (staged) => {
    if (staged.clock.now() >= 5 * 3_600_000) staged.live = [];
  });
  assert.equal(await departFromRuns("drain", hours, PATIENT), 0);
  assert.deepEqual(hours.told, ["quiet"]);
  const hurry = new AbortController();
  const left = stage([RUNNING], (staged) => {
    if (staged.clock.now() >= 60_000) hurry.abort();
  });
  assert.equal(await departFromRuns("drain", left, hurry.signal), 1);
});

test("E3: `stop` asks each live run once, also one that is only being started, and waits until they are over", async () => {
  const staged = stage([RUNNING, STARTING], (all) => {
    if (all.clock.now() >= 9_000) all.live = [];
  });
  assert.equal(await departFromRuns("stop", staged, PATIENT), 0);
  const asked = staged.told.filter((line) => line.includes("asked"));
  assert.deepEqual(asked, ["r1 asked: shutdown", "r2 asked: shutdown"]);
});

test("the end of a run is heard at once, and not only when the waiting looks again", async () => {
  const staged = stage([RUNNING]);
  const nextEnd = async (): Promise<void> => {
    staged.live = [];
  };
  assert.equal(
    await departFromRuns("drain", { ...staged, nextEnd, runsInHand: () => staged.live.length }, PATIENT),
    0,
  );
  assert.equal(staged.clock.now(), 0);
});

test("`stop` keeps the reason somebody else gave first, and its patience ends after a minute", async () => {
  const staged = stage([{ ...RUNNING, stop: "cancelled" }]);
  assert.equal(await departFromRuns("stop", staged, PATIENT), 1);
  assert.equal(
    staged.told.some((line) => line.includes("asked")),
    false,
  );
  assert.ok(staged.clock.monotonic() >= 60_000);
});

test("a store that fails for a while keeps nobody from being asked, and keeps no daemon from ending", async () => {
  const fault = (): Promise<never> => Promise.reject(new StoreFault("full", "the disk is full", "make room"));
  let isFull = true;
  const staged = stage([RUNNING], (all) => {
    isFull = all.clock.now() < 5_000;
    if (all.told.some((line) => line.includes("asked"))) all.live = [];
  });
  const { askToStop, live } = staged.runs;
  const runs = {
    live,
    askToStop: (id: string, reason: StopReason) => (isFull ? fault() : askToStop(id, reason)),
  };
  assert.equal(
    await departFromRuns("stop", { ...staged, runs, runsInHand: () => staged.live.length }, PATIENT),
    0,
  );
  const blind = { ...stage([RUNNING]), runs: { live: fault, askToStop: fault } };
  assert.equal(await departFromRuns("detach", blind, PATIENT), 1);
});

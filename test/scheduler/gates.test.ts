/** The loop that ends approvals which nobody gives: in time, after an absence, and never one that was answered. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type GatePorts, gateLoop } from "../../scheduler/gates.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import { plainClaimConfig } from "../claim-config.ts";
import {
  type HandClock,
  type HeardLog,
  handClock,
  heardLog,
  memoryStore,
  NOW,
} from "../handlers/hand-moved.ts";
import { finished } from "../workflow/decide/intents.ts";
import { APPROVAL, answer, PIPELINE, phase, starting } from "../workflow/decide/phases.ts";

interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly log: HeardLog;
  /** How long the loop wanted to wait (ms), turn by turn. */
  readonly waits: number[];
  put(intent: Intent): Promise<void>;
  /** The loop takes its turns for as long as this says so, looked at before each rest. */
  turn(isGoingOn: (turns: number) => boolean | Promise<boolean>, store?: Store): Promise<void>;
  /** The task's status, and that of what was asked about it. */
  status(): Promise<readonly (string | undefined)[]>;
}

const TARGET = { key: "SHOP-12" } as const;
const OPERATOR = {
  by: { kind: "cli", name: "op" },
  because: "asked",
  target: TARGET,
  project: "shop",
} as const;

/** A task whose first phase was asked about, and expires in five seconds. */
async function scene(close: (work: () => Promise<void>) => void, isPaused = false): Promise<Scene> {
  const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
  close(() => store.close());
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 9 }]), NOW);
  const put = async (intent: Intent): Promise<void> => {
    assert.equal((await ask(store, [intent], null, clock.now())).kind, "done");
  };
  const gate = { ...APPROVAL, expiresMs: 5_000 };
  await put(starting({ ...PIPELINE, phases: [phase("plan", { gate }), phase("work")] }));
  const claim = (await store.jobs.claim({ run: "r1", concurrency: 9, now: NOW })) ?? assert.fail();
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1, heard: 0 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  await store.runs.started("r1", claim.run.fence, plan, identity, NOW);
  await store.runs.exited("r1", 0, null, NOW);
  if (isPaused) await put({ kind: "pause_task", ...OPERATOR, key: "p", why: null, until: null });
  const found = { branch: null, commit: null, summary: null, session: null };
  const { id: job, fence } = claim.job;
  await put({ ...finished({ status: "succeeded", ...found }), job, fence });
  const waits: number[] = [];
  return {
    ...{ store, clock, log, waits, put },
    async turn(isGoingOn, given = store): Promise<void> {
      const end = new AbortController();
      const wait: GatePorts["wake"]["wait"] = async (ms) => {
        waits.push(ms);
        if (!(await isGoingOn(waits.length))) end.abort();
      };
      await gateLoop({ store: given, clock, log, wake: { ring: () => undefined, wait } }, end.signal);
    },
    status: async () => [
      (await store.tasks.get("SHOP-12"))?.status,
      (await store.approvals.newest("SHOP-12"))?.status,
    ],
  };
}

test("D6: an approval expires at its time and not before, its task fails, and the log says so", async (t) => {
  const it = await scene((close) => t.after(close));
  assert.deepEqual(await it.status(), ["blocked", "pending"]);
  await it.turn(async (turns) => {
    it.clock.move(turns === 1 ? 4_999 : 1);
    return turns < 3;
  });
  assert.deepEqual(it.waits, [5_000, 1, 15_000]);
  assert.deepEqual(await it.status(), ["failed", "expired"]);
  assert.deepEqual(
    it.log.lines.map(({ event, task }) => [event, task]),
    [["gate.expired", "SHOP-12"]],
  );
});

test("D6: what expired while no daemon was there expires at once", async (t) => {
  const it = await scene((close) => t.after(close));
  it.clock.move(86_400_000);
  await it.turn(() => false);
  assert.deepEqual(await it.status(), ["failed", "expired"]);
});

test("D6: an answer between the look and the decision wins, and a paused task waits with everything", async (t) => {
  const it = await scene((close) => t.after(close), true);
  it.clock.move(86_400_000);
  await it.turn(() => false);
  assert.deepEqual(await it.status(), ["paused", "pending"]);
  await it.put({ kind: "resume_task", ...OPERATOR, key: "r", onlyDue: false });
  const late: Store["approvals"]["due"] = async (now) => {
    const due = await it.store.approvals.due(now);
    if (due.length > 0) await it.put(answer("approve", { target: TARGET }));
    return due;
  };
  await it.turn(() => false, { ...it.store, approvals: { ...it.store.approvals, due: late } });
  assert.deepEqual(await it.status(), ["active", "approved"]);
});

test("a database that does not answer is told and asked again, and what cannot be ended is no busy loop", async (t) => {
  const it = await scene((close) => t.after(close));
  it.clock.move(5_000);
  let faults = 0;
  const due: Store["approvals"]["due"] = async (now) => {
    faults += 1;
    if (faults === 1) throw new StoreFault("busy", "locked", "wait");
    return (await it.store.approvals.due(now)).map((one) => ({ ...one, task: "SHOP-99" }));
  };
  await it.turn(() => false, { ...it.store, approvals: { ...it.store.approvals, due } });
  assert.deepEqual(
    it.log.lines.map(({ event }) => event),
    ["gates.faulted"],
  );
  assert.deepEqual(it.waits, [1_000]);
});

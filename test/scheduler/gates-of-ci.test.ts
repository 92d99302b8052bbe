/** The loop that ends what nobody says: approvals and CI, each in its time, and none of a paused task. */

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type GatePorts, gateLoop } from "../../scheduler/gates.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Gate } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { type HandClock, handClock, heardLog, memoryStore, NOW } from "../handlers/hand-moved.ts";
import { SUCCESS } from "../workflow/decide/intents.ts";
import { APPROVAL, CI, phase, reporting, starting } from "../workflow/decide/phases.ts";

interface Scene {
  readonly store: Store;
  readonly clock: HandClock;
  readonly key: string;
  /** The loop takes this many turns; how long it wanted to wait (ms) after each. */
  turns(count: number): Promise<readonly number[]>;
  status(): Promise<string | undefined>;
}

/** A task whose only phase has been played, and waits. */
async function waiting(t: TestContext, gate: Gate): Promise<Scene> {
  const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
  t.after(() => store.close());
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
  const workflow = { name: "flow", description: "", phases: [phase("work", { gate })] } as const;
  const begun = await ask(store, [starting(workflow)], null, NOW);
  const key = begun.kind === "done" ? (begun.tasks[0] ?? "") : assert.fail(begun.kind);
  const { job, run } = (await store.jobs.claim({ run: "r", concurrency: 1, now: NOW })) ?? assert.fail();
  const ended = { kind: "run_finished", run: "r", task: key, job: job.id, fence: run.fence } as const;
  const chance = { jitter: 0, maxAttempts: 1, keptForMs: 0 } as const;
  await store.runs.exited("r", 0, null, NOW);
  await ask(store, [{ ...ended, ...chance, outcome: SUCCESS }], null, NOW);
  return {
    ...{ store, clock, key },
    turns: async (count) => {
      const end = new AbortController();
      const waits: number[] = [];
      const wait: GatePorts["wake"]["wait"] = async (ms) => {
        waits.push(ms);
        if (waits.length === count) end.abort();
      };
      await gateLoop({ store, clock, log, wake: { ring: () => undefined, wait } }, end.signal);
      return waits;
    },
    status: async () => (await store.tasks.get(key))?.status,
  };
}

test("I7: CI that says nothing is waited for until its time, and then its task fails and says so", async (t) => {
  const it = await waiting(t, CI);
  assert.deepEqual([await it.turns(1), await it.status()], [[10_000], "active"]);
  it.clock.move(10_000);
  assert.deepEqual([await it.turns(1), await it.status()], [[15_000], "failed"]);
  assert.equal((await it.store.ci.newest(it.key))?.status, "expired");
});

test("D6: the grace for a first check ends earlier, by the rule of the workflow", async (t) => {
  const it = await waiting(t, { ...CI, noChecks: "pass" });
  assert.deepEqual(await it.turns(1), [1_000]);
  it.clock.move(1_000);
  assert.deepEqual([await it.turns(1), await it.status()], [[15_000], "done"]);
});

test("I7: a paused task waits with everything, and time goes on where it is resumed", async (t) => {
  const it = await waiting(t, CI);
  const about = { project: "shop", because: "asked", target: { key: it.key } } as const;
  const by = { kind: "cli", name: "op" } as const;
  await ask(it.store, [{ kind: "pause_task", ...about, by, key: "p", why: null, until: null }], null, NOW);
  it.clock.move(10_000);
  assert.deepEqual([await it.turns(1), await it.status()], [[15_000], "paused"]);
  await ask(it.store, [{ kind: "resume_task", ...about, by, key: "r", onlyDue: false }], null, NOW);
  assert.deepEqual([await it.turns(1), await it.status()], [[15_000], "failed"]);
});

test("D6: the sooner of approval and CI is looked at first, and any_of needs both noes", async (t) => {
  const approval = { ...APPROVAL, expiresMs: 3_000 };
  const it = await waiting(t, { kind: "any_of", approval, ci: { ...CI, noChecks: "fail" } });
  assert.deepEqual([await it.turns(1), await it.status()], [[1_000], "blocked"]);
  const pending = reporting({ test: "pending" }, { target: { key: it.key }, commit: null });
  await ask(it.store, [pending], null, NOW);
  assert.deepEqual([await it.turns(1), await it.status()], [[3_000], "blocked"]);
  it.clock.move(3_000);
  assert.deepEqual([await it.turns(1), await it.status()], [[7_000], "active"]);
  it.clock.move(7_000);
  assert.deepEqual([await it.turns(1), await it.status()], [[15_000], "failed"]);
});

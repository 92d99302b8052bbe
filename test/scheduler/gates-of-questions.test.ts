/** The loop that ends what nobody has answered in time: approvals and questions, in time and after an absence. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { gateLoop } from "../../scheduler/gates.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { RunOutcome } from "../../workflow/run.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { handClock, heardLog, memoryStore, NOW } from "../handlers/hand-moved.ts";
import { APPROVAL, PIPELINE, phase, starting } from "../workflow/decide/phases.ts";
import { asks } from "../workflow/questions.ts";

const FOUND = { status: "succeeded", branch: null, commit: null, summary: null, session: null } as const;

/** A task whose only run has ended like this. */
async function waiting(store: Store, workflow: Workflow, outcome: RunOutcome): Promise<void> {
  await store.projects.configure(plainClaimConfig([{ name: "shop", concurrency: 1 }]), NOW);
  await ask(store, [starting(workflow)], null, NOW);
  const { job, run } = (await store.jobs.claim({ run: "r", concurrency: 9, now: NOW })) ?? assert.fail();
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard: 0 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  await store.runs.started(run.id, run.fence, plan, identity, NOW);
  await store.runs.exited(run.id, 0, null, NOW);
  const about = {
    run: run.id,
    task: job.task,
    job: job.id,
    fence: run.fence,
    jitter: 0,
    maxAttempts: 1,
    keptForMs: 0,
  };
  await ask(store, [{ kind: "run_finished", ...about, outcome }], null, NOW);
  assert.equal((await store.tasks.get("SHOP-12"))?.status, "blocked");
}

for (const what of ["approval", "question"] as const)
  test(`B3, D6: an ${what === "approval" ? "approval" : "answer"} that nobody gives ends at its time, and no earlier`, async (t) => {
    const [store, clock, log] = [await memoryStore(), handClock(), heardLog()];
    t.after(() => store.close());
    const gate = what === "approval" ? { ...APPROVAL, expiresMs: 20_000 } : ({ kind: "none" } as const);
    const asked = what === "question" ? { asks: asks({ expiresMs: 20_000 }) } : {};
    await waiting(store, { ...PIPELINE, phases: [phase("work", { gate })] }, { ...FOUND, ...asked });
    const [waits, end] = [[] as number[], new AbortController()];
    const wait = async (ms: number): Promise<void> => {
      waits.push(ms);
      if (waits.length === 3) end.abort();
      if (waits.length < 3) clock.move(ms);
    };
    await gateLoop({ store, clock, log, wake: { ring: () => undefined, wait } }, end.signal);
    assert.deepEqual(waits, [15_000, 5_000, 15_000]);
    assert.equal((await store.tasks.get("SHOP-12"))?.status, "failed");
    const ended = log.lines.filter(
      ({ event }) => event === `${what === "approval" ? "gate" : "question"}.expired`,
    );
    assert.deepEqual(
      ended.map(({ task }) => task),
      ["SHOP-12"],
    );
  });

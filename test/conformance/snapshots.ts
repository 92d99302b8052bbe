/** Snapshots in rows: how a task stood when a phase ended, whatever became of it later. */

import assert from "node:assert/strict";
import { ask } from "../../store/settle.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { RunOutcome } from "../../workflow/run.ts";
import { reportOne } from "../report-one.ts";
import { answer, artifact, PIPELINE, starting } from "../workflow/decide/phases.ts";
import { configure, type Exercise, NOW, type TestDatabase } from "./database.ts";

const KEY = "SHOP-12";

async function put({ store }: TestDatabase, intent: Intent, now: number): Promise<void> {
  const { kind } = await ask(store, [intent], null, now);
  assert.ok(kind === "done", kind);
}

/** The next run of the queue uses so many tokens, and ends like this. */
async function play(
  database: TestDatabase,
  run: string,
  outcome: Partial<RunOutcome>,
  now: number,
): Promise<void> {
  const { store } = database;
  const claim = (await store.jobs.claim({ run, concurrency: 9, now })) ?? assert.fail("nothing was claimed");
  const { fence } = claim.run;
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard: 0 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  assert.equal(await store.runs.started(run, fence, plan, identity, now), true);
  const tokens = {
    inputTokens: 10,
    outputTokens: 5,
    cacheReadTokens: 1,
    cacheCreationTokens: 1,
    reasoningTokens: 0,
  };
  const usage = [{ model: "m", ...tokens, costNanos: 1_000, costSource: "agent" as const }];
  const progress = { logOffset: 1, transcript: "{}", session: null, model: null, usage, activeAt: now };
  assert.equal(await reportOne(store.runs, run, progress), true);
  await store.runs.exited(run, 0, null, now);
  const found = { status: "succeeded", branch: null, commit: null, summary: null, session: null } as const;
  const about = {
    run,
    task: claim.job.task,
    job: claim.job.id,
    fence,
    jitter: 0,
    maxAttempts: 5,
    keptForMs: 0,
  };
  const ended = { ...found, ...outcome } as RunOutcome;
  await put(database, { kind: "run_finished", ...about, outcome: ended }, now);
}

const FAILED: Partial<RunOutcome> = {
  ...{ status: "failed", failure: "artifact", reason: "no artifact", summary: null, session: null },
  retryAfterMs: 0,
};

export function exerciseSnapshots(exercise: Exercise): void {
  exercise(
    "D13: the end of each phase leaves a snapshot, and what happens later changes none",
    async (database) => {
      const { store } = database;
      await configure(database, "shop");
      await put(database, starting(PIPELINE), NOW);
      assert.deepEqual(await store.snapshots.ofTask(KEY), []);
      await play(database, "a", FAILED, NOW + 1);
      await play(database, "b", { artifact: artifact("fine"), session: "s1", turns: 12 }, NOW + 2);
      assert.deepEqual(await store.snapshots.ofTask(KEY), [], "it is not over while somebody is asked");
      await put(database, answer("approve"), NOW + 3);
      const [first, ...others] = await store.snapshots.ofTask(KEY);
      assert.deepEqual(others, []);
      assert.deepEqual(
        { ...first, events: 0, agents: Object.keys(first?.agents ?? {}) },
        {
          ...{ seq: 1, branch: null, commit: null, events: 0, run: "b", runs: 2 },
          ...{ inputTokens: 24, outputTokens: 10, costNanos: 2_000, takenAt: NOW + 3 },
          agents: ["analysis", "developer", "review", "test"],
        },
      );
      assert.equal(first?.events, (await store.tasks.get(KEY))?.events);
      assert.equal((await store.phases.ofTask(KEY))[0]?.session?.turns, 12);
      await play(database, "c", { branch: "work", commit: "c0ffee", files: 1 }, NOW + 4);
      const [again, second] = await store.snapshots.ofTask(KEY);
      assert.deepEqual(again, first);
      assert.deepEqual(
        [second?.seq, second?.branch, second?.commit, second?.run, second?.runs],
        [2, "work", "c0ffee", "c", 1],
      );
    },
  );
}

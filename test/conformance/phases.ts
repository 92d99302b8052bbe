/** Phases, artifacts, approvals and feedback in rows: what decisions write is what the next decision reads. */

import assert from "node:assert/strict";
import { ask } from "../../store/settle.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { Decision } from "../../workflow/decide/decision.ts";
import type { RunOutcome } from "../../workflow/run.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import { answer, artifact, PIPELINE, phase, starting } from "../workflow/decide/phases.ts";
import { changeOf, configure, dump, type Exercise, NOW, type TestDatabase } from "./database.ts";

async function start(database: TestDatabase, workflow: Workflow = PIPELINE): Promise<string> {
  await configure(database, "shop");
  const asked = await ask(database.store, [starting(workflow)], null, NOW);
  return asked.kind === "done" ? (asked.tasks[0] ?? "") : assert.fail(asked.kind);
}

async function put({ store }: TestDatabase, intent: Intent, now = NOW): Promise<string> {
  return (await ask(store, [intent], null, now)).kind;
}

/** The next run of the queue begins, and ends like this. */
async function play(
  database: TestDatabase,
  run: string,
  outcome: Partial<Extract<RunOutcome, { status: "succeeded" }>> = {},
  heard = 0,
): Promise<string | null> {
  const { store } = database;
  const claim = await store.jobs.claim({ run, concurrency: 9, now: NOW });
  if (claim === null) return null;
  const { job } = claim;
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  assert.equal(await store.runs.started(run, claim.run.fence, plan, identity, NOW), true);
  await store.runs.exited(run, 0, null, NOW);
  const found = { branch: null, commit: null, summary: null, session: null };
  const ended = { status: "succeeded", ...found, ...outcome } as const;
  const fence = claim.run.fence;
  const about = { run, task: job.task, job: job.id, fence, jitter: 0, maxAttempts: 2, keptForMs: 0 };
  assert.equal(await put(database, { kind: "run_finished", ...about, outcome: ended }), "done");
  return job.phase;
}

async function told({ store }: TestDatabase, key: string): Promise<readonly string[]> {
  return (await store.phases.ofTask(key)).map((row) => `${row.phase}#${row.cycle} ${row.status}`);
}

export function exercisePhases(exercise: Exercise): void {
  exercise(
    "D1: a task is pinned to its workflow as it was, whatever comes to be of that name",
    async (database) => {
      const { store } = database;
      const task = (await store.tasks.get(await start(database))) ?? assert.fail();
      assert.deepEqual(await store.workflows.ofTask(task), PIPELINE);
      const other = { ...PIPELINE, phases: [phase("only")] } as const;
      const second = await put(database, {
        ...starting(other),
        kind: "start_task",
        key: "k2",
        refs: [],
        number: 77,
      } as Intent);
      assert.equal(second, "done");
      assert.deepEqual(await store.workflows.ofTask(task), PIPELINE);
      assert.deepEqual(task.agents, {
        analysis: "developer",
        developer: "developer",
        review: "developer",
        test: "developer",
      });
    },
  );

  exercise(
    "A5, D6: a task walks, asks, is answered once, and goes on in the session of its role",
    async (database) => {
      const { store } = database;
      const key = await start(database);
      assert.equal(await play(database, "a", { artifact: artifact("fine"), session: "s1" }), "analysis");
      assert.equal((await store.tasks.get(key))?.status, "blocked");
      assert.equal(await play(database, "b"), null, "nothing is claimable while somebody is asked");
      const asked = (await store.approvals.newest(key)) ?? assert.fail();
      assert.deepEqual(
        [asked.phase, asked.artifact, asked.status],
        ["analysis", artifact("fine").sha256, "pending"],
      );
      assert.equal(await put(database, { ...answer("approve"), target: { key } }), "done");
      assert.equal(await put(database, { ...answer("reject"), target: { key } }), "refused");
      const after = await store.approvals.newest(key);
      assert.deepEqual([after?.status, after?.decidedBy, after?.decidedFrom], ["approved", "bob", "cli"]);
      assert.equal(await play(database, "c", { session: "s2" }), "work");
      assert.equal(
        await play(database, "d", { artifact: artifact("changes_requested", "ef".repeat(32)) }),
        "review",
      );
      const job = (await store.jobs.ofTask(key)).at(-1);
      assert.deepEqual([job?.phase, job?.session, job?.sessionAgent], ["work", "s2", "developer"]);
      assert.deepEqual(await told(database, key), [
        ...["analysis#1 completed", "work#1 completed", "review#1 completed", "work#2 running"],
      ]);
      assert.deepEqual(
        (await store.phases.inputs(key)).map((one) => `${one.phase} ${one.cycle} ${one.run}`),
        [...["analysis 1 a", "review 1 d"]],
      );
    },
  );

  exercise("D6: an approval that several have to give counts each of them once", async (database) => {
    const gate = {
      ...(PIPELINE.phases[0].gate.kind === "approval" ? PIPELINE.phases[0].gate : assert.fail()),
      count: 3,
    };
    const key = await start(database, { ...PIPELINE, phases: [phase("plan", { gate })] });
    await play(database, "a");
    for (const name of ["bob", 'carol "x"', "bob", "dave"]) {
      const said = answer("approve", { key: `k:${name}`, by: { kind: "cli", name }, target: { key } });
      await put(database, said);
    }
    const asked = await database.store.approvals.newest(key);
    assert.deepEqual(
      [asked?.status, asked?.votes, asked?.decidedBy],
      ["approved", ["bob", 'carol "x"'], "dave"],
    );
    assert.equal((await database.store.tasks.get(key))?.status, "done");
  });

  exercise(
    "D6: what nobody answers is due at its time, while its task waits for it alone",
    async (database) => {
      const gate = {
        kind: "approval",
        approvers: [],
        count: 1,
        notAuthor: false,
        expiresMs: 500,
        onReject: "retry",
      } as const;
      const key = await start(database, { ...PIPELINE, phases: [phase("plan", { gate })] });
      const { approvals } = database.store;
      assert.equal(await approvals.nextDue(), null);
      await play(database, "a");
      assert.deepEqual([await approvals.nextDue(), await approvals.due(NOW + 499)], [NOW + 500, []]);
      const [due] = await approvals.due(NOW + 500);
      assert.equal(due?.task, key);
      assert.equal(
        await put(database, { kind: "expire_gate", task: key, approval: due.id }, NOW + 500),
        "done",
      );
      assert.deepEqual([await approvals.nextDue(), (await approvals.newest(key))?.status], [null, "expired"]);
    },
  );

  exercise("G4: feedback is told in order until a run has taken it in, and never again", async (database) => {
    const { store } = database;
    const key = await start(database);
    const by = { kind: "cli", name: "bob" } as const;
    const say = (text: string): Intent => {
      return { kind: "say", project: "shop", by, key: text, because: "asked", target: { key }, text };
    };
    for (const text of ["one", "two"]) assert.equal(await put(database, say(text)), "done");
    const unheard = await store.approvals.unheard(key);
    assert.deepEqual(
      unheard.map(({ by: name, text }) => `${name}: ${text}`),
      ["bob: one", "bob: two"],
    );
    await put(database, say("three"));
    await play(database, "a", {}, unheard.at(-1)?.id ?? 0);
    assert.deepEqual(
      (await store.approvals.unheard(key)).map(({ text }) => text),
      ["three"],
    );
  });

  exercise("I11: a task stands in one phase, and a change of the past is refused whole", async (database) => {
    const key = await start(database);
    const before = await dump(database);
    const version = (await database.store.tasks.get(key))?.version ?? 0;
    const twice = {
      change: "enter",
      seq: 2,
      phase: "work",
      role: "r",
      agent: "a",
      cycle: 1,
      pass: 1,
    } as const;
    const wrong: readonly Partial<Pick<Extract<Decision, { kind: "change" }>, "phases">>[] = [
      { phases: [twice] },
      { phases: [{ change: "complete", seq: 1 }] },
      { phases: [{ change: "validate", seq: 9 }] },
    ];
    for (const more of wrong) {
      const commit = database.store.commit([changeOf(key, more, version)], null, NOW);
      const result = await commit.then(
        ({ kind }) => kind,
        () => "conflict",
      );
      assert.equal(result, "conflict");
      assert.deepEqual(await dump(database), before);
    }
  });
}

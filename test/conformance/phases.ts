/** Phases, artifacts, approvals and feedback in rows: what decisions write is what the next decision reads. */

import assert from "node:assert/strict";
import { ask } from "../../store/settle.ts";
import { UNCHANGED } from "../../workflow/decide/change.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { Decision } from "../../workflow/decide/decision.ts";
import type { CheckStatus } from "../../workflow/phases/ci.ts";
import type { RunOutcome } from "../../workflow/run.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import {
  APPROVAL,
  answer,
  artifact,
  CI,
  PIPELINE,
  phase,
  reporting,
  starting,
} from "../workflow/decide/phases.ts";
import { FACTS } from "../workflow/decide/snapshot.ts";
import { changeOf, configure, dump, type Exercise, NOW, type TestDatabase } from "./database.ts";

async function start(database: TestDatabase, workflow: Workflow = PIPELINE): Promise<string> {
  await configure(database, "shop");
  const asked = await ask(database.store, [starting(workflow)], null, NOW);
  return asked.kind === "done" ? (asked.tasks[0] ?? "") : assert.fail(asked.kind);
}

async function put({ store }: TestDatabase, intent: Intent, now = NOW): Promise<string> {
  return (await ask(store, [intent], null, now)).kind;
}

type Succeeded = Extract<RunOutcome, { status: "succeeded" }>;

/** The next run of the queue begins, and ends like this. */
async function play(
  database: TestDatabase,
  run: string,
  outcome: Partial<Succeeded> | Exclude<RunOutcome, Succeeded> = {},
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
  const ended: RunOutcome = "reason" in outcome ? outcome : { status: "succeeded", ...found, ...outcome };
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
    "D1: what a repository says is stored with its last good version, by project",
    async ({ store }) => {
      const { repositories } = store;
      assert.deepEqual([await repositories.get("shop"), await repositories.list()], [null, []]);
      const first = { project: "shop", origin: "o", commit: "c1", good: null, trouble: "bad", since: NOW };
      await repositories.keep(first, NOW);
      assert.deepEqual(await repositories.get("shop"), first);
      const second = { ...first, commit: "c2", good: { workflow: PIPELINE, commit: "c2" }, trouble: null };
      await repositories.keep(second, NOW);
      await repositories.keep(second, NOW + 1);
      assert.deepEqual(await repositories.list(), [second]);
    },
  );

  exercise(
    "D1: a task waits for its workflow, begins with it once, and whoever it has chosen plays",
    async (database) => {
      const { store } = database;
      await configure(database, "shop");
      const pins = { model: "m", effort: null, agent: null, agents: { review: "careful" } };
      const facts = {
        prefix: "SHOP",
        workflow: null,
        agent: "developer",
        agents: { test: "strict" },
        baseBranch: "release",
        pins,
      };
      assert.equal(
        await put(database, { ...starting(PIPELINE), kind: "start_task", facts } as Intent),
        "done",
      );
      const before = (await store.tasks.get("SHOP-12")) ?? assert.fail();
      assert.deepEqual([before.workflow, before.workflowHash, before.pins], ["repository", null, pins]);
      assert.deepEqual(await store.repositories.awaiting(), [{ task: "SHOP-12", project: "shop" }]);
      assert.equal(
        await store.jobs.claim({ run: "r0", concurrency: 9, now: NOW }),
        null,
        "nothing runs before",
      );
      const found = { workflow: PIPELINE, from: "repository", commit: "c", trouble: null } as const;
      const settling = { kind: "settle_workflow", task: "SHOP-12" } as const;
      assert.equal(await put(database, { ...settling, found: { reason: "no", remedy: null } }), "done");
      assert.equal(await put(database, { ...settling, found }), "done");
      assert.equal(await put(database, { ...settling, found }), "ignored");
      assert.deepEqual(await store.repositories.awaiting(), []);
      const after = (await store.tasks.get("SHOP-12")) ?? assert.fail();
      assert.deepEqual(await store.workflows.ofTask(after), PIPELINE);
      assert.deepEqual(
        [after.agents["review"], after.agents["test"], after.agent, after.base, after.workflow],
        ["careful", "strict", "developer", "release", PIPELINE.name],
      );
      assert.deepEqual(await told(database, "SHOP-12"), [`${PIPELINE.phases[0].key}#1 running`]);
      const claim = await store.jobs.claim({ run: "r1", concurrency: 9, now: NOW });
      assert.deepEqual([claim?.job.phase, claim?.job.opens], [PIPELINE.phases[0].key, false]);
    },
  );

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
    "A5, D6, E7: a task walks, asks, is answered once, and goes on in the session of its role",
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
      // E7: the reviewer's word stands beside those of people.
      const words = (await store.approvals.ofTask(key)).map(
        ({ phase, status, decidedBy, decidedFrom, artifact: about }) =>
          `${phase} ${status} by ${decidedBy} (${decidedFrom}) of ${about?.slice(0, 2)}`,
      );
      assert.deepEqual(words, [
        `analysis approved by bob (cli) of ${artifact("fine").sha256.slice(0, 2)}`,
        "review rejected by developer (agent) of ef",
      ]);
      assert.deepEqual(await told(database, key), [
        ...["analysis#1 completed", "work#1 completed", "review#1 completed", "work#2 running"],
      ]);
      assert.deepEqual(
        (await store.phases.inputs(key)).map((one) => `${one.phase} ${one.cycle} ${one.run}`),
        [...["analysis 1 a", "review 1 d"]],
      );
    },
  );

  exercise(
    "A5, D4: an artifact that was refused is kept with what was wrong, and nothing goes by it",
    async (database) => {
      const { store } = database;
      const key = await start(database);
      const problems = ['top level: lacks the property "risk"', "steps: must be\nnumber"];
      const wrong = { ...artifact(null, "cd".repeat(32)), text: "{}", isValid: false, problems };
      const refused = { status: "failed", failure: "artifact", reason: "it lacks a risk" } as const;
      const rest = { summary: null, session: "s1", retryAfterMs: 0, artifact: wrong };
      assert.equal(await play(database, "a", { ...refused, ...rest }), "analysis");
      assert.deepEqual(await store.phases.inputs(key), []);
      assert.equal(await store.approvals.newest(key), null);
      const [entered] = await store.phases.ofTask(key);
      assert.deepEqual([entered?.status, entered?.artifact, entered?.verdict], ["running", null, null]);
      assert.equal(await play(database, "b", { artifact: artifact("fine") }), "analysis");
      const kept = await store.phases.artifacts({ task: key, limit: 9, before: null });
      assert.deepEqual(
        kept.items.map((one) => [one.run, one.sha256.slice(0, 4), one.text, one.isValid, one.problems]),
        [
          ["b", "abab", "{}", true, []],
          ["a", "cdcd", "{}", false, problems],
        ],
      );
      assert.deepEqual(
        (await store.phases.inputs(key)).map(({ run }) => run),
        ["b"],
      );
      assert.equal((await store.approvals.newest(key))?.artifact, artifact("fine").sha256);
    },
  );

  exercise("D6: an approval that several have to give counts each of them once", async (database) => {
    const gate = {
      ...(PIPELINE.phases[0].gate.kind === "approval" ? PIPELINE.phases[0].gate : assert.fail()),
      count: 3,
    };
    const key = await start(database, { ...PIPELINE, phases: [phase("plan", { gate })] });
    await play(database, "a");
    const approve = async (name: string, as = name): Promise<void> => {
      await put(database, answer("approve", { key: `k:${as}`, by: { kind: "cli", name }, target: { key } }));
    };
    for (const name of ["bob", 'carol "x"', "bob"]) await approve(name);
    const { id = 0, votes } = (await database.store.approvals.newest(key)) ?? {};
    assert.deepEqual(votes, ["bob", 'carol "x"']);
    const base = (await database.store.tasks.get(key)) ?? assert.fail();
    const unvote = { change: "unvote", id, by: "bob" } as const;
    await database.store.commit(
      [{ ...UNCHANGED, base, task: { change: "keep" }, approvals: [unvote] }],
      null,
      NOW,
    );
    assert.deepEqual((await database.store.approvals.newest(key))?.votes, ['carol "x"']);
    await approve("bob", "bob again");
    await approve("dave");
    const asked = await database.store.approvals.newest(key);
    assert.deepEqual(
      [asked?.status, asked?.votes, asked?.decidedBy],
      ["approved", ['carol "x"', "bob"], "dave"],
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

  exercise(
    "D6: a phase waits for CI of its commit, and goes on, or again in its session",
    async (database) => {
      const { store } = database;
      const key = await start(database, {
        ...PIPELINE,
        phases: [phase("work", { gate: CI }), phase("after")],
      });
      const report = (checks: Readonly<Record<string, CheckStatus>>, commit = "c1"): Promise<string> =>
        put(
          database,
          reporting(checks, { key: `${commit} ${JSON.stringify(checks)}`, commit, target: { key } }),
        );
      assert.equal(await report({ test: "success" }, "c0"), "done");
      assert.equal(await report({ lint: "success" }), "done", "CI may be faster than the run");
      assert.equal(await store.ci.newest(key), null);
      await report({ test: "pending" });
      assert.equal(await play(database, "a", { branch: "b", commit: "c1", session: "s1" }), "work");
      assert.equal((await store.tasks.get(key))?.status, "active");
      assert.equal(await play(database, "b"), null, "nothing is claimable while CI is awaited");
      const waits = (await store.ci.newest(key)) ?? assert.fail();
      assert.deepEqual([waits.seq, waits.phase, waits.commit, waits.status], [1, "work", "c1", "pending"]);
      await report({ test: "failure" });
      assert.deepEqual(await told(database, key), ["work#1 failed", "work#2 running"]);
      assert.deepEqual(
        (await store.approvals.unheard(key)).map(({ by, text }) => `${by}: ${text}`),
        ["CI: Check test has failed\ntest is red"],
      );
      assert.equal((await store.jobs.ofTask(key)).at(-1)?.session, "s1");
      const words = (await store.approvals.unheard(key)).at(-1)?.id;
      await play(database, "c", { branch: "b", commit: "c2" }, words);
      await report({ test: "success" }, "c2");
      assert.deepEqual(await told(database, key), ["work#1 failed", "work#2 completed", "after#1 running"]);
      assert.deepEqual(
        (await store.ci.ofTask(key)).map(({ seq, commit, status }) => `${seq} ${commit} ${status}`),
        ["1 c1 failed", "2 c2 passed"],
      );
      const known = await store.ci.checks(key, "c1");
      assert.deepEqual(
        known.map(({ name, status, summary }) => [name, status, summary]),
        [
          ["lint", "success", null],
          ["test", "failure", "test is red"],
        ],
      );
    },
  );

  exercise("D6: CI that says nothing is due at its time, unless its task is paused", async (database) => {
    const { ci, tasks, approvals } = database.store;
    const gate = { kind: "all_of", approval: APPROVAL, ci: { ...CI, noChecks: "fail" } } as const;
    const key = await start(database, { ...PIPELINE, phases: [phase("work", { gate })] });
    assert.equal(await ci.nextDue(), null);
    await play(database, "a", { branch: "b", commit: "c1" });
    assert.equal((await tasks.get(key))?.status, "blocked");
    assert.deepEqual([await ci.nextDue(), await ci.due(NOW + 999)], [NOW + 1_000, []]);
    assert.deepEqual(await ci.due(NOW + 1_000), [{ task: key, seq: 1 }]);
    const heard = reporting({ test: "pending" }, { key: "heard", commit: "c1", target: { key } });
    assert.equal(await put(database, heard), "done");
    assert.equal(await ci.nextDue(), NOW + 10_000, "a known check ends the grace");
    assert.equal(await put(database, { ...answer("approve"), target: { key } }), "done");
    assert.equal((await tasks.get(key))?.status, "active", "no person is needed any more");
    const about = {
      project: "shop",
      by: { kind: "cli", name: "op" },
      because: "asked",
      target: { key },
    } as const;
    await put(database, { kind: "pause_task", ...about, key: "p", why: null, until: null });
    assert.deepEqual([await ci.nextDue(), await ci.due(NOW + 10_000)], [null, []]);
    await put(database, { kind: "resume_task", ...about, key: "r", onlyDue: false });
    assert.equal(await put(database, { kind: "expire_ci", task: key, seq: 1 }, NOW + 10_000), "done");
    assert.deepEqual([(await tasks.get(key))?.status, await ci.nextDue()], ["failed", null]);
    assert.deepEqual(
      [(await ci.newest(key))?.status, (await approvals.newest(key))?.status],
      ["expired", "approved"],
    );
  });

  exercise(
    "D8: a merge is a row that is due until its end is decided, and is decided once",
    async (database) => {
      const { merges, phases, tasks } = database.store;
      const routes = { conflict: { to: "phase", phase: "work" } } as const;
      const merging = phase("merge", { role: "chargehand", merge: { as: "fast_forward" }, routes });
      const key = await start(database, { ...PIPELINE, phases: [phase("work"), merging, phase("after")] });
      assert.deepEqual([await merges.due(NOW), await merges.nextDue()], [[], null]);
      await play(database, "a", { branch: "b", commit: "c1" });
      assert.equal(await play(database, "b"), null, "it has no job");
      const [row, more] = await merges.due(NOW);
      assert.deepEqual(
        [row?.task, row?.seq, row?.phase, row?.status, row?.tries, row?.dueAt, more],
        [key, 2, "merge", "pending", 0, NOW, undefined],
      );
      assert.equal(await merges.delay({ task: key, seq: 2 }, "the remote is down", NOW + 5), true);
      assert.deepEqual([await merges.due(NOW), await merges.nextDue()], [[], NOW + 5]);
      assert.deepEqual(
        (await merges.due(NOW + 5)).map(({ tries, reason }) => [tries, reason]),
        [[1, "the remote is down"]],
      );
      const about = {
        project: "shop",
        by: { kind: "cli", name: "op" },
        because: "asked",
        target: { key },
      } as const;
      await put(database, { kind: "pause_task", ...about, key: "p", why: null, until: null });
      assert.deepEqual(
        [await merges.due(NOW + 5), await merges.nextDue()],
        [[], null],
        "a paused task waits",
      );
      await put(database, { kind: "resume_task", ...about, key: "r", onlyDue: false });
      const conflict = { kind: "conflict", base: "main", commit: "c9", paths: ["a"] } as const;
      const ended = { kind: "merge_ended", task: key, seq: 2 } as const;
      assert.equal(await put(database, { ...ended, outcome: conflict }), "done");
      assert.equal(await put(database, { ...ended, outcome: conflict }), "ignored");
      assert.equal(await merges.delay({ task: key, seq: 2 }, "late", NOW), false);
      assert.equal(await play(database, "c", { branch: "b", commit: "c2" }), "work");
      const merged = { kind: "merged", base: "main", commit: "c10" } as const;
      assert.equal(await put(database, { ...ended, seq: 4, outcome: merged }), "done");
      assert.deepEqual(
        (await merges.ofTask(key)).map(({ seq, status, finishedAt }) => [seq, status, finishedAt]),
        [
          [2, "done", NOW],
          [4, "done", NOW],
        ],
      );
      assert.deepEqual(
        (await phases.ofTask(key)).map((one) => `${one.phase} ${one.agent} ${one.verdict} ${one.commit}`),
        [
          ...["work developer null c1", "merge chargehand conflict null", "work developer null c2"],
          ...["merge chargehand merged c10", "after developer null null"],
        ],
      );
      assert.equal((await tasks.get(key))?.commit, "c2");
      await put(database, { kind: "cancel_task", ...about, key: "c", reason: "enough" });
      await put(database, { kind: "retry_task", ...about, key: "again", from: "merge" });
      assert.equal((await merges.due(NOW)).length, 1);
      await put(database, { kind: "cancel_task", ...about, key: "c2", reason: "enough" });
      assert.deepEqual(
        [(await merges.ofTask(key)).at(-1)?.status, await merges.nextDue()],
        ["abandoned", null],
      );
    },
  );

  exercise("G4: feedback is told in order until a run has taken it in, and never again", async (database) => {
    const { store } = database;
    const key = await start(database);
    const by = { kind: "cli", name: "bob" } as const;
    const say = (text: string): Intent => {
      return {
        kind: "say",
        project: "shop",
        by,
        key: text,
        because: "asked",
        target: { key },
        text,
        facts: FACTS,
      };
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

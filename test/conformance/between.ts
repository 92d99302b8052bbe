/** Tasks that need others, and those that go one after another, in rows: also where two commit at once. */

import assert from "node:assert/strict";
import type { CommitResult } from "../../store/commit.ts";
import { type Asked, ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Change } from "../../workflow/decide/change.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { START } from "../workflow/decide/intents.ts";
import { configure, dump, type Exercise, NOW, putJob, putTask, type TestDatabase } from "./database.ts";

let asks = 0;

/** How everybody asks; each of these is another change. */
function by(): Pick<Extract<Intent, { kind: "cancel_task" }>, "project" | "by" | "key" | "because"> {
  asks += 1;
  return { project: "shop", by: { kind: "api", name: "ada" }, key: `api:${asks}`, because: "asked" };
}

function making(needs: readonly string[] = []): Intent {
  const facts = { ...START.facts, workflow: SINGLE };
  return { ...START, ...by(), refs: [], number: null, needs, facts };
}

async function make({ store }: TestDatabase, ...needs: readonly string[]): Promise<string> {
  const asked = await ask(store, [making(needs)], null, NOW);
  return asked.kind === "done" ? (asked.tasks[0] ?? "") : assert.fail(JSON.stringify(asked));
}

function depending(key: string, add: readonly string[], drop: readonly string[] = []): Intent {
  return { kind: "depend_task", ...by(), target: { key }, add, drop };
}

const tell = (asked: Asked): string => ("reason" in asked ? asked.reason : asked.kind);

async function put({ store }: TestDatabase, intent: Intent): Promise<string> {
  return tell(await ask(store, [intent], null, NOW));
}

function cancelling(key: string): Intent {
  return { kind: "cancel_task", ...by(), target: { key }, reason: "not wanted" };
}

function retrying(key: string): Intent {
  return { kind: "retry_task", ...by(), target: { key } };
}

/** The task is claimed, if it can be, by itself. */
async function claim({ store }: TestDatabase, run: string): Promise<string | null> {
  return (await store.jobs.claim({ run, concurrency: 9, now: NOW }))?.job.task ?? null;
}

/** The run of a claimed task has ended well: what is then to be asked. */
async function ending({ store }: TestDatabase, run: string): Promise<Intent> {
  const row = (await store.runs.get(run)) ?? assert.fail("there is no such run");
  const plan = { backend: "command", model: null, effort: null, timeoutMs: 1_000, heard: 0 };
  const identity = { pid: 1, startTicks: 2, pgid: 3, leaderTicks: 4, bootId: "b" };
  assert.equal(await store.runs.started(run, row.fence, plan, identity, NOW), true);
  await store.runs.exited(run, 0, null, NOW);
  const outcome = { status: "succeeded", branch: null, commit: null, summary: null, session: null } as const;
  const about = {
    run,
    task: row.task,
    job: row.job,
    fence: row.fence,
    jitter: 0,
    maxAttempts: 1,
    keptForMs: 0,
  };
  return { kind: "run_finished", ...about, outcome };
}

async function finish(database: TestDatabase, run: string): Promise<void> {
  assert.equal(await put(database, await ending(database, run)), "done");
}

/** Status of the task, and what its newest job waits for. */
async function stand({ store }: TestDatabase, key: string): Promise<string> {
  const [task, jobs] = [await store.tasks.get(key), await store.jobs.ofTask(key)];
  const holds = jobs.at(-1)?.holds.map(({ kind, reason }) => `${kind}: ${reason}`) ?? [];
  return [task?.status, ...holds].join("; ");
}

const NEEDS_1 = "waiting; dependency: it needs SHOP-1, which is not done";

async function configureLine({ store }: TestDatabase, serial = true): Promise<void> {
  const config = plainClaimConfig([{ name: "shop", concurrency: 9 }]);
  await store.projects.configure(
    { ...config, projects: config.projects.map((one) => ({ ...one, serial })) },
    NOW,
  );
}

/** Before its next commit the store does something else, as another daemon might at that moment. */
function interrupted(
  store: Store,
  meanwhile: () => Promise<unknown>,
): Store & { readonly commits: () => number } {
  let commits = 0;
  const commit = async (
    changes: readonly Change[],
    delivery: number | null,
    now: number,
  ): Promise<CommitResult> => {
    commits += 1;
    if (commits === 1) await meanwhile();
    return store.commit(changes, delivery, now);
  };
  return { ...store, commit, commits: () => commits };
}

export function exerciseBetween(exercise: Exercise): void {
  exerciseNeeds(exercise);
  exerciseRaces(exercise);
  exerciseLines(exercise);
}

function exerciseNeeds(exercise: Exercise): void {
  exercise(
    "A9: a task begins when the last of those that it needs is done, in that transaction",
    async (database) => {
      await configure(database, "shop");
      await make(database);
      await make(database);
      const third = await make(database, "SHOP-1", "SHOP-2");
      assert.equal(
        await stand(database, third),
        "waiting; dependency: it needs SHOP-1, which is not done; SHOP-2, which is not done",
      );
      assert.deepEqual([await claim(database, "r1"), await claim(database, "r2")], ["SHOP-1", "SHOP-2"]);
      assert.equal(await claim(database, "r3"), null);
      await finish(database, "r2");
      assert.equal(await stand(database, third), NEEDS_1);
      const asked = await ask(database.store, [await ending(database, "r1")], null, NOW);
      assert.deepEqual(asked, { kind: "done", tasks: ["SHOP-1", third] });
      assert.equal(await stand(database, third), "active");
      assert.equal(await claim(database, "r3"), third);
      const events = await database.store.events.of({ kind: "task", name: third }, 0, 20);
      const last = events.slice(-2).map(({ kind, data }) => [kind, data]);
      assert.deepEqual(last, [
        ["dependency.ended", { needs: "SHOP-1", status: "done" }],
        ["task.activated", { after: "SHOP-1 has ended" }],
      ]);
    },
  );

  exercise(
    "A9: a task that failed or was cancelled keeps those that need it, and says what to do",
    async (database) => {
      await configure(database, "shop");
      await make(database);
      const second = await make(database, "SHOP-1");
      assert.equal(await put(database, cancelling("SHOP-1")), "done");
      assert.equal(
        await stand(database, second),
        "waiting; dependency: it needs SHOP-1, which was cancelled",
      );
      const [job] = await database.store.jobs.ofTask(second);
      assert.equal(
        job?.holds[0]?.remedy,
        "try that one again with: chargehand retry SHOP-1; or begin without it with: chargehand depend --drop SHOP-1 KEY",
      );
      assert.equal(await put(database, retrying("SHOP-1")), "done");
      assert.equal(await stand(database, second), NEEDS_1);
      assert.equal(await put(database, depending(second, [], ["SHOP-1"])), "done");
      assert.equal(await stand(database, second), "active");
    },
  );

  exercise(
    "A9: no task needs itself, an unknown one, or one that needs it: the circle is named",
    async (database) => {
      await configure(database, "shop");
      await make(database);
      await make(database, "SHOP-1");
      await make(database, "SHOP-2");
      const before = await dump(database);
      const circle = "that would be a circle: SHOP-1 needs SHOP-3 needs SHOP-2 needs SHOP-1";
      assert.equal(await put(database, depending("SHOP-1", ["SHOP-3"])), circle);
      assert.equal(await put(database, depending("SHOP-1", ["SHOP-1"])), "SHOP-1 cannot need itself");
      assert.match(await put(database, depending("SHOP-1", ["NO-9"])), /there is no task NO-9/);
      assert.match(tell(await ask(database.store, [making(["NO-9"])], null, NOW)), /there is no task NO-9/);
      assert.equal(await put(database, depending("SHOP-1", [], ["SHOP-2"])), "SHOP-1 does not need SHOP-2");
      const many = Array.from({ length: 51 }, (_, at) => `NO-${at}`);
      assert.match(await put(database, depending("SHOP-1", many)), /more than 50/);
      assert.deepEqual(await dump(database), before);
    },
  );

  exercise(
    "A9: a task that has begun cannot be kept from beginning, and one that waits may need more",
    async (database) => {
      await configure(database, "shop");
      await make(database);
      const second = await make(database);
      assert.equal(await put(database, depending(second, ["SHOP-1"])), "done");
      assert.equal(await stand(database, second), NEEDS_1.replace("waiting", "active"));
      assert.equal(await claim(database, "r1"), "SHOP-1");
      assert.equal(await claim(database, "r2"), null);
      await make(database);
      assert.match(await put(database, depending("SHOP-1", ["SHOP-3"])), /SHOP-1 has begun/);
      await finish(database, "r1");
      assert.equal(await stand(database, second), "active");
    },
  );
}

function exerciseRaces(exercise: Exercise): void {
  exercise(
    "A9: of two needed tasks that end at once, the later one lets the waiting one begin",
    async (database) => {
      await configure(database, "shop");
      await make(database);
      await make(database);
      const third = await make(database, "SHOP-1", "SHOP-2");
      await claim(database, "r1");
      await claim(database, "r2");
      const [one, other] = [await ending(database, "r1"), await ending(database, "r2")];
      const store = interrupted(database.store, () => ask(database.store, [other], null, NOW));
      assert.equal((await ask(store, [one], null, NOW)).kind, "done");
      assert.equal(store.commits(), 2);
      assert.equal(await stand(database, third), "active");
    },
  );

  exercise("A9: a task that is made while what it needs ends does not wait for ever", async (database) => {
    await configure(database, "shop");
    await make(database);
    await claim(database, "r1");
    const end = await ending(database, "r1");
    const store = interrupted(database.store, () => ask(database.store, [end], null, NOW));
    assert.equal((await ask(store, [making(["SHOP-1"])], null, NOW)).kind, "done");
    assert.equal(await stand(database, "SHOP-2"), "active");

    await claim(database, "r2");
    const next = await ending(database, "r2");
    const other = interrupted(database.store, () => ask(database.store, [making(["SHOP-2"])], null, NOW));
    assert.equal((await ask(other, [next], null, NOW)).kind, "done");
    assert.equal(other.commits(), 2);
    assert.equal(await stand(database, "SHOP-3"), "active");
  });

  exercise("A9: two who add the two halves of a circle at once: one of them is refused", async (database) => {
    await configure(database, "shop");
    for (const _ of [1, 2, 3, 4]) await make(database);
    await put(database, depending("SHOP-2", ["SHOP-3"]));
    await put(database, depending("SHOP-4", ["SHOP-1"]));
    const half = (): Promise<string> => put(database, depending("SHOP-3", ["SHOP-4"]));
    const store = interrupted(database.store, half);
    const asked = await ask(store, [depending("SHOP-1", ["SHOP-2"])], null, NOW);
    assert.match(tell(asked), /a circle: SHOP-1 needs SHOP-2 needs SHOP-3 needs SHOP-4 needs SHOP-1/);
  });

  exercise(
    "A10: of two tasks that are made at once in a serial project, one waits for the other",
    async (database) => {
      await configureLine(database);
      const store = interrupted(database.store, () => make(database));
      assert.equal((await ask(store, [making()], null, NOW)).kind, "done");
      assert.equal(await stand(database, "SHOP-1"), "active");
      assert.match(await stand(database, "SHOP-2"), /^waiting; serial: SHOP-1 is before it/);
    },
  );

  exercise(
    "A10: a task that is made while the one before it ends does not wait for ever",
    async (database) => {
      await configureLine(database);
      await make(database);
      await claim(database, "r1");
      const end = await ending(database, "r1");
      const store = interrupted(database.store, () => make(database));
      assert.equal((await ask(store, [end], null, NOW)).kind, "done");
      assert.equal(await stand(database, "SHOP-2"), "active");
    },
  );
}

function exerciseLines(exercise: Exercise): void {
  exercise(
    "A10: tasks of a serial project begin one after another, in order, in the transaction that ends",
    async (database) => {
      await configureLine(database);
      for (const _ of [1, 2, 3]) await make(database);
      assert.match(await stand(database, "SHOP-3"), /^waiting; serial: SHOP-2 is before it/);
      assert.equal(await claim(database, "r1"), "SHOP-1");
      assert.equal(await claim(database, "r2"), null);
      assert.equal(await put(database, cancelling("SHOP-2")), "done");
      assert.match(await stand(database, "SHOP-3"), /^waiting; serial: SHOP-1 is before it/);
      await finish(database, "r1");
      assert.equal(await stand(database, "SHOP-3"), "active");
      assert.equal(await put(database, retrying("SHOP-2")), "done");
      assert.match(await stand(database, "SHOP-2"), /^active; serial: SHOP-3 is before it/);
    },
  );

  exercise(
    "A10: a person lets a task begin out of turn, and nobody else begins by that",
    async (database) => {
      await configureLine(database);
      for (const _ of [1, 2, 3]) await make(database);
      const resume: Intent = { kind: "resume_task", ...by(), target: { key: "SHOP-3" }, onlyDue: false };
      assert.equal(await put(database, resume), "done");
      assert.equal(await stand(database, "SHOP-3"), "active");
      assert.deepEqual([await claim(database, "r1"), await claim(database, "r2")], ["SHOP-1", "SHOP-3"]);
      await finish(database, "r1");
      assert.match(await stand(database, "SHOP-2"), /^waiting; serial/);
      await finish(database, "r2");
      assert.equal(await stand(database, "SHOP-2"), "active");
    },
  );

  exercise(
    "A10: what a task needs may pass it in the line, and then it takes its place",
    async (database) => {
      await configureLine(database);
      for (const _ of [1, 2, 3, 4]) await make(database);
      await put(database, depending("SHOP-2", ["SHOP-3"]));
      await claim(database, "r1");
      await finish(database, "r1");
      assert.equal(
        await stand(database, "SHOP-2"),
        "waiting; dependency: it needs SHOP-3, which is not done",
      );
      assert.equal(await claim(database, "r2"), "SHOP-3");
      assert.equal(await claim(database, "r3"), null);
      await finish(database, "r2");
      assert.equal(await stand(database, "SHOP-2"), "active");
      assert.match(await stand(database, "SHOP-4"), /^waiting; serial/);
    },
  );

  exercise("A10: when a project is serial no more, those that wait are found and begin", async (database) => {
    const { store } = database;
    await configureLine(database);
    for (const _ of [1, 2, 3]) await make(database);
    await configureLine(database, false);
    const late = await store.between.overdue();
    assert.deepEqual(late, ["SHOP-2", "SHOP-3"]);
    for (const task of late)
      assert.equal(await put(database, { kind: "reconsider_task", task, ended: [] }), "done");
    assert.deepEqual(
      [await stand(database, "SHOP-2"), await stand(database, "SHOP-3")],
      ["active", "active"],
    );
    assert.deepEqual(await store.between.overdue(), []);
  });

  exercise(
    "A10: who came behind a task that leaves the line is told whom it waits for now",
    async (database) => {
      await configureLine(database);
      for (const _ of [1, 2, 3, 4, 5]) await make(database);
      await put(database, cancelling("SHOP-3"));
      assert.match(await stand(database, "SHOP-4"), /^waiting; serial: SHOP-2 is before it/);
      assert.match(await stand(database, "SHOP-5"), /^waiting; serial: SHOP-4 is before it/);
      assert.deepEqual(
        await database.store.between.overdue(),
        ["SHOP-2"],
        "the head, and it still has to wait",
      );
      const head: Intent = { kind: "reconsider_task", task: "SHOP-2", ended: [] };
      assert.equal(await put(database, head), "nothing has changed for SHOP-2");
    },
  );

  exercise("I7: an unfinished task of which nothing goes on is found, and told of once", async (database) => {
    const { store } = database;
    await configure(database, "shop");
    const key = await putTask(database, 40);
    await make(database);
    const done = await putTask(database, 41);
    await putJob(database, done, "queued");
    assert.deepEqual(await store.between.stuck(NOW - 1), [], "it has not been so for long");
    assert.deepEqual(await store.between.stuck(NOW), [{ key, jobs: 0 }]);
    const warn: Intent = { kind: "warn_stuck", task: key, key: "stuck:0" };
    assert.equal(await put(database, warn), "done");
    assert.match(await put(database, warn), /already/);
    assert.deepEqual(await store.between.stuck(NOW), [], "whoever was told keeps no other from being found");
    const { items } = await store.outbox.list({ limit: 9, before: null });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ["task.stuck"],
    );
  });
}

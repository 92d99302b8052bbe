/** Freezes: what opens a task waits, what has begun passes, over all projects of a repository. */

import assert from "node:assert/strict";
import { ask } from "../../store/settle.ts";
import { SINGLE } from "../../workflow/workflow.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { START } from "../workflow/decide/intents.ts";
import { changeOf, type Exercise, NOW, putJob, putTask, type TestDatabase, write } from "./database.ts";

const FREEZE = { project: "shop", by: "ada", because: "the deploy is bad", key: "api:1:ada" };
const CONFIG = {
  ...plainClaimConfig([]),
  accounts: [{ name: "developer", concurrency: null }],
  routes: [{ agent: "developer", via: "developer", account: "developer" }],
};

/** Two projects of one repository, and one of another. */
async function configureRepos({ store }: TestDatabase): Promise<void> {
  const project = { concurrency: 9, budget: [] };
  const projects = [
    { ...project, name: "shop", repo: "forge/acme" },
    { ...project, name: "mill", repo: "forge/acme" },
    { ...project, name: "barn", repo: "forge/barn" },
  ];
  await store.projects.configure({ ...CONFIG, projects }, NOW);
}

async function make({ store }: TestDatabase, project: string): Promise<string> {
  const facts = { ...START.facts, prefix: project.toUpperCase(), workflow: SINGLE };
  const asked = await ask(store, [{ ...START, project, refs: [], number: null, facts }], null, NOW);
  return asked.kind === "done" ? (asked.tasks[0] ?? "") : assert.fail(asked.kind);
}

async function take({ store }: TestDatabase, run: string): Promise<string | null> {
  return (await store.jobs.claim({ run, concurrency: 9, now: NOW }))?.job.task ?? null;
}

async function ready({ store }: TestDatabase): Promise<readonly string[]> {
  return (await store.tasks.list({ limit: 10, before: null, ready: true })).items.map(({ key }) => key);
}

export function exerciseFreezes(exercise: Exercise): void {
  exercise(
    "A11: a freeze keeps new tasks of every project of its repository, and no other",
    async (database) => {
      const { store } = database;
      await configureRepos(database);
      for (const project of ["shop", "mill", "barn"]) await make(database, project);
      assert.equal(await store.freezes.put(FREEZE, NOW), true);
      assert.equal((await store.freezes.of("mill"))?.reason, "frozen by ada: the deploy is bad");
      assert.equal(await store.freezes.of("barn"), null);
      assert.deepEqual(await store.freezes.projects("mill"), ["mill", "shop"]);
      assert.deepEqual(await ready(database), ["BARN-1"]);
      assert.equal(await take(database, "r1"), "BARN-1");
      assert.equal(await take(database, "r2"), null);
      const thaw = { ...FREEZE, because: "rolled back", key: "api:2:ada" };
      assert.equal(await store.freezes.lift({ ...thaw, project: "mill" }, NOW), true);
      assert.equal(await store.freezes.lift(thaw, NOW), false);
      assert.deepEqual([await take(database, "r3"), await take(database, "r4")].toSorted(), [
        "MILL-1",
        "SHOP-1",
      ]);
    },
  );

  exercise(
    "A11: a job that somebody has claimed before, or of a later phase, passes a freeze",
    async (database) => {
      const { store } = database;
      await configureRepos(database);
      const later = await putTask(database, 40);
      await putJob(database, later, "queued");
      const key = await make(database, "shop");
      assert.equal(await take(database, "r1"), later);
      assert.equal(await take(database, "r2"), key);
      const [job] = await store.jobs.ofTask(key);
      assert.equal(job?.opens, false);
      await store.freezes.put(FREEZE, NOW);
      const told = { id: "r2", failure: null, reason: null, summary: null, session: null } as const;
      const again = { change: "retry", id: job?.id ?? 0, fence: job?.fence ?? 0 } as const;
      const change = changeOf(key, { run: { change: "lose", ...told }, jobs: [again] });
      assert.equal((await store.commit([change], null, NOW)).kind, "committed");
      assert.equal(await take(database, "r3"), key);
    },
  );

  exercise("A11: a freeze fails closed where nothing is known of a repository", async (database) => {
    await configureRepos(database);
    await make(database, "shop");
    await write(database, "update projects set repo = null");
    assert.equal(await take(database, "r1"), null);
    assert.equal(await database.store.freezes.put(FREEZE, NOW), false);
  });

  exercise(
    "A11: the history tells who froze and unfroze and why, and a person is told of each freeze",
    async (database) => {
      const { store } = database;
      await configureRepos(database);
      await store.freezes.put(FREEZE, NOW);
      assert.equal(await store.freezes.put(FREEZE, NOW), false, "one line of the history");
      await store.freezes.put({ ...FREEZE, by: "bob", because: "worse", key: "api:2:bob" }, NOW + 1);
      const hold = await store.freezes.of("shop");
      assert.deepEqual([hold?.reason, hold?.since], ["frozen by bob: worse", NOW]);
      await store.freezes.lift({ ...FREEZE, because: "rolled back", key: "api:3:ada" }, NOW + 2);
      const events = await store.events.of({ kind: "project", name: "shop" }, 0, 10);
      assert.deepEqual(
        events.map(({ seq, kind, data }) => [seq, kind, data]),
        [
          [1, "project.frozen", { by: "ada", reason: "the deploy is bad" }],
          [2, "project.frozen", { by: "bob", reason: "worse" }],
          [3, "project.unfrozen", { by: "ada", reason: "rolled back" }],
        ],
      );
      const calls = await store.outbox.list({ limit: 9, before: null });
      assert.deepEqual(
        calls.items.map(({ kind }) => kind),
        ["project.frozen", "project.frozen"],
      );
    },
  );
}

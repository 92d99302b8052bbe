/** Tasks: how they are found, numbered and listed. */

import assert from "node:assert/strict";
import type { Change } from "../../workflow/decide/change.ts";
import { NUMBER_WALK_MAX } from "../../workflow/limits.ts";
import type { ExternalRef } from "../../workflow/task.ts";
import {
  changeOf,
  creation,
  type Exercise,
  NOW,
  putJob,
  putTask,
  type TestDatabase,
  write,
} from "./database.ts";

const ISSUE: ExternalRef = { source: "github", kind: "issue", id: "acme/shop#1" };
const CARD: ExternalRef = { source: "plane", kind: "issue", id: "4f2c" };

async function create(database: TestDatabase, ...changes: readonly Change[]): Promise<readonly string[]> {
  const result = await database.store.commit(changes, null, NOW);
  return result.kind === "committed" ? result.tasks : assert.fail("conflict");
}

export function exerciseTasks(exercise: Exercise): void {
  exercise("A2: a task is found by any of its names, within its project", async (database) => {
    const [key] = await create(database, creation("shop", null, { refs: [ISSUE, CARD] }));
    const { tasks } = database.store;
    assert.equal((await tasks.find("shop", [CARD]))?.key, key);
    assert.equal((await tasks.find("shop", [{ ...ISSUE, id: "other" }, ISSUE]))?.key, key);
    assert.equal(await tasks.find("shop", [{ ...ISSUE, kind: "pull_request" }]), null);
    assert.equal(await tasks.find("barn", [ISSUE]), null);
    assert.equal(await tasks.find("shop", []), null);
    assert.deepEqual(await tasks.refs(key ?? ""), [ISSUE, CARD]);
  });

  exercise("A2: a task is found by its branch, the newest one first", async (database) => {
    const [old, young] = [await putTask(database, 1, "done"), await putTask(database, 2)];
    const { tasks, commit } = database.store;
    await commit([changeOf(old, { task: { change: "keep", branch: "fix", commit: "c0ffee" } })], null, NOW);
    assert.deepEqual([(await tasks.get(old))?.branch, (await tasks.get(old))?.commit], ["fix", "c0ffee"]);
    assert.equal((await tasks.findByBranch("shop", "fix"))?.key, old);
    await commit([changeOf(young, { task: { change: "keep", branch: "fix" } })], null, NOW);
    assert.equal((await tasks.findByBranch("shop", "fix"))?.key, young);
    assert.equal(await tasks.findByBranch("barn", "fix"), null);
  });

  exercise("a created task is read back as it was given", async (database) => {
    const [key = ""] = await create(database, creation("shop", 12));
    assert.deepEqual(await database.store.tasks.get(key), {
      key: "SHOP-12",
      project: "shop",
      prefix: "SHOP",
      number: 12,
      title: "Sort the shelves",
      body: "By height.",
      url: "https://forge.example/acme/shop/issues/1",
      author: "ada",
      status: "active",
      reason: null,
      pausedAt: null,
      pausedUntil: null,
      workflow: "single",
      workflowHash: "f0b198cd3a3dc2d5ea85cc357832d7308fa419aa46c957dceb4bfdd0174b37f1",
      agents: { developer: "developer" },
      agent: "developer",
      pins: { model: null, effort: null, agent: null, agents: {} },
      base: "main",
      priority: 0,
      follows: null,
      branch: null,
      commit: null,
      files: null,
      version: 1,
      events: 0,
      createdAt: NOW,
      updatedAt: NOW,
      finishedAt: null,
    });
    assert.equal(await database.store.tasks.get("SHOP-13"), null);
  });

  exercise(
    "A4: tasks are numbered per project, the tracker's number where it gives one",
    async (database) => {
      assert.deepEqual(await create(database, creation("shop")), ["SHOP-1"]);
      assert.deepEqual(await create(database, creation("barn")), ["BARN-1"]);
      assert.deepEqual(await create(database, creation("shop", 40)), ["SHOP-40"]);
      assert.deepEqual(await create(database, creation("shop")), ["SHOP-41"]);
      assert.deepEqual(await create(database, creation("shop", 7)), ["SHOP-7"]);
      assert.deepEqual(await create(database, creation("shop")), ["SHOP-42"]);
    },
  );

  exercise("A4: a taken number is walked past, to the first gap", async (database) => {
    for (const number of [5, 6, 8]) await create(database, creation("shop", number));
    assert.deepEqual(await create(database, creation("shop", 5)), ["SHOP-7"]);
    assert.deepEqual(await create(database, creation("shop", 5)), ["SHOP-9"]);
    assert.deepEqual(await create(database, creation("shop", 8), creation("shop", 8), creation("shop")), [
      "SHOP-10",
      "SHOP-11",
      "SHOP-12",
    ]);
  });

  exercise("A4: a long run of taken numbers costs no long walk", async (database) => {
    const last = NUMBER_WALK_MAX + 50;
    await write(
      database,
      `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
       with recursive n (i) as (select 1 union all select i + 1 from n where i < ${last})
       select 'SHOP-' || i, 'shop', 'SHOP', i, 't', 'b', 'active', 'single', 0, 1, 1 from n`,
    );
    assert.deepEqual(await create(database, creation("shop", 3)), [`SHOP-${last + 1}`]);
  });

  exercise("A4: a number is not given twice, also when its task is gone", async (database) => {
    await create(database, creation("shop", null, { jobs: [] }), creation("shop", null, { jobs: [] }));
    await write(database, "delete from outside where task = 'SHOP-2'");
    await write(database, "delete from tasks where key = 'SHOP-2'");
    assert.deepEqual(await create(database, creation("shop")), ["SHOP-3"]);
  });

  exercise("A4: two projects with one prefix never build the same key", async (database) => {
    const twin = creation("shop");
    if (twin.task.change !== "create") assert.fail();
    const other = { ...twin, task: { ...twin.task, task: { ...twin.task.task, project: "annex" } } };
    assert.deepEqual(await create(database, twin), ["SHOP-1"]);
    assert.deepEqual(await create(database, other), ["SHOP-2"]);
  });

  exercise("A4: a number that no tracker gives is not believed", async (database) => {
    for (const wanted of [0, -3, 1.5, Number.NaN, 9_007_199_254_740_991])
      await create(database, creation("shop", wanted));
    assert.deepEqual(await create(database, creation("shop")), ["SHOP-6"]);
  });

  exercise("tasks are listed newest first, by project, status and readiness", async (database) => {
    for (const number of [1, 2, 3]) await putTask(database, number);
    await putTask(database, 1, "done", "barn");
    await putJob(database, "SHOP-2", "queued");
    await putJob(database, "SHOP-3", "held");
    const keys = async (query: object): Promise<readonly string[]> =>
      (await database.store.tasks.list({ limit: 10, before: null, ...query })).items.map(({ key }) => key);
    assert.deepEqual(await keys({}), ["BARN-1", "SHOP-3", "SHOP-2", "SHOP-1"]);
    assert.deepEqual(await keys({ project: "shop" }), ["SHOP-3", "SHOP-2", "SHOP-1"]);
    assert.deepEqual(await keys({ status: "done" }), ["BARN-1"]);
    assert.deepEqual(await keys({ project: "shop", status: "done" }), []);
    assert.deepEqual(await keys({ ready: true }), ["SHOP-2"]);
    assert.deepEqual(await keys({ ready: false }), ["BARN-1", "SHOP-3", "SHOP-1"]);
    await assert.rejects(keys({ status: "active' or 1 = 1 --" }), RangeError);
  });
}

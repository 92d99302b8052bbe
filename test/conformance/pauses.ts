/** Pauses and later starts in rows: what they close, what they stop, how they end, and that they cost one row. */

import assert from "node:assert/strict";
import type { Store } from "../../store/store.ts";
import { type PauseScope, widePause } from "../../workflow/decide/pause.ts";
import { EVERYTHING, type Hold } from "../../workflow/hold.ts";
import type { JobChange } from "../../workflow/job.ts";
import {
  changeOf,
  configure,
  creation,
  dump,
  type Exercise,
  FIRST_JOB,
  NOW,
  putJob,
  putRun,
  putTask,
  type TestDatabase,
} from "./database.ts";

const MINUTE = 60_000;

function pause(
  { pauses }: Store,
  subject: string,
  more: {
    readonly stops?: boolean;
    readonly until?: number;
    readonly why?: string;
    readonly at?: number;
  } = {},
): Promise<number> {
  const { stops = false, until = null, why = "so", at = NOW } = more;
  const scope: PauseScope = subject === EVERYTHING ? "all" : "project";
  return pauses.put({ ...widePause(scope, subject, { by: "alice", why, until }), scope }, stops, at);
}

/** The task of the job that is claimed next. */
async function next({ store }: TestDatabase, run: string, now = NOW): Promise<string | null> {
  return (await store.jobs.claim({ run, concurrency: 10, now }))?.run.task ?? null;
}

async function queue(database: TestDatabase, ...projects: readonly string[]): Promise<void> {
  await configure(database, ...new Set(projects));
  for (const [index, project] of projects.entries())
    await putJob(database, await putTask(database, index + 1, "active", project), "queued");
}

export function exercisePauses(exercise: Exercise): void {
  exercise("a paused project is passed over, and every other goes on", async (database) => {
    const { store } = database;
    await queue(database, "shop", "barn");
    await pause(store, "shop");
    assert.equal(await next(database, "a"), "BARN-2");
    assert.equal(await next(database, "b"), null);
    assert.equal(await store.holds.clear("project", "shop", "pause"), true);
    assert.equal(await next(database, "b"), "SHOP-1");
  });

  exercise("a pause of everything closes every lane, also of projects that come later", async (database) => {
    const { store } = database;
    await queue(database, "shop");
    await pause(store, EVERYTHING);
    assert.equal(await next(database, "a"), null);
    await configure(database, "shop", "barn");
    await putJob(database, await putTask(database, 9, "active", "barn"), "queued");
    assert.equal(await next(database, "a"), null, "the configuration opens nothing that a person has paused");
    assert.equal((await store.totals(NOW)).holds["pause"], 1);
    assert.equal(await store.holds.clear("all", EVERYTHING, "pause"), true);
    assert.equal(await store.holds.clear("all", EVERYTHING, "pause"), false);
    assert.deepEqual([await next(database, "a"), await next(database, "b")].sort(), ["BARN-9", "SHOP-1"]);
  });

  exercise(
    "the pauses of a project and of everything are two: the end of one leaves the other",
    async (database) => {
      const { store } = database;
      await queue(database, "shop");
      await pause(store, "shop", { why: "a bad deploy" });
      await pause(store, EVERYTHING);
      await store.holds.clear("all", EVERYTHING, "pause");
      assert.equal(await next(database, "a"), null);
      const [left] = await store.holds.wide();
      assert.deepEqual([left?.scope, left?.reason], ["project", "paused by alice: a bad deploy"]);
    },
  );

  exercise(
    "a pause until a time ends by itself, and a second one renews its end and keeps its beginning",
    async (database) => {
      const { store } = database;
      await queue(database, "shop");
      await pause(store, "shop", { until: NOW + MINUTE });
      await pause(store, "shop", { until: NOW + 2 * MINUTE, why: "longer", at: NOW + 1 });
      const [hold] = await store.holds.wide();
      assert.deepEqual([hold?.since, hold?.until], [NOW, NOW + 2 * MINUTE]);
      assert.equal(await store.holds.nextDue(), NOW + 2 * MINUTE);
      assert.equal(await store.holds.releaseDue(NOW + MINUTE), 0);
      assert.equal(await store.holds.releaseDue(NOW + 2 * MINUTE), 1);
      assert.equal(await next(database, "a", NOW + 2 * MINUTE), "SHOP-1");
    },
  );

  exercise(
    "a pause with stop asks what runs below it, once, and leaves what has ended to be published",
    async (database) => {
      const { store } = database;
      await configure(database, "shop", "barn");
      for (const [index, status] of ["starting", "running", "exited"].entries())
        await putRun(database, status, await putTask(database, index + 1), status);
      await putRun(database, "elsewhere", await putTask(database, 4, "active", "barn"), "running");
      assert.equal(await store.runs.askToStop("running", "timeout"), true);
      assert.equal(await pause(store, "shop"), 2, "those that go on");
      assert.equal((await store.runs.stopsAsked()).length, 1);
      assert.equal(await pause(store, "shop", { stops: true }), 2);
      const asked = async (): Promise<readonly unknown[]> =>
        (await store.runs.stopsAsked()).map(({ id, reason }) => [id, reason]);
      const first = [
        ["starting", "paused"],
        ["running", "timeout"],
      ];
      assert.deepEqual(await asked(), first, "the first reason stays");
      assert.equal(await pause(store, EVERYTHING, { stops: true }), 3);
      assert.deepEqual(await asked(), [...first, ["elsewhere", "paused"]]);
    },
  );

  exercise("a pause is one row, however many jobs wait behind it", async (database) => {
    await queue(database, ...Array.from({ length: 20 }, () => "shop"));
    const before = await dump(database);
    await pause(database.store, "shop");
    await pause(database.store, EVERYTHING, { stops: true });
    const { wide_holds: holds, counters: _counted, ...rest } = await dump(database);
    const { wide_holds: _none, counters: _before, ...same } = before;
    assert.equal(holds?.length, 2);
    assert.deepEqual(rest, same);
  });

  exercise(
    "a task remembers since when and until when it is paused, and forgets it with the next move",
    async (database) => {
      const { store } = database;
      const key = await putTask(database, 1);
      const move = async (change: object, version: number, now: number): Promise<readonly unknown[]> => {
        const task = { change: "keep", ...change } as const;
        const result = await store.commit([changeOf(key, { task }, version)], null, now);
        assert.equal(result.kind, "committed");
        const { status, pausedAt, pausedUntil } = (await store.tasks.get(key)) ?? assert.fail();
        return [status, pausedAt, pausedUntil];
      };
      const [until, later] = [NOW + MINUTE, NOW + 2 * MINUTE];
      assert.deepEqual(await move({ change: "pause", pausedUntil: until }, 1, NOW), ["paused", NOW, until]);
      assert.deepEqual(await move({}, 2, NOW + 1), ["paused", NOW, until]);
      assert.deepEqual(await move({ pausedUntil: later }, 3, NOW + 2), ["paused", NOW, later]);
      assert.deepEqual(await move({ pausedUntil: null }, 4, NOW + 3), ["paused", NOW, null]);
      assert.deepEqual(await move({ change: "resume" }, 5, NOW + 4), ["active", null, null]);
      assert.deepEqual(await move({ change: "pause", pausedUntil: until }, 6, NOW + 5), [
        "paused",
        NOW + 5,
        until,
      ]);
      assert.deepEqual(await move({ change: "cancel" }, 7, NOW + 6), ["cancelled", null, null]);
    },
  );

  exercise(
    "paused tasks are due by their time, the longest over first, and the others never",
    async (database) => {
      const { store } = database;
      const ends = [NOW + 3, null, NOW + 1, NOW + 2];
      for (const [index, pausedUntil] of ends.entries()) {
        const key = await putTask(database, index + 1);
        const task = { change: "pause", pausedUntil } as const;
        await store.commit([changeOf(key, { task })], null, NOW);
      }
      assert.equal(await store.pauses.countTasks(), 4);
      assert.equal(await store.pauses.nextDue(), NOW + 1);
      assert.deepEqual(await store.pauses.due(NOW), []);
      const due = await store.pauses.due(NOW + 2);
      assert.deepEqual(
        due.map(({ key, project, version }) => [key, project, version]),
        [
          ["SHOP-3", "shop", 2],
          ["SHOP-4", "shop", 2],
        ],
      );
    },
  );

  exercise(
    "the hold of a paused task outlasts its time until a decision takes it, and is no news for the claim loop",
    async (database) => {
      const { store } = database;
      await configure(database, "shop");
      const key = await putTask(database, 1);
      const id = await putJob(database, key, "queued");
      const hold: Hold = { kind: "pause", reason: "paused", remedy: null, until: NOW + MINUTE };
      const jobs: readonly JobChange[] = [{ change: "hold", id, fence: 3, hold }];
      await store.commit(
        [changeOf(key, { jobs, task: { change: "pause", pausedUntil: hold.until } })],
        null,
        NOW,
      );
      assert.equal(await store.holds.nextDue(), null);
      assert.equal(await store.holds.releaseDue(NOW + MINUTE), 0);
      assert.equal(await next(database, "a", NOW + MINUTE), null);
      const release: readonly JobChange[] = [{ change: "release", id, fence: 3, kind: "pause" }];
      await store.commit(
        [changeOf(key, { jobs: release, task: { change: "resume" } }, 2)],
        null,
        NOW + MINUTE,
      );
      assert.equal(await next(database, "a", NOW + MINUTE), key);
    },
  );

  exercise(
    "I9: a job that may not begin before a time waits with that, and begins then",
    async (database) => {
      const { store } = database;
      await configure(database, "shop");
      const hold: Hold = { kind: "not_before", reason: "later", remedy: "begin now", until: NOW + MINUTE };
      const change = creation("shop", 1, { jobs: [{ ...FIRST_JOB, holds: [hold] } as JobChange] });
      assert.equal((await store.commit([change], null, NOW)).kind, "committed");
      const [job] = await store.jobs.ofTask("SHOP-1");
      assert.deepEqual([job?.status, job?.holds], ["held", [hold]]);
      assert.equal(await next(database, "a"), null);
      assert.equal(await store.holds.nextDue(), NOW + MINUTE);
      assert.equal(await store.holds.releaseDue(NOW + MINUTE), 1);
      assert.equal(await next(database, "a", NOW + MINUTE), "SHOP-1");
    },
  );
}

/** The claim: who is next, and that it is one claimer's. */

import assert from "node:assert/strict";
import type { Claim } from "../../store/claim/claim.ts";
import { jobMoves, runMoves } from "../../workflow/states.ts";
import { plainClaimConfig } from "../claim-config.ts";
import {
  changeOf,
  configure,
  dump,
  type Exercise,
  empty,
  NOW,
  putJob,
  putRun,
  putTask,
  type TestDatabase,
  write,
} from "./database.ts";

async function claim(database: TestDatabase, run: string, concurrency = 100): Promise<Claim | null> {
  return database.store.jobs.claim({ run, concurrency, now: NOW });
}

/** Run ids are never used twice, as in life. */
let begun = 0;

/** Claims until nothing is left; answers the tasks in the order in which they were taken. */
async function claimAll(database: TestDatabase, concurrency = 100): Promise<readonly string[]> {
  const tasks: string[] = [];
  let taken = await claim(database, `run ${begun++}`, concurrency);
  while (taken !== null) {
    tasks.push(taken.job.task);
    taken = await claim(database, `run ${begun++}`, concurrency);
  }
  return tasks;
}

async function putQueued(
  database: TestDatabase,
  project: string,
  numbers: readonly number[],
  priority = 0,
): Promise<void> {
  for (const number of numbers) {
    const key = await putTask(database, number, "active", project);
    const id = await putJob(database, key, "queued");
    await write(database, "update jobs set priority = $2 where id = $1", [id, priority]);
  }
}

export function exerciseClaim(exercise: Exercise): void {
  exercise("I3: a claim raises the fence and begins a run, in one transaction", async (database) => {
    await configure(database, "shop");
    const id = await putJob(database, await putTask(database, 1), "queued");
    const taken = (await claim(database, "r1")) ?? assert.fail("nothing was claimed");
    assert.deepEqual(
      [taken.job.id, taken.job.status, taken.job.fence, taken.job.run],
      [id, "running", 4, "r1"],
    );
    const { run } = taken;
    assert.deepEqual(
      [
        run.id,
        run.job,
        run.task,
        run.project,
        run.phase,
        run.agent,
        run.fence,
        run.status,
        run.claimedAt,
        run.identity,
      ],
      ["r1", id, "SHOP-1", "shop", "work", "developer", 4, "starting", NOW, null],
    );
    assert.deepEqual(await database.store.jobs.get(id), taken.job);
    assert.deepEqual(await database.store.runs.get("r1"), run);
    assert.equal(await claim(database, "r2"), null);
  });

  for (const status of jobMoves.statuses) {
    exercise(`a job that is ${status} is ${status === "queued" ? "" : "not "}claimed`, async (database) => {
      await configure(database, "shop");
      await putJob(database, await putTask(database, 1), status);
      const before = await dump(database);
      const taken = await claim(database, "r1");
      assert.equal(taken !== null, status === "queued");
      if (taken === null) assert.deepEqual(await dump(database), before);
    });
  }

  for (const status of runMoves.statuses) {
    const live = runMoves.live.some((word) => word === status);
    exercise(
      `I4: beside a run that is ${status} its task's job is ${live ? "not " : ""}claimed`,
      async (database) => {
        await configure(database, "shop");
        const key = await putTask(database, 1);
        await putRun(database, "before", key, status);
        await putJob(database, key, "queued");
        await putQueued(database, "shop", [2]);
        assert.deepEqual(await claimAll(database), live ? ["SHOP-2"] : ["SHOP-1", "SHOP-2"]);
      },
    );
  }

  exercise("A8: priority comes first, then age", async (database) => {
    await configure(database, "shop");
    await putQueued(database, "shop", [1, 2]);
    await putQueued(database, "shop", [3, 4], 5);
    await putQueued(database, "shop", [5], -5);
    assert.deepEqual(await claimAll(database), ["SHOP-3", "SHOP-4", "SHOP-1", "SHOP-2", "SHOP-5"]);
  });

  exercise("A8: a flooded project does not starve another", async (database) => {
    await configure(database, "shop", "barn");
    await putQueued(database, "shop", [1, 2, 3, 4, 5]);
    await putQueued(database, "barn", [1, 2]);
    assert.deepEqual(await claimAll(database), [
      "SHOP-1",
      "BARN-1",
      "SHOP-2",
      "BARN-2",
      "SHOP-3",
      "SHOP-4",
      "SHOP-5",
    ]);
  });

  exercise(
    "A8: among projects with as many live runs the one served longest ago is next",
    async (database) => {
      await configure(database, "barn", "mill", "shop");
      for (const project of ["shop", "barn", "mill"]) await putQueued(database, project, [1, 2]);
      const served: string[] = [];
      for (let turn = 0; turn < 6; turn++) {
        const taken = (await claim(database, `run ${turn}`)) ?? assert.fail("nothing was claimed");
        served.push(taken.job.project);
        const killed = {
          change: "kill",
          id: taken.run.id,
          failure: null,
          reason: null,
          summary: null,
          session: null,
        } as const;
        const done = { change: "complete", id: taken.job.id, fence: taken.job.fence } as const;
        await database.store.commit([changeOf(taken.job.task, { run: killed, jobs: [done] })], null, NOW);
      }
      assert.deepEqual(served, ["shop", "barn", "mill", "shop", "barn", "mill"]);
    },
  );

  exercise(
    "A8: limits hold over all projects and per project, also for runs that only wait to be concluded",
    async (database) => {
      await database.store.projects.configure(
        plainClaimConfig([
          { name: "shop", concurrency: 2 },
          { name: "barn", concurrency: 3 },
        ]),
        NOW,
      );
      await putQueued(database, "shop", [1, 2, 3]);
      await putQueued(database, "barn", [1, 2, 3]);
      assert.equal((await claimAll(database, 0)).length, 0);
      assert.equal((await claimAll(database, 3)).length, 3);
      const [first] = await database.store.runs.live();
      await database.store.runs.exited(first?.id ?? "", 0, null, NOW);
      assert.equal(await claim(database, "beyond", 3), null);
      const rest: string[] = [];
      for (let turn = 0; turn < 6; turn++)
        rest.push((await claim(database, `more ${turn}`))?.job.project ?? "none");
      assert.deepEqual([...rest].sort(), ["barn", "barn", "none", "none", "none", "none"]);
      assert.deepEqual((await database.store.totals(NOW)).jobs["queued"], 1);
    },
  );

  exercise("as many jobs are ahead of one as the claims take before it", async (database) => {
    await configure(database, "shop", "barn");
    await putQueued(database, "shop", [1, 2], 0);
    await putQueued(database, "shop", [3, 4], 5);
    await putQueued(database, "shop", [5], 0);
    await putQueued(database, "barn", [1, 2], 9);
    const jobs = (await database.store.jobs.list({ limit: 10, before: null, project: "shop" })).items;
    const ahead = new Map<string, number>();
    for (const job of jobs) {
      const { count, more } = await database.store.jobs.ahead(job);
      assert.equal(more, false);
      ahead.set(job.task, count);
    }
    const order = (await claimAll(database)).filter((task) => task.startsWith("SHOP"));
    assert.deepEqual(
      order.map((task) => ahead.get(task)),
      [0, 1, 2, 3, 4],
    );
  });

  exercise("held jobs become claimable when their time has come, and not before", async (database) => {
    await configure(database, "shop");
    const { jobs, holds } = database.store;
    const id = await putJob(database, await putTask(database, 1), "held", NOW + 50);
    await putJob(database, await putTask(database, 2), "held", NOW + 90);
    await putJob(database, await putTask(database, 3), "held", null);
    assert.equal(await holds.nextDue(), NOW + 50);
    assert.equal(await holds.releaseDue(NOW + 49), 0);
    assert.equal(await claim(database, "r1"), null);
    assert.equal(await holds.releaseDue(NOW + 50), 1);
    const released = await jobs.get(id);
    assert.deepEqual([released?.status, released?.holds, released?.fence], ["queued", [], 3]);
    assert.equal(await holds.nextDue(), NOW + 90);
    assert.equal(await holds.releaseDue(NOW + 1_000), 1);
    assert.equal(await holds.nextDue(), null);
    assert.equal((await claimAll(database)).length, 2);
  });

  for (const status of jobMoves.statuses) {
    exercise(
      `time alone releases a job that is held, and leaves one that is ${status} as it is`,
      async (database) => {
        await empty(database);
        const id = await putJob(database, await putTask(database, 1), status, NOW);
        assert.equal(await database.store.holds.releaseDue(NOW), status === "held" ? 1 : 0);
        assert.equal((await database.store.jobs.get(id))?.status, status === "held" ? "queued" : status);
      },
    );
  }

  exercise(
    "I7: jobs of a project that left the configuration are held, and released when it is back",
    async (database) => {
      const { jobs, holds } = database.store;
      await configure(database, "shop", "barn");
      await putQueued(database, "shop", [1, 2]);
      await putQueued(database, "barn", [1]);
      await putJob(database, await putTask(database, 3), "held", NOW + 50);
      await configure(database, "barn");
      const [first] = await jobs.ofTask("SHOP-1");
      assert.deepEqual(
        [first?.status, first?.holds.map(({ kind, until }) => [kind, until])],
        ["held", [["unconfigured", null]]],
      );
      await holds.releaseDue(NOW + 50);
      assert.deepEqual((await database.store.totals(NOW)).holds, { unconfigured: 3 });
      assert.deepEqual(await claimAll(database), ["BARN-1"]);
      await configure(database, "shop");
      assert.deepEqual((await database.store.totals(NOW)).holds, {});
      assert.deepEqual(await claimAll(database), ["SHOP-1", "SHOP-2", "SHOP-3"]);
    },
  );

  exercise("jobs are listed newest first, by project, task and status", async (database) => {
    await putQueued(database, "shop", [1, 2]);
    await putQueued(database, "barn", [1]);
    await putJob(database, "SHOP-1", "done");
    const tasks = async (query: object): Promise<readonly string[]> =>
      (await database.store.jobs.list({ limit: 10, before: null, ...query })).items.map(
        ({ task, status }) => `${task} ${status}`,
      );
    assert.deepEqual(await tasks({}), ["SHOP-1 done", "BARN-1 queued", "SHOP-2 queued", "SHOP-1 queued"]);
    assert.deepEqual(await tasks({ task: "SHOP-1" }), ["SHOP-1 done", "SHOP-1 queued"]);
    assert.deepEqual(await tasks({ project: "shop", status: "queued" }), ["SHOP-2 queued", "SHOP-1 queued"]);
  });
}

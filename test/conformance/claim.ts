/** The claim: who is next, and that it is one claimer's. */

import assert from "node:assert/strict";
import type { Claim } from "../../store/claim.ts";
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
  type Stage,
  write,
} from "./stage.ts";

async function claim(stage: Stage, run: string, concurrency = 100): Promise<Claim | null> {
  return stage.store.jobs.claim({ run, concurrency, now: NOW });
}

/** Run ids are never used twice, as in life. */
let begun = 0;

/** Claims until nothing is left; answers the tasks in the order in which they were taken. */
async function claimAll(stage: Stage, concurrency = 100): Promise<readonly string[]> {
  const tasks: string[] = [];
  let taken = await claim(stage, `run ${begun++}`, concurrency);
  while (taken !== null) {
    tasks.push(taken.job.task);
    taken = await claim(stage, `run ${begun++}`, concurrency);
  }
  return tasks;
}

async function putQueued(
  stage: Stage,
  project: string,
  numbers: readonly number[],
  priority = 0,
): Promise<void> {
  for (const number of numbers) {
    const key = await putTask(stage, number, "active", project);
    const id = await putJob(stage, key, "queued");
    await write(stage, "update jobs set priority = $2 where id = $1", [id, priority]);
  }
}

export function exerciseClaim(exercise: Exercise): void {
  exercise("I3: a claim raises the fence and begins a run, in one transaction", async (stage) => {
    await configure(stage, "shop");
    const id = await putJob(stage, await putTask(stage, 1), "queued");
    const taken = (await claim(stage, "r1")) ?? assert.fail("nothing was claimed");
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
    assert.deepEqual(await stage.store.jobs.get(id), taken.job);
    assert.deepEqual(await stage.store.runs.get("r1"), run);
    assert.equal(await claim(stage, "r2"), null);
  });

  for (const status of jobMoves.statuses) {
    exercise(`a job that is ${status} is ${status === "queued" ? "" : "not "}claimed`, async (stage) => {
      await configure(stage, "shop");
      await putJob(stage, await putTask(stage, 1), status);
      const before = await dump(stage);
      const taken = await claim(stage, "r1");
      assert.equal(taken !== null, status === "queued");
      if (taken === null) assert.deepEqual(await dump(stage), before);
    });
  }

  for (const status of runMoves.statuses) {
    const live = runMoves.live.some((word) => word === status);
    exercise(
      `I4: beside a run that is ${status} its task's job is ${live ? "not " : ""}claimed`,
      async (stage) => {
        await configure(stage, "shop");
        const key = await putTask(stage, 1);
        await putRun(stage, "before", key, status);
        await putJob(stage, key, "queued");
        await putQueued(stage, "shop", [2]);
        assert.deepEqual(await claimAll(stage), live ? ["SHOP-2"] : ["SHOP-1", "SHOP-2"]);
      },
    );
  }

  exercise("A8: priority comes first, then age", async (stage) => {
    await configure(stage, "shop");
    await putQueued(stage, "shop", [1, 2]);
    await putQueued(stage, "shop", [3, 4], 5);
    await putQueued(stage, "shop", [5], -5);
    assert.deepEqual(await claimAll(stage), ["SHOP-3", "SHOP-4", "SHOP-1", "SHOP-2", "SHOP-5"]);
  });

  exercise("A8: a flooded project does not starve another", async (stage) => {
    await configure(stage, "shop", "barn");
    await putQueued(stage, "shop", [1, 2, 3, 4, 5]);
    await putQueued(stage, "barn", [1, 2]);
    assert.deepEqual(await claimAll(stage), [
      "SHOP-1",
      "BARN-1",
      "SHOP-2",
      "BARN-2",
      "SHOP-3",
      "SHOP-4",
      "SHOP-5",
    ]);
  });

  exercise("A8: among projects with as many live runs the one served longest ago is next", async (stage) => {
    await configure(stage, "barn", "mill", "shop");
    for (const project of ["shop", "barn", "mill"]) await putQueued(stage, project, [1, 2]);
    const served: string[] = [];
    for (let turn = 0; turn < 6; turn++) {
      const taken = (await claim(stage, `run ${turn}`)) ?? assert.fail("nothing was claimed");
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
      await stage.store.commit([changeOf(taken.job.task, { run: killed, jobs: [done] })], null, NOW);
    }
    assert.deepEqual(served, ["shop", "barn", "mill", "shop", "barn", "mill"]);
  });

  exercise(
    "A8: limits hold over all projects and per project, also for runs that only wait to be concluded",
    async (stage) => {
      await stage.store.projects.configure(
        plainClaimConfig([
          { name: "shop", concurrency: 2 },
          { name: "barn", concurrency: 3 },
        ]),
        NOW,
      );
      await putQueued(stage, "shop", [1, 2, 3]);
      await putQueued(stage, "barn", [1, 2, 3]);
      assert.equal((await claimAll(stage, 0)).length, 0);
      assert.equal((await claimAll(stage, 3)).length, 3);
      const [first] = await stage.store.runs.live();
      await stage.store.runs.exited(first?.id ?? "", 0, null, NOW);
      assert.equal(await claim(stage, "beyond", 3), null);
      const rest: string[] = [];
      for (let turn = 0; turn < 6; turn++)
        rest.push((await claim(stage, `more ${turn}`))?.job.project ?? "none");
      assert.deepEqual([...rest].sort(), ["barn", "barn", "none", "none", "none", "none"]);
      assert.deepEqual((await stage.store.totals(NOW)).jobs["queued"], 1);
    },
  );

  exercise("as many jobs are ahead of one as the claims take before it", async (stage) => {
    await configure(stage, "shop", "barn");
    await putQueued(stage, "shop", [1, 2], 0);
    await putQueued(stage, "shop", [3, 4], 5);
    await putQueued(stage, "shop", [5], 0);
    await putQueued(stage, "barn", [1, 2], 9);
    const jobs = (await stage.store.jobs.list({ limit: 10, before: null, project: "shop" })).items;
    const ahead = new Map<string, number>();
    for (const job of jobs) {
      const { count, more } = await stage.store.jobs.ahead(job);
      assert.equal(more, false);
      ahead.set(job.task, count);
    }
    const order = (await claimAll(stage)).filter((task) => task.startsWith("SHOP"));
    assert.deepEqual(
      order.map((task) => ahead.get(task)),
      [0, 1, 2, 3, 4],
    );
  });

  exercise("held jobs become claimable when their time has come, and not before", async (stage) => {
    await configure(stage, "shop");
    const { jobs, holds } = stage.store;
    const id = await putJob(stage, await putTask(stage, 1), "held", NOW + 50);
    await putJob(stage, await putTask(stage, 2), "held", NOW + 90);
    await putJob(stage, await putTask(stage, 3), "held", null);
    assert.equal(await holds.nextDue(), NOW + 50);
    assert.equal(await holds.releaseDue(NOW + 49), 0);
    assert.equal(await claim(stage, "r1"), null);
    assert.equal(await holds.releaseDue(NOW + 50), 1);
    const released = await jobs.get(id);
    assert.deepEqual([released?.status, released?.holds, released?.fence], ["queued", [], 3]);
    assert.equal(await holds.nextDue(), NOW + 90);
    assert.equal(await holds.releaseDue(NOW + 1_000), 1);
    assert.equal(await holds.nextDue(), null);
    assert.equal((await claimAll(stage)).length, 2);
  });

  for (const status of jobMoves.statuses) {
    exercise(
      `time alone releases a job that is held, and leaves one that is ${status} as it is`,
      async (stage) => {
        await empty(stage);
        const id = await putJob(stage, await putTask(stage, 1), status, NOW);
        assert.equal(await stage.store.holds.releaseDue(NOW), status === "held" ? 1 : 0);
        assert.equal((await stage.store.jobs.get(id))?.status, status === "held" ? "queued" : status);
      },
    );
  }

  exercise(
    "I7: jobs of a project that left the configuration are held, and released when it is back",
    async (stage) => {
      const { jobs, holds } = stage.store;
      await configure(stage, "shop", "barn");
      await putQueued(stage, "shop", [1, 2]);
      await putQueued(stage, "barn", [1]);
      await putJob(stage, await putTask(stage, 3), "held", NOW + 50);
      await configure(stage, "barn");
      const [first] = await jobs.ofTask("SHOP-1");
      assert.deepEqual(
        [first?.status, first?.holds.map(({ kind, until }) => [kind, until])],
        ["held", [["unconfigured", null]]],
      );
      await holds.releaseDue(NOW + 50);
      assert.deepEqual((await stage.store.totals(NOW)).holds, { unconfigured: 3 });
      assert.deepEqual(await claimAll(stage), ["BARN-1"]);
      await configure(stage, "shop");
      assert.deepEqual((await stage.store.totals(NOW)).holds, {});
      assert.deepEqual(await claimAll(stage), ["SHOP-1", "SHOP-2", "SHOP-3"]);
    },
  );

  exercise("jobs are listed newest first, by project, task and status", async (stage) => {
    await putQueued(stage, "shop", [1, 2]);
    await putQueued(stage, "barn", [1]);
    await putJob(stage, "SHOP-1", "done");
    const tasks = async (query: object): Promise<readonly string[]> =>
      (await stage.store.jobs.list({ limit: 10, before: null, ...query })).items.map(
        ({ task, status }) => `${task} ${status}`,
      );
    assert.deepEqual(await tasks({}), ["SHOP-1 done", "BARN-1 queued", "SHOP-2 queued", "SHOP-1 queued"]);
    assert.deepEqual(await tasks({ task: "SHOP-1" }), ["SHOP-1 done", "SHOP-1 queued"]);
    assert.deepEqual(await tasks({ project: "shop", status: "queued" }), ["SHOP-2 queued", "SHOP-1 queued"]);
  });
}

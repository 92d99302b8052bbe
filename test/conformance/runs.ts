/** Runs: their life between claim and conclusion, usage and spend. */

import assert from "node:assert/strict";
import { StoreFault } from "../../store/engine/engine.ts";
import type { RunProgress } from "../../store/progress.ts";
import type { Identity, Usage } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { reportOne } from "../report-one.ts";
import { dump, type Exercise, NOW, putRun, putTask, type TestDatabase, write } from "./database.ts";

const IDENTITY: Identity = {
  pid: 4_242,
  startTicks: 9_999_999_999,
  pgid: 4_241,
  leaderTicks: 9_999_999_998,
  bootId: "b-1",
};
const PLAN = { backend: "claude", model: "sonnet", effort: "high", timeoutMs: 2_700_000, heard: 0 };
const DAY_MS = 86_400_000;

function usage(model: string, costNanos: number | null, more: Partial<Usage> = {}): Usage {
  const tokens = {
    inputTokens: 1,
    outputTokens: 2,
    cacheReadTokens: 3,
    cacheCreationTokens: 4,
    reasoningTokens: 5,
  };
  return { model, ...tokens, costNanos, costSource: costNanos === null ? "unpriced" : "agent", ...more };
}

function progress(more: Partial<RunProgress> = {}): RunProgress {
  return {
    logOffset: 10,
    transcript: '{"at":10}',
    session: null,
    model: null,
    usage: [],
    activeAt: NOW,
    ...more,
  };
}

async function spent({ store }: TestDatabase, now: number = NOW): Promise<number> {
  return (await store.totals(now)).spentTodayNanos;
}

export function exerciseRuns(exercise: Exercise): void {
  exercise("A15: one live row that cannot be understood keeps nobody from the others", async (database) => {
    await putRun(database, "good", await putTask(database, 1), "running");
    await putRun(database, "bad", await putTask(database, 2), "running");
    await write(database, "update runs set failure = 'of a newer version' where id = 'bad'");
    await assert.rejects(database.store.runs.live(), StoreFault);
    const told: string[] = [];
    const live = await database.store.runs.live((fault) => told.push(fault.message));
    assert.deepEqual(
      live.map(({ id }) => id),
      ["good"],
    );
    assert.match(told.join(), /runs bad: column 'failure' is 'of a newer version'/);
  });

  for (const status of runMoves.statuses) {
    const live = runMoves.live.some((word) => word === status);
    const verbs: readonly [
      verb: string,
      allowed: boolean,
      act: (database: TestDatabase) => Promise<boolean>,
    ][] = [
      ["started", status === "starting", ({ store }) => store.runs.started("r", 3, PLAN, IDENTITY, NOW)],
      ["began", live, ({ store }) => store.runs.began("r", 5_000, NOW + 5)],
      ["exited", runMoves.can("exit", status), ({ store }) => store.runs.exited("r", 7, "SIGTERM", NOW + 5)],
      ["progress", live, ({ store }) => reportOne(store.runs, "r", progress({ usage: [usage("m", 5)] }))],
      ["publishing", status === "exited", ({ store }) => store.runs.publishing("r", NOW + 5)],
      ["unpublished", status === "exited", ({ store }) => store.runs.unpublished("r", "no remote")],
      ["askToStop", live, ({ store }) => store.runs.askToStop("r", "stalled")],
    ];
    for (const [verb, allowed, act] of verbs) {
      exercise(
        `I3: ${verb} is ${allowed ? "" : "not "}written for a run that is ${status}`,
        async (database) => {
          await putRun(database, "r", await putTask(database, 1), status);
          const before = await dump(database);
          assert.equal(await act(database), allowed);
          if (allowed) assert.notDeepEqual(await dump(database), before);
          else assert.deepEqual(await dump(database), before);
        },
      );
    }
  }

  exercise("I4: a process is written down under the claim's fence only", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "starting");
    for (const fence of [2, 4]) assert.equal(await runs.started("r", fence, PLAN, IDENTITY, NOW), false);
    assert.equal(await runs.started("unknown", 3, PLAN, IDENTITY, NOW), false);
    assert.equal((await runs.get("r"))?.identity, null);
    assert.equal(await runs.started("r", 3, PLAN, IDENTITY, NOW + 1), true);
    assert.equal(await runs.started("r", 3, PLAN, { ...IDENTITY, pid: 1 }, NOW + 2), false);
    const run = await runs.get("r");
    assert.deepEqual(
      [run?.status, run?.identity, run?.startedAt, run?.activeAt],
      ["running", IDENTITY, NOW + 1, NOW + 1],
    );
  });

  exercise("a run whose agent begins after a set-up has its time from there", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    assert.equal(await runs.began("r", 5_000, NOW + 70), true);
    const run = await runs.get("r");
    assert.deepEqual([run?.startedAt, run?.activeAt, run?.timeoutMs], [NOW + 70, NOW + 70, 5_000]);
  });

  exercise("a run whose agent could not be launched tells what was to be started", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "starting");
    await runs.describe("r", PLAN);
    const run = await runs.get("r");
    assert.deepEqual(
      [run?.status, run?.backend, run?.model, run?.effort, run?.timeoutMs, run?.heard],
      ["starting", ...Object.values(PLAN)],
    );
  });

  exercise(
    "A16: a run tells its backend, time limit, exit, session and usage per model",
    async (database) => {
      const { runs } = database.store;
      await putRun(database, "r", await putTask(database, 1), "starting");
      await runs.started("r", 3, PLAN, IDENTITY, NOW);
      const models = [usage("haiku", null), usage("sonnet", 1_250_000_000, { inputTokens: 5_000_000_000 })];
      assert.equal(
        await reportOne(
          runs,
          "r",
          progress({ session: "s-1", model: "sonnet-5", usage: models, activeAt: NOW + 9 }),
        ),
        true,
      );
      assert.equal(
        await reportOne(runs, "r", progress({ logOffset: 20, usage: models, activeAt: NOW + 10 })),
        true,
      );
      assert.equal(await runs.exited("r", null, "SIGKILL", NOW + 20), true);
      const run = await runs.get("r");
      assert.deepEqual(
        [run?.backend, run?.model, run?.effort, run?.session, run?.logOffset, run?.transcript, run?.activeAt],
        ["claude", "sonnet-5", "high", "s-1", 20, '{"at":10}', NOW + 10],
      );
      assert.deepEqual(
        [run?.status, run?.exitCode, run?.signal, run?.exitedAt],
        ["exited", null, "SIGKILL", NOW + 20],
      );
      assert.equal(run?.timeoutMs, 2_700_000);
      assert.deepEqual(run?.usage, models);
      assert.deepEqual(await runs.live(), [run]);
      assert.deepEqual((await runs.list({ limit: 5, before: null })).items, [run]);
    },
  );

  exercise("I8: usage is replaced, never added, and the day's spend follows exactly", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    await putRun(database, "s", await putTask(database, 2), "running");
    await reportOne(runs, "r", progress({ usage: [usage("a", 100), usage("b", 50)] }));
    await reportOne(runs, "r", progress({ usage: [usage("a", 100), usage("b", 50)] }));
    await reportOne(runs, "s", progress({ usage: [usage("a", 7)] }));
    assert.equal(await spent(database), 157);
    await reportOne(runs, "r", progress({ usage: [usage("b", 30), usage("c", null)] }));
    assert.equal(await spent(database), 37);
    assert.deepEqual(
      (await runs.get("r"))?.usage.map(({ model }) => model),
      ["b", "c"],
    );
  });

  exercise("I8: an older report than the one that is there changes nothing", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    assert.equal(await reportOne(runs, "r", progress({ logOffset: 20, usage: [usage("a", 100)] })), true);
    assert.equal(await reportOne(runs, "r", progress({ logOffset: 10, usage: [] })), false);
    const { logOffset, usage: used } = (await runs.get("r")) ?? assert.fail("there is no run");
    assert.deepEqual([logOffset, used.length, await spent(database)], [20, 1, 100]);
    assert.equal(await reportOne(runs, "r", progress({ logOffset: 20, usage: [usage("a", 130)] })), true);
    assert.equal(await spent(database), 130);
  });

  exercise("I8: what a run costs after midnight belongs to the next day", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    await reportOne(runs, "r", progress({ usage: [usage("a", 100)] }));
    await reportOne(runs, "r", progress({ usage: [usage("a", 130)], activeAt: NOW + DAY_MS }));
    assert.deepEqual(
      [await spent(database), await spent(database, NOW + DAY_MS), await spent(database, NOW - DAY_MS)],
      [100, 30, 0],
    );
  });

  exercise("I8: a model that is named twice is a defect, and nothing is written", async (database) => {
    await putRun(database, "r", await putTask(database, 1), "running");
    const before = await dump(database);
    await assert.rejects(
      reportOne(database.store.runs, "r", progress({ usage: [usage("a", 1), usage("a", 1)] })),
    );
    assert.deepEqual(await dump(database), before);
  });

  exercise("the first reason to stop a run stays", async (database) => {
    const { runs } = database.store;
    await putRun(database, "r", await putTask(database, 1), "running");
    assert.deepEqual(await runs.stopsAsked(), []);
    assert.equal(await runs.askToStop("r", "timeout"), true);
    assert.equal(await runs.askToStop("r", "cancelled"), true);
    assert.deepEqual(await runs.stopsAsked(), [{ id: "r", reason: "timeout" }]);
    assert.equal(await runs.askToStop("unknown", "timeout"), false);
  });

  exercise("live runs are those that a daemon must look after", async (database) => {
    const { runs } = database.store;
    for (const [index, status] of runMoves.statuses.entries())
      await putRun(database, status, await putTask(database, index + 1), status);
    assert.deepEqual(
      (await runs.live()).map(({ status }) => status),
      ["starting", "running", "exited"],
    );
    assert.deepEqual(
      [await runs.countLive("SHOP-1"), await runs.countLive("SHOP-7"), await runs.countLive("SHOP-99")],
      [1, 0, 0],
    );
    assert.equal((await runs.list({ limit: 10, before: null, status: "lost" })).items.length, 1);
    assert.equal((await runs.list({ limit: 10, before: null, project: "shop" })).items.length, 7);
    assert.equal((await runs.list({ limit: 10, before: null, task: "SHOP-2" })).items.length, 1);
  });

  exercise("totals count every status exactly, also when rows are deleted", async (database) => {
    for (const [index, status] of runMoves.statuses.entries())
      await putRun(database, status, await putTask(database, index + 1), status);
    const ones = Object.fromEntries(runMoves.statuses.map((status) => [status, 1]));
    assert.deepEqual((await database.store.totals(NOW)).runs, ones);
    assert.equal((await database.store.totals(NOW)).tasks["active"], 7);
    await write(database, "delete from runs where status = 'lost'");
    await database.store.runs.exited("running", 0, null, NOW);
    assert.deepEqual((await database.store.totals(NOW)).runs, { ...ones, lost: 0, running: 0, exited: 2 });
  });

  exercise(
    "a row that cannot be what it should be is refused with its table and column",
    async (database) => {
      await putRun(database, "r", await putTask(database, 1), "running");
      await write(database, "update runs set stop = 'tired' where id = 'r'");
      await assert.rejects(database.store.runs.get("r"), /runs r: column 'stop' is 'tired'/);
    },
  );
}

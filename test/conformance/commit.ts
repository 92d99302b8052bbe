/** Commit: a decision and everything that hangs on it, wholly or not at all (I2). */

import assert from "node:assert/strict";
import { createStore } from "../../store/build.ts";
import type { Engine, Statement } from "../../store/engine/engine.ts";
import type { Change } from "../../workflow/decide/change.ts";
import type { Hold } from "../../workflow/hold.ts";
import { aboutTask } from "../../workflow/subject.ts";
import type { ExternalRef } from "../../workflow/task.ts";
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
import { delivery } from "./deliveries.ts";

const ISSUE: ExternalRef = { source: "github", kind: "issue", id: "acme/shop#1" };

async function commit(database: TestDatabase, ...changes: readonly Change[]): Promise<string> {
  return (await database.store.commit(changes, null, NOW)).kind;
}

export function exerciseCommit(exercise: Exercise): void {
  exercise("F1: delivery, task, job, event and outbox call are one transaction", async (database) => {
    const [recorded] = await database.store.deliveries.record([delivery("a")], NOW);
    const id = recorded?.id ?? assert.fail();
    const change = creation("shop", null, {
      refs: [ISSUE],
      events: [{ kind: "task.created", key: "github:1", data: { by: "ada" } }],
      outbox: [{ target: "github", kind: "comment", payload: { text: "started" } }],
    });
    assert.deepEqual(await database.store.commit([change], id, NOW), {
      kind: "committed",
      tasks: ["SHOP-1"],
    });
    const [job] = await database.store.jobs.ofTask("SHOP-1");
    assert.deepEqual(
      [job?.phase, job?.agent, job?.status, job?.fence, job?.project],
      ["work", "developer", "queued", 0, "shop"],
    );
    assert.deepEqual(await database.store.events.of(aboutTask("SHOP-1"), 0, 10), [
      {
        subject: aboutTask("SHOP-1"),
        seq: 1,
        kind: "task.created",
        key: "github:1",
        data: { by: "ada" },
        at: NOW,
      },
    ]);
    const [call] = await database.store.outbox.due("github", NOW, 10);
    assert.deepEqual(
      [call?.subject, call?.target, call?.kind, call?.payload],
      [aboutTask("SHOP-1"), "github", "comment", { text: "started" }],
    );
    const processed = await database.store.deliveries.get(id);
    assert.deepEqual(
      [processed?.status, processed?.task, processed?.finishedAt],
      ["processed", "SHOP-1", NOW],
    );
  });

  exercise(
    "I2: a delivery that is already processed makes a conflict of the whole commit",
    async (database) => {
      const [recorded] = await database.store.deliveries.record([delivery("a")], NOW);
      const id = recorded?.id ?? assert.fail();
      assert.equal((await database.store.commit([creation("shop")], id, NOW)).kind, "committed");
      const before = await dump(database);
      assert.deepEqual(await database.store.commit([creation("shop")], id, NOW), { kind: "conflict" });
      assert.deepEqual(await dump(database), before);
    },
  );

  exercise("A3: two commits that create the same external reference make one task", async (database) => {
    const change = creation("shop", 12, { refs: [ISSUE] });
    const race = Array.from({ length: 5 }, () => commit(database, change));
    const results = await Promise.all(race);
    assert.equal(results.filter((kind) => kind === "committed").length, 1);
    const counts = Object.entries(await dump(database)).map(([table, rows]) => [table, rows.length]);
    const { tasks, jobs, refs } = Object.fromEntries(counts);
    assert.deepEqual([tasks, jobs, refs], [1, 1, 1]);
  });

  exercise(
    "A3: a name that belongs to another task is a conflict, and nothing is written",
    async (database) => {
      await commit(database, creation("shop", null, { refs: [ISSUE] }));
      const before = await dump(database);
      assert.equal(
        await commit(database, creation("barn"), creation("shop", null, { refs: [ISSUE] })),
        "conflict",
      );
      assert.deepEqual(await dump(database), before);
    },
  );

  exercise("A3: the names of a finished task move to the one that replaces it", async (database) => {
    const { tasks } = database.store;
    const card: ExternalRef = { source: "plane", kind: "issue", id: "4f2c" };
    await commit(database, creation("shop", null, { refs: [ISSUE, card], jobs: [] }));
    const successor = creation("shop", null, { refs: [ISSUE], replaces: "SHOP-1" });
    assert.equal(await commit(database, successor), "conflict");
    await commit(database, changeOf("SHOP-1", { task: { change: "complete" } }));
    assert.equal(await commit(database, successor), "committed");
    assert.deepEqual(await tasks.refs("SHOP-2"), [ISSUE, card]);
    assert.deepEqual(await tasks.refs("SHOP-1"), []);
  });

  exercise(
    "D13: whoever writes several tasks takes their rows in the order of their keys first",
    async (database) => {
      for (const number of [1, 2, 3]) await putTask(database, number, number === 3 ? "done" : "active");
      const batches: (readonly Statement[])[] = [];
      const { engine } = database;
      const heard: Engine = {
        ...{ name: engine.name, place: engine.place, close: () => engine.close() },
        ...{ all: (sql, params) => engine.all(sql, params), script: (text) => engine.script(text) },
        atomic: (batch) => {
          batches.push(batch);
          return engine.atomic(batch);
        },
      };
      const store = createStore(heard);
      const needs = { change: "add", needs: "SHOP-1", version: 1, number: 1, source: null } as const;
      const depending = changeOf("SHOP-2", { dependencies: [needs] });
      const ending = changeOf("SHOP-2", { task: { change: "complete" } }, 2);
      const waiting = changeOf("SHOP-1", {}, 2);
      for (const changes of [
        [depending],
        [ending, waiting],
        [creation("shop", null, { replaces: "SHOP-3" }), waiting],
      ])
        await store.commit(changes, null, NOW);
      await store.commit([changeOf("SHOP-2", {}, 3)], null, NOW);
      assert.deepEqual(
        batches.map(([first]) => (/no key update/.test(JSON.stringify(first?.sql)) ? first?.params : null)),
        [['["SHOP-1","SHOP-2"]'], ['["SHOP-1","SHOP-2"]'], ['["SHOP-1","SHOP-3"]'], null],
      );
    },
  );

  exercise(
    "G4: a done task is followed once, by one that has its branch, its names and its unheard words",
    async (database) => {
      const { tasks, follow, approvals } = database.store;
      await configure(database, "shop");
      await commit(database, creation("shop", null, { refs: [ISSUE], jobs: [] }));
      const said = [{ by: "bob", from: "cli", text: "use tabs" }] as const;
      await commit(database, changeOf("SHOP-1", { feedback: said }));
      assert.deepEqual(await follow.unheard(), []);
      await commit(
        database,
        changeOf("SHOP-1", { task: { change: "complete", branch: "b", commit: "c0ffee" } }, 2),
      );
      assert.deepEqual(await follow.unheard(), [{ key: "SHOP-1", project: "shop" }]);
      const before = await tasks.get("SHOP-1");
      assert.equal((await follow.newest(before ?? assert.fail())).key, "SHOP-1");
      const [more] = [creation("shop", null, { replaces: "SHOP-1" })];
      if (more.task.change !== "create") assert.fail();
      const next = { ...more, task: { ...more.task, task: { ...more.task.task, branch: "b" } } };
      const results = await Promise.all([commit(database, next), commit(database, next)]);
      assert.deepEqual([...results].sort(), ["committed", "conflict"]);
      assert.deepEqual(
        [await follow.by("SHOP-1"), await follow.by("SHOP-2"), await follow.unheard()],
        ["SHOP-2", null, []],
      );
      const second = await tasks.get("SHOP-2");
      assert.deepEqual([second?.follows, second?.branch, second?.commit], ["SHOP-1", "b", null]);
      assert.deepEqual(await tasks.refs("SHOP-2"), [ISSUE]);
      assert.deepEqual(
        (await approvals.unheard("SHOP-2")).map(({ text }) => text),
        ["use tabs"],
      );
      assert.deepEqual([await approvals.lastSaid("SHOP-1"), await approvals.lastSaid("SHOP-2")], [0, 1]);
      await commit(database, changeOf("SHOP-2", { task: { change: "complete" } }));
      await commit(database, creation("shop", null, { replaces: "SHOP-2" }));
      assert.equal((await follow.newest(before ?? assert.fail())).key, "SHOP-3");
    },
  );

  exercise("A3: a finished task is replaced or restarted, not both", async (database) => {
    await putTask(database, 1, "failed");
    const successor = creation("shop", null, { replaces: "SHOP-1" });
    const restart = changeOf("SHOP-1", { task: { change: "retry" }, jobs: [FIRST_JOB] });
    const results = await Promise.all([commit(database, successor), commit(database, restart)]);
    assert.deepEqual([...results].sort(), ["committed", "conflict"]);
  });

  exercise("a commit on an older version of the task is a conflict", async (database) => {
    const key = await putTask(database, 1);
    assert.equal(await commit(database, changeOf(key, {}, 1)), "committed");
    const before = await dump(database);
    assert.equal(await commit(database, changeOf(key, {}, 1)), "conflict");
    assert.equal(await commit(database, changeOf(key, {}, 3)), "conflict");
    assert.deepEqual(await dump(database), before);
    assert.equal(await commit(database, changeOf(key, {}, 2)), "committed");
    assert.equal((await database.store.tasks.get(key))?.version, 3);
  });

  exercise("D7: events are numbered per task without gaps, and once per key", async (database) => {
    const key = await putTask(database, 1);
    const { tasks } = database.store;
    await commit(database, changeOf(key, { events: [{ kind: "a", key: "k" }, { kind: "b" }] }, 1));
    await commit(database, changeOf(key, { events: [{ kind: "a" }] }, 2));
    const before = await dump(database);
    assert.equal(
      await commit(database, changeOf(key, { events: [{ kind: "c" }, { kind: "a", key: "k" }] }, 3)),
      "conflict",
    );
    assert.deepEqual(await dump(database), before);
    const { events } = database.store;
    const about = aboutTask(key);
    const seen = await events.of(about, 0, 10);
    assert.deepEqual(
      seen.map(({ seq, kind }) => `${seq} ${kind}`),
      ["1 a", "2 b", "3 a"],
    );
    assert.deepEqual(
      (await events.of(about, 1, 1)).map(({ seq }) => seq),
      [2],
    );
    assert.equal((await tasks.get(key))?.events, 3);
    assert.deepEqual([await events.has(about, "k"), await events.has(about, "l")], [true, false]);
    assert.equal(await events.count(about, "a", NOW), 2);
    assert.equal(await events.count(about, "a", NOW + 1), 0);
  });

  exercise("a reason is set, cleared, or left alone, as the change says", async (database) => {
    const key = await putTask(database, 1);
    const reason = async (): Promise<string | null | undefined> =>
      (await database.store.tasks.get(key))?.reason;
    await commit(database, changeOf(key, { task: { change: "fail", reason: "nobody could" } }, 1));
    assert.equal(await reason(), "nobody could");
    await commit(database, changeOf(key, { task: { change: "keep" } }, 2));
    assert.equal(await reason(), "nobody could");
    await commit(database, changeOf(key, { task: { change: "retry", reason: null } }, 3));
    assert.equal(await reason(), null);
  });

  exercise(
    "A13: a second live job for a phase is a conflict; one that replaces it in the same commit is not",
    async (database) => {
      const key = await putTask(database, 1);
      const id = await putJob(database, key, "queued");
      assert.equal(await commit(database, changeOf(key, { jobs: [FIRST_JOB] })), "conflict");
      const replaced = changeOf(key, { jobs: [FIRST_JOB, { change: "cancel", id, fence: 3 }] });
      assert.equal(await commit(database, replaced), "committed");
      const jobs = await database.store.jobs.ofTask(key);
      assert.deepEqual(
        jobs.map(({ status }) => status),
        ["cancelled", "queued"],
      );
    },
  );

  exercise("a job may be born held, with its reason to be seen", async (database) => {
    const key = await putTask(database, 1);
    const hold: Hold = {
      kind: "run_ending",
      reason: "the previous run is still ending",
      remedy: null,
      until: null,
    };
    await commit(
      database,
      changeOf(key, { jobs: [{ ...FIRST_JOB, change: "create", holds: [hold] }] as Change["jobs"] }),
    );
    const [job] = await database.store.jobs.ofTask(key);
    assert.deepEqual([job?.status, job?.holds], ["held", [hold]]);
  });

  exercise(
    "every live run of a cancelled task is asked to stop, and a reason given before stays",
    async (database) => {
      const [one, other] = [await putTask(database, 1), await putTask(database, 2)];
      await putRun(database, "a", one, "running");
      await putRun(database, "b", other, "running");
      await putRun(database, "c", one, "succeeded");
      await database.store.runs.askToStop("b", "timeout");
      await commit(
        database,
        changeOf(one, { stopRuns: "cancelled" }),
        changeOf(other, { stopRuns: "cancelled" }),
      );
      assert.deepEqual(await database.store.runs.stopsAsked(), [
        { id: "a", reason: "cancelled" },
        { id: "b", reason: "timeout" },
      ]);
      assert.equal((await database.store.runs.get("c"))?.stop, null);
    },
  );

  exercise("a change that no decision can make is refused before anything is written", async (database) => {
    const key = await putTask(database, 1);
    const wrong: readonly Change[] = [{ ...changeOf(key), base: null }];
    for (const change of wrong) await assert.rejects(commit(database, change), Error);
  });
}

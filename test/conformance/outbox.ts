/** The outbox: owed per target, due in order, tried again later, ended once, and a person's word about it. */

import assert from "node:assert/strict";
import type { Store } from "../../store/store.ts";
import { outboxMoves } from "../../workflow/states.ts";
import { changeOf, dump, type Exercise, NOW, putTask, type TestDatabase, write } from "./database.ts";

/** One try was begun of it, and it is due since {@link NOW}. */
async function putCall(database: TestDatabase, status: string): Promise<number> {
  const finished = status === "pending" ? null : 7;
  const [row] = await write(
    database,
    `insert into outbox (subject_kind, subject, target, kind, payload, due_at, created_at, owed_since, status, finished_at, tries)
     select 'task', key, 'github', 'comment', '{}', $1, $1, $1, $2, $3, 1 from tasks returning id`,
    [NOW, status, finished],
  );
  return Number(row?.["id"]);
}

async function putCalls(database: TestDatabase, targets: readonly string[]): Promise<void> {
  const key = await putTask(database, 1);
  const outbox = targets.map((target, index) => ({ target, kind: `k${index}`, payload: { text: "ü" } }));
  await database.store.commit([changeOf(key, { outbox })], null, NOW);
}

async function kindsDue({ outbox }: Store, target: string, now: number): Promise<readonly string[]> {
  return (await outbox.due(target, now, 10)).map(({ kind }) => kind);
}

export function exerciseOutbox(exercise: Exercise): void {
  exerciseMoves(exercise);
  exerciseTries(exercise);

  exercise("calls are owed per target, and due in order", async (database) => {
    const { store } = database;
    assert.deepEqual(await store.outbox.owed(), []);
    await putCalls(database, ["github", "webhook:ops", "github", "log"]);
    assert.deepEqual(await kindsDue(store, "github", NOW - 1), []);
    assert.deepEqual(await kindsDue(store, "github", NOW), ["k0", "k2"]);
    const [first] = await store.outbox.due("github", NOW, 1);
    assert.deepEqual(first?.payload, { text: "ü" });
    await store.outbox.putOff(first ?? assert.fail(), "timeout", NOW + 50, false);
    assert.deepEqual(await store.outbox.owed(), [
      { target: "github", dueAt: NOW },
      { target: "log", dueAt: NOW },
      { target: "webhook:ops", dueAt: NOW },
    ]);
    assert.deepEqual(await kindsDue(store, "github", NOW + 50), ["k2", "k0"]);
    assert.deepEqual(await store.outbox.counts(), { pending: 4, dead: 0 });
  });

  exercise("a notice becomes its calls once, whoever does it", async (database) => {
    const { outbox } = database.store;
    await putCalls(database, ["notice"]);
    const [notice] = await outbox.due("notice", NOW, 1);
    const calls = ["log", "webhook:ops"].map((target) => ({ target, kind: "k0", payload: { id: target } }));
    const done = await Promise.all([1, 2].map(() => outbox.split(notice ?? assert.fail(), calls, NOW + 1)));
    assert.deepEqual(done.toSorted(), [false, true]);
    assert.deepEqual(
      (await outbox.owed()).map(({ target }) => target),
      ["log", "webhook:ops"],
    );
    const [call] = await outbox.due("webhook:ops", NOW + 1, 10);
    assert.deepEqual([call?.subject, call?.payload], [notice?.subject, { id: "webhook:ops" }]);
  });

  exercise("what is owed to a target is given up together, and told of by target", async (database) => {
    const { outbox } = database.store;
    await putCalls(database, ["github", "github", "log", "github"]);
    assert.equal(await outbox.buryTarget("github", "it is gone", NOW + 5), 3);
    assert.equal(await outbox.buryTarget("github", "it is gone", NOW + 6), 0);
    assert.deepEqual(await outbox.givenUp("k3"), [{ target: "github", calls: 2, lastAt: NOW + 5 }]);
    assert.equal(await outbox.buryAll("restored", NOW + 60), 1);
    assert.deepEqual(await outbox.counts(), { pending: 0, dead: 4 });
    const dead = (await outbox.list({ limit: 10, before: null, status: "dead" })).items;
    assert.deepEqual(
      dead.map(({ kind, error, finishedAt }) => [kind, error, finishedAt]),
      [
        ["k3", "it is gone", NOW + 5],
        ["k2", "restored", NOW + 60],
        ["k1", "it is gone", NOW + 5],
        ["k0", "it is gone", NOW + 5],
      ],
    );
    assert.equal((await outbox.list({ limit: 10, before: null, target: "log" })).items.length, 1);
  });
}

function exerciseMoves(exercise: Exercise): void {
  const begun = (id: number) => ({ id, tries: 1 });
  for (const status of outboxMoves.statuses) {
    const verbs: readonly [
      verb: string,
      act: (database: TestDatabase, id: number) => Promise<boolean>,
      to: string,
      from: readonly string[],
    ][] = [
      ["begun", ({ store }, id) => store.outbox.begin(begun(id), NOW + 1), "pending", ["pending"]],
      ["sent", ({ store }, id) => store.outbox.sent(id, NOW + 1), "sent", ["pending"]],
      ["buried", ({ store }, id) => store.outbox.bury(begun(id), "gone", NOW + 1), "dead", ["pending"]],
      [
        "put off",
        ({ store }, id) => store.outbox.putOff(begun(id), "timeout", NOW + 9, true),
        "pending",
        ["pending"],
      ],
      ["asked for again", ({ store }, id) => store.outbox.retry(id, NOW + 1), "pending", ["pending", "dead"]],
      ["dropped", ({ store }, id) => store.outbox.drop(id, NOW + 1), "dropped", ["pending", "dead"]],
    ];
    for (const [verb, act, to, from] of verbs) {
      const may = from.includes(status);
      exercise(`a call that is ${status} can ${may ? "" : "not "}be ${verb}`, async (database) => {
        await putTask(database, 1);
        const id = await putCall(database, status);
        const before = await dump(database);
        assert.equal(await act(database, id), may);
        if (!may) assert.deepEqual(await dump(database), before);
        assert.equal((await database.store.outbox.get(id))?.status, may ? to : status);
      });
    }
  }
}

function exerciseTries(exercise: Exercise): void {
  exercise("a try is counted before it is made, and by one of two who want to make it", async (database) => {
    const { outbox } = database.store;
    await putCalls(database, ["log"]);
    const [call] = await outbox.due("log", NOW, 1);
    const read = call ?? assert.fail("it is due");
    const begun = await Promise.all([1, 2].map(() => outbox.begin(read, NOW + 3)));
    assert.deepEqual(begun.toSorted(), [false, true]);
    const [again] = await outbox.due("log", NOW + 3, 1);
    assert.deepEqual([again?.tries, again?.begunAt], [1, NOW + 3]);
  });

  exercise(
    "a try that is late says nothing about a newer one, but that the call has arrived",
    async (database) => {
      const { outbox } = database.store;
      await putCalls(database, ["log"]);
      const [call] = await outbox.due("log", NOW, 1);
      const { id } = call ?? assert.fail("it is due");
      assert.ok(await outbox.begin({ id, tries: 0 }, NOW));
      assert.ok(await outbox.begin({ id, tries: 1 }, NOW + 1));
      assert.equal(await outbox.putOff({ id, tries: 1 }, "late", NOW + 9, false), false);
      assert.equal(await outbox.bury({ id, tries: 1 }, "late", NOW + 9), false);
      assert.equal((await outbox.get(id))?.error, null);
      assert.equal(await outbox.sent(id, NOW + 9), true);
      assert.equal(await outbox.putOff({ id, tries: 2 }, "later still", NOW + 9, false), false);
      assert.deepEqual((await outbox.get(id))?.begunAt, null);
    },
  );

  exercise("whether a try may have arrived is remembered until one says", async (database) => {
    const { outbox } = database.store;
    await putCalls(database, ["log"]);
    const [call] = await outbox.due("log", NOW, 1);
    const { id } = call ?? assert.fail("it is due");
    await outbox.begin({ id, tries: 0 }, NOW + 1);
    await outbox.putOff({ id, tries: 1 }, "cut off", NOW + 9, true);
    assert.deepEqual((await outbox.get(id))?.begunAt, NOW + 1);
    await outbox.begin({ id, tries: 1 }, NOW + 9);
    await outbox.putOff({ id, tries: 2 }, "refused", NOW + 20, false);
    assert.deepEqual((await outbox.get(id))?.begunAt, null);
  });

  exercise("what a person asks for again is due at once, with new patience", async (database) => {
    const { outbox } = database.store;
    await putCalls(database, ["log"]);
    const [call] = await outbox.due("log", NOW, 1);
    const { id } = call ?? assert.fail("it is due");
    await outbox.begin({ id, tries: 0 }, NOW);
    await outbox.putOff({ id, tries: 1 }, "busy", NOW + 1_000, false);
    assert.ok(await outbox.retry(id, NOW + 10));
    const waits = await outbox.get(id);
    assert.deepEqual([waits?.dueAt, waits?.tries, waits?.owedSince], [NOW + 10, 1, NOW + 10]);
    await outbox.bury({ id, tries: 1 }, "too long", NOW + 20);
    assert.ok(await outbox.retry(id, NOW + 30));
    const again = await outbox.get(id);
    assert.deepEqual(
      [again?.status, again?.dueAt, again?.tries, again?.owedSince, again?.createdAt],
      ["pending", NOW + 30, 0, NOW + 30, NOW],
    );
  });
}

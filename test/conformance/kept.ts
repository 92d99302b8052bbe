/** Kept work: written with what tells of it, one work per name, told before it goes, settled once (I15). */

import assert from "node:assert/strict";
import type { Kept, KeptChange, NewKept } from "../../workflow/kept.ts";
import { keptMoves } from "../../workflow/kept.ts";
import { aboutTask } from "../../workflow/subject.ts";
import { changeOf, dump, type Exercise, NOW, putTask, type TestDatabase } from "./database.ts";

const PAGE = { limit: 10, before: null };
const DAY = 86_400_000;
const SETTLING = ["publish", "include", "drop", "expire"] as const;

function work(more: Partial<NewKept> = {}): NewKept {
  return {
    ...{ name: "ci", ref: "refs/chargehand/kept/SHOP-1/ci", commit: "c0ffee", branch: "chargehand/SHOP-1" },
    ...{ files: 2, reason: "it changes CI files", remedy: null },
    ...more,
  };
}

function keeping(more: Partial<NewKept> = {}): KeptChange {
  return { change: "keep", run: "r", work: work(more), tellAt: NOW + 27 * DAY, until: NOW + 30 * DAY };
}

async function put(database: TestDatabase, key: string, ...kept: readonly KeptChange[]): Promise<void> {
  const result = await database.store.commit([changeOf(key, { kept })], null, NOW);
  assert.equal(result.kind, "committed");
}

/** What is kept of a task, with the version that the task has by now. */
async function change(
  { store }: TestDatabase,
  task: string,
  kept: readonly KeptChange[],
  now = NOW,
): Promise<string> {
  const version = (await store.tasks.get(task))?.version ?? 0;
  const base = { key: task, version };
  return (await store.commit([{ ...changeOf(task, { kept }), base }], null, now)).kind;
}

async function only({ store }: TestDatabase, key: string): Promise<Kept> {
  const rows = await store.kept.ofTask(key);
  assert.equal(rows.length, 1);
  return rows[0] ?? assert.fail();
}

export function exerciseKept(exercise: Exercise): void {
  exercise(
    "I15: work is kept in the transaction that tells of it, or nothing is written",
    async (database) => {
      const key = await putTask(database, 1);
      const { store } = database;
      const events = [{ kind: "work.kept", data: { name: "ci" } }];
      const whole = { ...changeOf(key, { kept: [keeping()], events }) };
      assert.equal((await store.commit([whole], null, NOW)).kind, "committed");
      assert.deepEqual(await only(database, key), {
        ...{ id: (await only(database, key)).id, task: key, project: "shop", run: "r", status: "kept" },
        ...work(),
        ...{ keptAt: NOW, tellAt: NOW + 27 * DAY, toldAt: null, until: NOW + 30 * DAY, finishedAt: null },
      });
      assert.equal((await store.events.of(aboutTask(key), 0, 10))[0]?.kind, "work.kept");
      const before = await dump(database);
      assert.equal((await store.commit([whole], null, NOW)).kind, "conflict", "the version has moved on");
      assert.deepEqual(await dump(database), before);
    },
  );

  exercise(
    "I15: a name has one work: the newer one stands in its row, and is told anew",
    async (database) => {
      const key = await putTask(database, 1);
      await put(database, key, keeping());
      const { id } = await only(database, key);
      assert.equal(await change(database, key, [{ change: "tell", id, until: NOW + 33 * DAY }]), "committed");
      assert.equal(await change(database, key, [keeping({ commit: "beef", files: 3 })]), "committed");
      const row = await only(database, key);
      assert.deepEqual([row.id, row.commit, row.files, row.toldAt], [id, "beef", 3, null]);
      const stale: KeptChange = { change: "drop", id, commit: "c0ffee" };
      assert.equal(
        await change(database, key, [stale]),
        "conflict",
        "what was believed is other work by now",
      );
      assert.equal((await only(database, key)).status, "kept");
    },
  );

  for (const from of keptMoves.statuses) {
    for (const move of SETTLING) {
      const may = from === "kept";
      exercise(`I11: work that is ${from} can ${may ? "" : "not "}'${move}'`, async (database) => {
        const key = await putTask(database, 1);
        await put(database, key, keeping());
        const { id } = await only(database, key);
        const into = SETTLING.find((candidate) => keptMoves.step(candidate, "kept") === from);
        if (into !== undefined) await change(database, key, [{ change: into, id, commit: "c0ffee" }]);
        const before = await dump(database);
        const done = await change(
          database,
          key,
          [{ change: move, id, commit: "c0ffee", branch: "b2" }],
          NOW + 5,
        );
        assert.equal(done, may ? "committed" : "conflict");
        if (!may) return assert.deepEqual(await dump(database), before);
        const row = await only(database, key);
        assert.deepEqual(
          [row.status, row.branch, row.finishedAt],
          [keptMoves.step(move, "kept"), "b2", NOW + 5],
        );
      });
    }
  }

  exercise("I15: a name that was settled may be kept again, as a row of its own", async (database) => {
    const key = await putTask(database, 1);
    await put(database, key, keeping());
    const { id } = await only(database, key);
    await change(database, key, [{ change: "drop", id, commit: "c0ffee" }]);
    assert.equal(await change(database, key, [keeping()]), "committed");
    assert.deepEqual(
      (await database.store.kept.ofTask(key)).map(({ status }) => status),
      ["kept", "dropped"],
    );
  });

  exercise("I15: work is due to be told, and only then due to go", async (database) => {
    const key = await putTask(database, 1);
    const { kept } = database.store;
    await put(database, key, keeping(), keeping({ name: "other" }));
    const late = NOW + 90 * DAY;
    assert.deepEqual(await kept.toTell(NOW + 27 * DAY - 1, 0, 10), []);
    const due = await kept.toTell(NOW + 27 * DAY, 0, 10);
    assert.deepEqual(
      due.map(({ name }) => name),
      ["ci", "other"],
    );
    assert.deepEqual(await kept.toTell(late, due[0]?.id ?? 0, 1), due.slice(1), "from behind a number");
    assert.deepEqual(await kept.toExpire(late, 0, 10), [], "nobody was told");
    const id = due[0]?.id ?? 0;
    await change(database, key, [{ change: "tell", id, until: late }], NOW + 87 * DAY);
    assert.deepEqual(
      (await kept.toTell(late, 0, 10)).map(({ name }) => name),
      ["other"],
    );
    assert.deepEqual(await kept.toExpire(late - 1, 0, 10), []);
    assert.deepEqual(
      (await kept.toExpire(late, 0, 10)).map(({ name, toldAt }) => [name, toldAt]),
      [["ci", NOW + 87 * DAY]],
    );
  });

  exercise("kept work is listed by project, task and status, newest first, and counted", async (database) => {
    const { kept } = database.store;
    await put(database, await putTask(database, 1), keeping({ name: "a" }), keeping({ name: "b" }));
    await put(database, await putTask(database, 2), keeping({ name: "c" }));
    await put(database, await putTask(database, 1, "active", "barn"), keeping({ name: "d" }));
    const names = async (query: object): Promise<readonly string[]> =>
      (await kept.list({ ...PAGE, ...query })).items.map(({ name }) => name);
    assert.deepEqual(await names({}), ["d", "c", "b", "a"]);
    assert.deepEqual(await names({ project: "shop" }), ["c", "b", "a"]);
    assert.deepEqual(await names({ task: "SHOP-1" }), ["b", "a"]);
    assert.deepEqual(await names({ status: "dropped" }), []);
    const first = await kept.list({ limit: 3, before: null });
    assert.deepEqual((await kept.list({ limit: 3, before: first.next })).items.length, 1);
    assert.equal(await kept.count(), 4);
  });
}

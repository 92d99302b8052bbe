/** Pull requests and threads of their reviews: rows that decisions write, and what answers them reads. */

import assert from "node:assert/strict";
import type { PullChange, PullName, SeenPull } from "../../workflow/phases/pull.ts";
import {
  changeOf,
  dump,
  type Exercise,
  NOW,
  putJob,
  putRun,
  putTask,
  type TestDatabase,
  write,
} from "./database.ts";

const NAME: PullName = { source: "github", repo: "acme/shop", number: 7 };
const SEEN: SeenPull = {
  ...NAME,
  ...{
    branch: "chargehand/SHOP-1",
    url: "https://forge.example/7",
    isDraft: true,
    isOurs: true,
    commit: "c0ffee",
  },
};
const THREAD = { change: "thread", ...NAME, comment: "11", by: "ann", path: "a.ts", line: 12 } as const;

async function put(database: TestDatabase, key: string, ...pulls: readonly PullChange[]): Promise<string> {
  const base = (await database.store.tasks.get(key)) ?? assert.fail();
  return (await database.store.commit([{ ...changeOf(key, { pulls }), base }], null, NOW)).kind;
}

function moves(change: "close" | "merge" | "reopen"): PullChange {
  return { change, ...NAME, by: "ann", mergedAs: change === "merge" ? "beef" : null, commit: null };
}

export function exercisePulls(exercise: Exercise): void {
  exercise(
    "G4: a pull request is recorded, brought up to date, and moves as its machine says",
    async (database) => {
      const { pulls } = database.store;
      const key = await putTask(database, 1);
      const born = { project: "shop", task: key, status: "open", mergedAs: null, endedBy: null } as const;
      const row = { ...SEEN, ...born, openedAt: NOW, changedAt: NOW, finishedAt: null };
      assert.equal(
        await put(database, key, { change: "record", pull: { ...SEEN, isOurs: false } }),
        "committed",
      );
      assert.deepEqual(await pulls.get(NAME), { ...row, isOurs: false });
      const ready = { ...SEEN, isDraft: false, commit: "d00d" };
      await put(database, key, { change: "record", pull: ready });
      await put(database, key, { change: "record", pull: { ...ready, isOurs: false } });
      assert.deepEqual(await pulls.newest("shop", SEEN.branch), { ...row, ...ready }, "ours stays ours");
      await put(database, key, { change: "push", ...NAME, commit: "beef" });
      assert.equal((await pulls.get(NAME))?.commit, "beef");
      for (const [change, status] of [
        ["close", "closed"],
        ["reopen", "open"],
        ["close", "closed"],
        ["merge", "merged"],
      ] as const) {
        assert.equal(await put(database, key, moves(change)), "committed", change);
        assert.equal((await pulls.get(NAME))?.status, status);
      }
      const before = await dump(database);
      for (const change of ["close", "merge", "reopen"] as const)
        assert.equal(await put(database, key, moves(change)), "conflict");
      assert.deepEqual(await dump(database), before, "nothing is written of a move that is none");
      const { endedBy, mergedAs, commit, finishedAt } = (await pulls.get(NAME)) ?? assert.fail();
      assert.deepEqual([endedBy, mergedAs, commit, finishedAt], ["ann", "beef", "beef", NOW]);
    },
  );

  exercise(
    "G4: the newest of a branch counts, whichever of its tasks has opened it, and open ones are paged",
    async (database) => {
      const { pulls } = database.store;
      const [first, second] = [await putTask(database, 1), await putTask(database, 2)];
      await put(database, first, { change: "record", pull: SEEN });
      await put(database, second, { change: "record", pull: { ...SEEN, number: 9 } });
      await put(database, second, { change: "record", pull: { ...SEEN, number: 8, branch: "other" } });
      assert.equal((await pulls.newest("shop", SEEN.branch))?.number, 9);
      assert.equal(await pulls.newest("mill", SEEN.branch), null);
      assert.equal(await pulls.newest("shop", "nothing"), null);
      const numbers = async (after: PullName | null) =>
        (await pulls.open("shop", after)).map(({ number }) => number);
      assert.deepEqual([await numbers(null), await numbers({ ...NAME, number: 8 })], [[7, 8, 9], [9]]);
      await put(database, first, moves("close"));
      assert.deepEqual(await numbers(null), [8, 9]);
    },
  );

  exercise(
    "G4: a thread is answered once, when a run has heard what was said in it, and again for new words",
    async (database) => {
      const { pulls } = database.store;
      const key = await putTask(database, 1);
      const job = await putJob(database, key, "done");
      await putRun(database, "r1", key, "succeeded");
      await write(database, "update runs set job = $1, published_commit = 'd00d', summary = 'did it'", [job]);
      await put(database, key, { change: "record", pull: SEEN });
      const said = async (text: string): Promise<void> => {
        const base = (await database.store.tasks.get(key)) ?? assert.fail();
        const feedback = [{ by: "ann", from: "github", text }] as const;
        await database.store.commit([{ ...changeOf(key, { feedback, pulls: [THREAD] }), base }], null, NOW);
      };
      await said("name it");
      assert.deepEqual(await pulls.toAnswer(key), [], "nobody has heard it");
      await write(database, "update feedback set heard_by = 'r1'");
      const { change: _, ...thread } = THREAD;
      const told = {
        ...{ ...thread, run: "r1", agent: "developer", commit: "d00d" },
        ...{ summary: "did it", answeredAt: null },
      };
      assert.deepEqual(await pulls.toAnswer(key), [told]);
      assert.deepEqual([await pulls.answered(told, NOW), await pulls.answered(told, NOW)], [true, false]);
      assert.deepEqual(await pulls.toAnswer(key), []);
      await said("better");
      assert.deepEqual(await pulls.toAnswer(key), []);
      await write(database, "update feedback set heard_by = 'r1'");
      assert.equal((await pulls.toAnswer(key)).length, 1);
    },
  );
}

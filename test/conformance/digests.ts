/** What a digest sums up: by when tasks ended and runs began, and by project and model. */

import assert from "node:assert/strict";
import { type Exercise, NOW, putTask, write } from "./database.ts";
import { claim, configured, queue, use } from "./limits.ts";

const EVER = 8.64e15;

export function exerciseDigests(exercise: Exercise): void {
  exercise("tasks are summed up by their end, from one moment until before another", async (database) => {
    const { digests } = database.store;
    for (const [number, status] of ["done", "failed", "blocked", "done", "cancelled", "active"].entries())
      await putTask(database, number + 1, status);
    await write(database, "update tasks set finished_at = $1 where number = 4", [NOW - 10]);
    const keys = async (...asked: Parameters<typeof digests.ended>) =>
      (await digests.ended(...asked)).map(({ key }) => key);
    assert.deepEqual(await keys("done", NOW - 10, NOW + 1), ["SHOP-4", "SHOP-1"]);
    assert.deepEqual(await keys("done", NOW - 10, NOW), ["SHOP-4"]);
    assert.deepEqual(await keys("done", NOW - 9, NOW + 1), ["SHOP-1"]);
    assert.deepEqual(await keys("failed", NOW, NOW + 1), ["SHOP-2"]);
    assert.deepEqual(await digests.waiting(), [{ key: "SHOP-3", title: "title", project: "shop" }]);
  });

  exercise(
    "what was spent is summed up by project and model; what has no price says so",
    async (database) => {
      const { store } = database;
      await store.projects.configure(configured(), NOW);
      await queue(database, 3);
      for (const run of ["a", "b", "c"]) {
        await claim(database, run);
        await use(database, run, 0.5, 100);
      }
      await write(database, "update usage set model = 'other', cost_nanos = null where run = 'b'");
      await write(database, "update runs set claimed_at = $1 where id = 'c'", [NOW - 1_000_000]);
      const [first, second, ...rest] = await store.digests.spent(NOW - 1, EVER);
      assert.deepEqual(rest, []);
      assert.deepEqual([first?.project, first?.nanos, first?.isUnpriced], ["shop", 5e8, false]);
      assert.ok((first?.tokens ?? 0) >= 100);
      assert.deepEqual([second?.model, second?.nanos, second?.isUnpriced], ["other", 0, true]);
      assert.deepEqual(await store.digests.spent(EVER, EVER), []);
      assert.equal((await store.digests.spent(0, EVER))[0]?.nanos, 1e9);
    },
  );
}

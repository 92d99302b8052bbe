/** Figures without measure: no run may make the rows unreadable that tell of it and of all others (I7, I8). */

import assert from "node:assert/strict";
import { SPEND_MAX, TOKENS_MAX } from "../../workflow/limits.ts";
import { reportOne } from "../report-one.ts";
import { changeOf, type Exercise, NOW, write } from "./database.ts";
import { claim, configured, LATER, queue, use } from "./limits.ts";

export function exerciseFigures(exercise: Exercise): void {
  exercise(
    "I8: what is used adds up to figures that can be read, however large its parts are",
    async (database) => {
      const { store } = database;
      await store.projects.configure(
        configured({ budget: [{ scope: "project", unit: "nanos", amount: 1 }] }),
        NOW,
      );
      await queue(database, 3);
      for (const run of ["a", "b", "c"]) {
        // Room for the next one, whatever was used.
        await write(database, "delete from budgets");
        await claim(database, run);
        await use(database, run, SPEND_MAX / 1e9 - 1, TOKENS_MAX);
      }
      await store.projects.configure(
        configured({ budget: [{ scope: "project", unit: "nanos", amount: 1 }] }),
        NOW,
      );
      const [standing] = await store.budgets.standings({ project: "shop", task: null, phase: null }, LATER);
      assert.deepEqual([standing?.used, (await store.totals(LATER)).spentTodayNanos], [SPEND_MAX, SPEND_MAX]);
    },
  );

  exercise(
    "I7: a run whose figures cannot be true is read, and so is every other; what is used of budgets, too",
    async (database) => {
      const { store } = database;
      await store.projects.configure(
        configured({ budget: [{ scope: "project", unit: "tokens", amount: 1 }] }),
        NOW,
      );
      await queue(database, 2);
      await write(database, "delete from budgets");
      for (const run of ["a", "b"]) {
        await claim(database, run);
        await use(database, run, 1, 10);
      }
      await write(database, "update usage set input_tokens = 18014398509481982 where run = 'a'");
      await write(database, "update spend set amount = 18014398509481982 where unit = 'nanos'");
      const live = await store.runs.live();
      assert.deepEqual(
        live.map(({ id, usage }) => [id, usage[0]?.inputTokens]),
        [
          ["a", Number.MAX_SAFE_INTEGER],
          ["b", 10],
        ],
      );
      assert.equal((await store.runs.get("a"))?.id, "a");
      assert.equal((await store.runs.list({ limit: 10, before: null })).items.length, 2);
      assert.equal((await store.totals(LATER)).spentTodayNanos, Number.MAX_SAFE_INTEGER);
      // And the next report puts it right.
      await use(database, "a", 1, 11);
      assert.equal((await store.runs.get("a"))?.usage[0]?.inputTokens, 11);
    },
  );

  exercise("I7: a NUL in what an agent says keeps nothing from being written", async (database) => {
    const { store } = database;
    await store.projects.configure(configured(), NOW);
    await queue(database, 1);
    await claim(database, "a");
    const progress = {
      logOffset: 1,
      transcript: "{}",
      session: "s",
      model: "m\0",
      usage: [],
      activeAt: LATER,
    };
    assert.equal(await reportOne(store.runs, "a", progress), true);
    const words = { failure: null, reason: "\0it ended", summary: "do\0ne", session: null };
    const run = { change: "kill", id: "a", ...words } as const;
    const { job, fence } = (await store.runs.get("a")) ?? assert.fail("there is no run");
    const jobs = [{ change: "complete", id: job, fence } as const];
    const result = await store.commit([changeOf("SHOP-1", { run, jobs })], null, LATER);
    assert.equal(result.kind, "committed");
    const told = await store.runs.get("a");
    assert.deepEqual([told?.model, told?.reason, told?.summary], ["m", "it ended", "done"]);
  });
}

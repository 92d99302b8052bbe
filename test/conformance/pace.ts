/** Pace in rows: what runs report of the periods of their accounts, what is counted of them, and the hold. */

import assert from "node:assert/strict";
import type { LimitUse } from "../../workflow/pace/period.ts";
import { reportOne } from "../report-one.ts";
import type { Exercise, TestDatabase } from "./database.ts";
import { NOW } from "./database.ts";
import { claim, configured, queue, use } from "./limits.ts";

const WEEK: LimitUse = { per: "week", used: 0.25, resetsAt: NOW + 86_400_000 };

async function report({ store }: TestDatabase, run: string, at: number, limit: LimitUse): Promise<boolean> {
  const said = { transcript: "{}", session: null, model: "m", usage: null };
  return reportOne(store.runs, run, { ...said, logOffset: at, activeAt: NOW + at, limits: [limit] });
}

export function exercisePace(exercise: Exercise): void {
  exercise("an account has its last report and that of another task before it", async (database) => {
    const { store } = database;
    await store.projects.configure(configured(), NOW);
    await queue(database, 2);
    await claim(database, "a");
    await claim(database, "b");
    await report(database, "a", 1, WEEK);
    await report(database, "a", 2, { ...WEEK, used: 0.3 });
    const [alone] = await store.pace.reports();
    assert.deepEqual([alone?.account, alone?.per, alone?.latest.used], ["first", "week", 0.3]);
    assert.equal(alone?.other, null);
    await report(database, "b", 3, { ...WEEK, used: 1 });
    const [both] = await store.pace.reports();
    assert.deepEqual([both?.latest.used, both?.latest.at, both?.other?.used], [1, NOW + 3, 0.3]);
    assert.notEqual(both?.latest.task, both?.other?.task);
    await report(database, "b", 2, { ...WEEK, used: 0 });
    assert.deepEqual(await store.pace.reports(), [both], "an older report of a run says nothing");
    await store.accounts.clear("first");
    assert.deepEqual(await store.pace.reports(), []);
  });

  exercise("what runs of an account have used is counted since an instant", async (database) => {
    const { store } = database;
    await store.projects.configure(configured(), NOW);
    await queue(database, 2);
    await claim(database, "a", NOW);
    await claim(database, "b", NOW + 10);
    await use(database, "a", 2, 100);
    assert.deepEqual(await store.pace.counted("first", NOW), { runs: 2, nanos: 2e9, tokens: 100 });
    assert.deepEqual(await store.pace.counted("first", NOW + 1), { runs: 1, nanos: 0, tokens: 0 });
    assert.deepEqual(await store.pace.counted("second", NOW), { runs: 0, nanos: 0, tokens: 0 });
  });

  exercise(
    "an account that waits for its pace is passed over, until time alone opens it",
    async (database) => {
      const { store } = database;
      await store.projects.configure(configured(), NOW);
      await queue(database, 2);
      const hold = { scope: "account", subject: "first", kind: "pace" } as const;
      const paced = { ...hold, reason: "so much is used", remedy: null, until: NOW + 10 };
      await store.pace.stand([{ account: "first", hold: paced }], NOW);
      assert.equal(await claim(database, "a", NOW), "developer/second");
      await store.holds.releaseDue(NOW + 10);
      assert.equal(await claim(database, "b", NOW + 10), "developer/first");
    },
  );
}

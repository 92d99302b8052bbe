/** F7: what is not claimed has a recorded reason, written once per change. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRefusals } from "../../daemon/refusals.ts";
import { createStore } from "../../store/build.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import type { Store } from "../../store/store.ts";
import { nullLog } from "../../system/log.ts";
import { plainClaimConfig } from "../claim-config.ts";
import { creation } from "../conformance/database.ts";

const NOW = Date.UTC(2026, 10, 21, 10);
const MIDNIGHT = Date.UTC(2026, 10, 22);

/** A store with two queued jobs, of which the day's budget pays for `runs`. */
async function database(runs: number): Promise<{ readonly store: Store; readonly writes: () => number }> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, NOW);
  const store = createStore(engine);
  const budget = [{ scope: "day", unit: "runs", amount: runs }] as const;
  const claimConfig = plainClaimConfig([{ name: "shop", concurrency: 1 }]);
  await store.projects.configure(
    { ...claimConfig, projects: [{ name: "shop", concurrency: 1, budget }] },
    NOW,
  );
  await store.commit([creation("shop"), creation("shop")], null, NOW);
  let written = 0;
  const lanes = {
    ...store.lanes,
    refuse: (...call: Parameters<Store["lanes"]["refuse"]>): Promise<void> => {
      written += 1;
      return store.lanes.refuse(...call);
    },
  };
  return { store: { ...store, lanes }, writes: () => written };
}

test("F7: a refusal is written when its reason changes, and not at every look", async () => {
  const { store, writes } = await database(5);
  const refusals = createRefusals({ store, log: nullLog(), concurrency: () => 3 });
  await refusals.note(NOW, null);
  assert.deepEqual(await store.lanes.refusals(), [], "nothing stands in the way");
  await store.jobs.claim({ run: "r", concurrency: 3, now: NOW });
  const before = writes();
  for (let look = 0; look < 5; look++) await refusals.note(NOW + look, null);
  assert.equal(writes(), before + 1);
  const [refusal] = await store.lanes.refusals();
  assert.match(refusal?.reason ?? "", /project shop has 1 of 1 agents at work/);
  assert.equal(refusal?.remedy, "raise projects[].concurrency");
  const reason = "the host has 100 MiB of memory available, and limits.memory_floor is 512 MiB";
  await refusals.note(NOW + 10, { reason, remedy: null });
  assert.match((await store.lanes.refusals())[0]?.reason ?? "", /memory_floor/);
  assert.equal(writes(), before + 2);
});

test("F7: what an earlier daemon has written goes when it is not true any more", async () => {
  const { store } = await database(5);
  await store.lanes.refuse(
    [{ project: "shop", agent: "developer", reason: "of yesterday", remedy: null }],
    NOW,
  );
  await createRefusals({ store, log: nullLog(), concurrency: () => 3 }).note(NOW, null);
  assert.deepEqual(await store.lanes.refusals(), []);
});

test("F5: a day that is used up closes the project until midnight, once and visibly", async () => {
  const { store } = await database(1);
  await store.jobs.claim({ run: "r", concurrency: 3, now: NOW });
  const refusals = createRefusals({ store, log: nullLog(), concurrency: () => 3 });
  await refusals.note(NOW, null);
  await refusals.note(NOW + 5_000, null);
  assert.deepEqual(
    (await store.holds.wide()).map(({ scope, subject, kind, until, since }) => [
      scope,
      subject,
      kind,
      until,
      since,
    ]),
    [["project", "shop", "budget", MIDNIGHT, NOW]],
  );
  assert.equal(await store.holds.nextDue(), MIDNIGHT);
  await store.holds.releaseDue(MIDNIGHT);
  assert.deepEqual(await store.holds.wide(), []);
});

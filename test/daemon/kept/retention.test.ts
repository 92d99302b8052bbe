/** Kept work goes after its time, and its task was told days before (I15). */

import assert from "node:assert/strict";
import { test } from "node:test";
import { retentionLoop } from "../../../daemon/kept/retention.ts";
import { DAY, type KeptScene, keptScene } from "./kept-scene.ts";

/** One round of the loop. */
async function once({ store, clock, log, works }: KeptScene): Promise<void> {
  const end = new AbortController();
  const sleep = async (ms: number): Promise<void> => (ms > 1_000 ? end.abort() : undefined);
  await retentionLoop({ store, log, works, clock: { ...clock, sleep } }, end.signal);
}

test("I15: its task is told three days before work goes, and when it is gone", async (t) => {
  const stage = await keptScene(t);
  const { clock, keep, row, deeds, history } = stage;
  await keep("ci");
  clock.move(27 * DAY - 1);
  await once(stage);
  assert.deepEqual(await history(), ["work.kept"]);
  clock.move(1);
  await once(stage);
  await once(stage);
  assert.deepEqual(await history(), ["work.kept", "work.expiring"]);
  clock.move(3 * DAY - 1);
  await once(stage);
  assert.equal((await row("ci")).status, "kept");
  clock.move(1);
  await once(stage);
  assert.deepEqual([(await row("ci")).status, deeds], ["expired", ["drop refs/ci"]]);
  assert.deepEqual(await history(), ["work.kept", "work.expiring", "work.expired"]);
});

test("I15: a daemon that was away for a year tells first, and takes nothing away for three more days", async (t) => {
  const stage = await keptScene(t);
  await stage.keep("ci");
  stage.clock.move(365 * DAY);
  await once(stage);
  assert.equal((await stage.row("ci")).status, "kept");
  stage.clock.move(3 * DAY);
  await once(stage);
  assert.equal((await stage.row("ci")).status, "expired");
});

test("what cannot go now keeps nobody behind it, and goes in a later round", async (t) => {
  const stage = await keptScene(t);
  const names = Array.from({ length: 45 }, (_, index) => `w${index}`);
  for (const name of names) await stage.keep(name);
  stage.clock.move(27 * DAY);
  await once(stage);
  stage.clock.move(3 * DAY);
  stage.fails.set("drop", "disk full");
  await once(stage);
  assert.equal(stage.deeds.length, 45);
  assert.equal(await stage.store.kept.count(), 45);
  stage.fails.clear();
  await once(stage);
  assert.equal(await stage.store.kept.count(), 0);
});

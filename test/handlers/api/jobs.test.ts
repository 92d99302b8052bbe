/** Jobs over the API: found, and counted by status. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { items, present, problemOf, scene } from "./served.ts";

test("jobs are found by project, status and task, and counted over all", async (t) => {
  const world = await scene(t);
  for (let number = 1; number <= 3; number++) await world.newTask();
  await world.post("/tasks/SHOP-2/cancel");
  await world.claim();
  const wrong = problemOf(await world.get("/jobs?project=shoe"), 404);
  assert.equal(wrong["detail"], 'there is no project shoe; did you mean "shop"?');
  const jobs = async (query: string): Promise<readonly unknown[]> =>
    items(await world.get(`/jobs?${query}`), "jobs").map(({ task }) => task);
  assert.deepEqual(await jobs("status=running"), ["SHOP-1"]);
  assert.deepEqual(await jobs("task=SHOP-2"), ["SHOP-2"]);
  assert.deepEqual(await jobs("task=shop-2"), ["SHOP-2"]);
  const { counts } = (await world.get("/jobs?task=SHOP-2")).body;
  assert.deepEqual(present(counts), { running: 1, cancelled: 1, queued: 1 }, "of all jobs");
  assert.deepEqual(await jobs("project=shop&status=queued"), ["SHOP-3"]);
});

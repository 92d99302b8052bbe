/** Recurring tasks over the API. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import { recurringTask } from "../../scheduler/recurring/recurring-task.ts";
import { NOW } from "../hand-moved.ts";
import { scene } from "./served.ts";

const NIGHTLY = recurringTask({ missed: { kind: "all", max: 3, maxAgeMs: 7_200_000 }, overlap: "queue" });

test("recurring tasks are listed with their next slot, and shown with the next ten by the clock of the place", async (t) => {
  const { get, store } = await scene(t, { recurring: [NIGHTLY, recurringTask({ name: "weekly" })] });
  await store.recurring.configure(countedSchedules([NIGHTLY]), NOW);
  const list = await get("/recurring");
  assert.equal(list.status, 200);
  assert.match(
    JSON.stringify(list.body),
    /"name":"nightly".*"next_slot":"2026-\d\d-\d\dT\d\d:00:00\.000Z","last_slot":null/,
  );
  await store.recurring.skip([{ schedule: "nightly", at: NOW, local: "x", reason: "it was missed" }], NOW);
  const { body } = await get("/recurring/nightly");
  const { next_slots: next, slots, missed_max: max, missed_max_age_s: age } = body;
  assert.ok(Array.isArray(next) && next.length === 10);
  assert.match(JSON.stringify(next[0]), /"local":"\w+day 2026-\d\d-\d\d 03:00 \+02:00"/);
  assert.match(JSON.stringify(slots), /"by":"time","status":"skipped","task":null,"reason":"it was missed"/);
  assert.deepEqual([max, age], [3, 7_200]);
});

test("one is run now: its task is made, although another is not finished", async (t) => {
  const { post, get, store } = await scene(t, { recurring: [recurringTask()] });
  await store.recurring.configure(countedSchedules([NIGHTLY]), NOW);
  const first = await post("/recurring/nightly/run", {});
  assert.deepEqual([first.status, first.body["key"], first.body["status"]], [201, "SHOP-1", "active"]);
  assert.match(
    JSON.stringify(first.body["external_refs"]),
    /"source":"schedule","kind":"slot","id":"nightly@2026/,
  );
  const history = await get("/tasks/SHOP-1/events");
  assert.match(JSON.stringify(history.body), /schedule nightly, run by hand/);
});

test("a name that nothing has is 404 with a suggestion; what cannot be made is 409 with the reason", async (t) => {
  const broken = recurringTask({ name: "broken", body: "{% for i in (1..99999999) %}x{% endfor %}" });
  const { get, post } = await scene(t, { recurring: [NIGHTLY, broken] });
  for (const answer of [await get("/recurring/nightli"), await post("/recurring/nightli/run", {})]) {
    assert.equal(answer.status, 404);
    assert.match(String(answer.body["detail"]), /no recurring task nightli; did you mean "nightly"\?/);
  }
  const refused = await post("/recurring/broken/run", {});
  assert.equal(refused.status, 409);
  assert.match(String(refused.body["detail"]), /^broken makes no task: its body cannot be filled in/);
  assert.equal((await post("/recurring/nightly/run", {})).status, 409, "it is not configured");
});

/** Making the task of a slot: as a person wants it now, with what became of the task before, by hostile hands too. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyText, titleText } from "../../../handlers/outside-text.ts";
import { countedSchedules } from "../../../scheduler/recurring/counted.ts";
import { type Fired, fire, slotNow, slotOf } from "../../../scheduler/recurring/fire.ts";
import type { Store } from "../../../store/store.ts";
import type { FiringSlot, RecurringTask } from "../../../workflow/recurring/recurring.ts";
import { memoryStore, NOW } from "../../handlers/hand-moved.ts";
import { project } from "../../handlers/project.ts";
import { recurringTask } from "./recurring-task.ts";

const BY = { kind: "api", name: "operator" } as const;

function firing(
  store: Store,
  recurring: RecurringTask,
  slot: FiringSlot,
  projects = ["shop"],
): Promise<Fired> {
  const ports = {
    ...{ store, outside: { title: titleText, body: bodyText } },
    projects: new Map(projects.map((name) => [name, project({ name })])),
  };
  return fire(ports, recurring, slot, BY, NOW);
}

test("what a person wants now is a slot of its own, never that of a whole minute", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const nightly = recurringTask({ title: "{{ slot.time }} after {{ previous.key }}" });
  await store.recurring.configure(countedSchedules([nightly]), NOW);
  assert.equal(slotNow(nightly, 120_000).at, 120_001);
  assert.equal(slotNow(nightly, 120_007).at, 120_007);
  for (const at of [NOW + 1, NOW + 2]) {
    const fired = await firing(store, nightly, slotNow(nightly, at));
    assert.equal(fired.kind, "done");
  }
  assert.match((await store.tasks.get("SHOP-2"))?.title ?? "", /^\d\d:\d\d after SHOP-1$/);
  const again = await firing(store, nightly, slotNow(nightly, NOW + 2));
  assert.deepEqual(again.kind, "ignored");
});

test("I13: the text of a task before is data, and what results is cut like all text from outside", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const nightly = recurringTask({ title: "a\u202e\n{{ previous.title }}{{ slot.date }}", body: "b\u0000" });
  await store.recurring.configure(countedSchedules([nightly]), NOW);
  await firing(store, nightly, slotOf(nightly, NOW + 60_000));
  assert.deepEqual((await store.tasks.get("SHOP-1"))?.body, "b");
  await firing(store, nightly, slotNow(nightly, NOW + 5));
  const title = (await store.tasks.get("SHOP-2"))?.title ?? "";
  assert.match(title, /^a a \d{4}-\d\d-\d\d\d{4}-\d\d-\d\d$/);
});

test("without its project, or its schedule, nothing is made", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const nightly = recurringTask();
  const lost = await firing(store, nightly, slotNow(nightly, NOW), []);
  assert.deepEqual(lost, { kind: "unknown", reason: "there is no project shop" });
  assert.equal((await firing(store, nightly, slotNow(nightly, NOW))).kind, "refused");
  assert.equal((await store.tasks.list({ limit: 10, before: null })).items.length, 0);
});

test("a task with an agent of its own is no window's to give away; one with the project's is", async (t) => {
  const store = await memoryStore();
  t.after(() => store.close());
  const tasks = [recurringTask(), recurringTask({ name: "pinned", agent: "night" })];
  await store.recurring.configure(countedSchedules(tasks), NOW);
  for (const one of tasks) assert.equal((await firing(store, one, slotNow(one, NOW + 1))).kind, "done");
  const { items } = await store.jobs.list({ limit: 9, before: null });
  assert.deepEqual(items.map(({ agent, isFree }) => [agent, isFree]).toSorted(), [
    ["developer", true],
    ["night", false],
  ]);
  const made = await store.tasks.list({ limit: 9, before: null });
  assert.deepEqual(made.items.map(({ agent, pins }) => [agent, pins.agent]).toSorted(), [
    ["developer", null],
    ["night", "night"],
  ]);
});

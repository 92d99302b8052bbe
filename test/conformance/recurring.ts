/** Recurring tasks: a slot is settled once, together with what follows from it, and a schedule moves forward. */

import assert from "node:assert/strict";
import { SLOTS_KEPT } from "../../workflow/limits.ts";
import type { FiringSlot, SkippedSlot } from "../../workflow/recurring/recurring.ts";
import { creation, dump, type Exercise, NOW, type TestDatabase, write } from "./database.ts";

const NIGHTLY = { name: "nightly", pattern: "0 3 * * * UTC" };
const DAY = 86_400_000;

function slot(day: number, more: Partial<FiringSlot> = {}): FiringSlot {
  return { schedule: "nightly", at: NOW + day * DAY, local: `day ${day}`, by: "time", ...more };
}

function skipped(day: number, reason = "missed"): SkippedSlot {
  const { schedule, at, local } = slot(day);
  return { schedule, at, local, reason };
}

async function fire({ store }: TestDatabase, firing: FiringSlot): Promise<string> {
  const result = await store.commit([creation("shop", null, { slot: firing })], null, NOW + 1);
  return result.kind === "committed" ? (result.tasks[0] ?? "") : result.kind;
}

async function settledTo({ store }: TestDatabase): Promise<number | undefined> {
  return (await store.recurring.states()).get("nightly")?.settledTo;
}

async function told({ store }: TestDatabase): Promise<readonly string[]> {
  const slots = await store.recurring.slots("nightly", 10);
  return slots.map(({ local, status, task, reason }) => `${local} ${status} ${task ?? reason}`);
}

export function exerciseRecurring(exercise: Exercise): void {
  exercise(
    "I2: a slot fires in one transaction with its task, and once, by its instant",
    async (database) => {
      await database.store.recurring.configure([NIGHTLY], NOW);
      assert.equal(await fire(database, slot(1)), "SHOP-1");
      assert.equal(await settledTo(database), NOW + DAY);
      const before = await dump(database);
      assert.equal(await fire(database, slot(1)), "conflict");
      assert.equal(await fire(database, slot(1, { local: "another" })), "conflict");
      assert.deepEqual(await dump(database), before, "neither task nor slot was written");
    },
  );

  exercise(
    "I2: a slot of the same local time is the same one, wherever its instant went",
    async (database) => {
      await database.store.recurring.configure([NIGHTLY], NOW);
      await fire(database, slot(1));
      const moved = slot(1, { at: NOW + DAY + 3_600_000 });
      assert.equal(await fire(database, moved), "conflict");
      const standing = await database.store.recurring.standing(moved);
      assert.deepEqual([standing?.settled?.at, standing?.settled?.task], [NOW + DAY, "SHOP-1"]);
      await database.store.recurring.skip([{ ...moved, reason: "the rules have changed" }], NOW);
      assert.deepEqual(await told(database), ["day 1 fired SHOP-1"]);
      assert.equal(await settledTo(database), moved.at, "and the schedule goes on");
    },
  );

  exercise("a schedule moves forward only: an earlier slot does not fire behind it", async (database) => {
    await database.store.recurring.configure([NIGHTLY], NOW);
    await fire(database, slot(2));
    assert.equal(await fire(database, slot(1)), "conflict");
    await database.store.recurring.skip([skipped(1)], NOW);
    assert.equal(await settledTo(database), NOW + 2 * DAY);
    assert.deepEqual(await told(database), ["day 2 fired SHOP-1", "day 1 skipped missed"]);
  });

  exercise("what was skipped stays skipped, and what has fired is not skipped", async (database) => {
    const { recurring } = database.store;
    await recurring.configure([NIGHTLY], NOW);
    await fire(database, slot(1));
    await recurring.skip([skipped(1, "late word"), skipped(2), skipped(3)], NOW);
    await recurring.skip([skipped(2, "late word")], NOW);
    assert.deepEqual(await told(database), [
      "day 3 skipped missed",
      "day 2 skipped missed",
      "day 1 fired SHOP-1",
    ]);
    assert.equal(await fire(database, slot(3)), "conflict");
    await recurring.skip([], NOW);
  });

  exercise("what a person wants now is beside the slots, and moves nothing", async (database) => {
    await database.store.recurring.configure([NIGHTLY], NOW);
    assert.equal(await fire(database, slot(1, { by: "person", local: "person" })), "SHOP-1");
    assert.equal(await settledTo(database), NOW);
    assert.equal(await database.store.recurring.newestTask("nightly"), "SHOP-1");
  });

  exercise("how a schedule stands: the newest unfinished task, and how many", async (database) => {
    const { recurring } = database.store;
    assert.equal(await recurring.standing(slot(1)), null, "it is not configured");
    assert.equal(await recurring.newestTask("nightly"), null);
    await recurring.configure([NIGHTLY], NOW);
    for (const day of [1, 2, 3]) await fire(database, slot(day));
    await write(database, "update tasks set status = 'done', finished_at = $1 where key = 'SHOP-3'", [NOW]);
    assert.deepEqual(await recurring.standing(slot(4)), {
      settledTo: NOW + 3 * DAY,
      settled: null,
      unfinished: { task: "SHOP-2", status: "active" },
      unfinishedCount: 2,
    });
  });

  exercise(
    "a new pattern, and a schedule that comes back, count from now; others go on",
    async (database) => {
      const { recurring } = database.store;
      const other = { name: "weekly", pattern: "0 3 * * 1 UTC" };
      await recurring.configure([NIGHTLY, other], NOW);
      await recurring.configure([NIGHTLY, { ...other, pattern: "0 4 * * 1 UTC" }], NOW + 5);
      const at = async (): Promise<readonly (readonly [string, number])[]> =>
        [...(await recurring.states())].map(([name, state]) => [name, state.settledTo] as const);
      assert.deepEqual(await at(), [
        ["nightly", NOW],
        ["weekly", NOW + 5],
      ]);
      await recurring.configure([other], NOW + 6);
      assert.deepEqual(await at(), [["weekly", NOW + 6]]);
      assert.equal(await fire(database, slot(1)), "conflict", "it is not configured any more");
      await recurring.configure([NIGHTLY], NOW + 7);
      assert.deepEqual(await at(), [["nightly", NOW + 7]]);
    },
  );

  exercise(
    "a clock that was set back: what was skipped beyond it is open again, what fired is not",
    async (database) => {
      const { recurring } = database.store;
      await recurring.configure([NIGHTLY], NOW);
      await recurring.skip([skipped(1), skipped(2)], NOW);
      await fire(database, slot(3));
      const before = await dump(database);
      await recurring.setBack("nightly", NOW, NOW + DAY);
      assert.deepEqual(await dump(database), before, "somebody else has moved it meanwhile");
      await recurring.setBack("nightly", NOW + 3 * DAY, NOW + DAY);
      assert.equal(await settledTo(database), NOW + DAY);
      assert.deepEqual(await told(database), ["day 3 fired SHOP-1", "day 1 skipped missed"]);
      assert.equal(await fire(database, slot(2)), "SHOP-2");
      assert.equal(await fire(database, slot(3)), "conflict");
    },
  );

  exercise("old slots go, but for the newest that fired and those whose task goes on", async (database) => {
    const { recurring } = database.store;
    await recurring.configure([NIGHTLY], NOW);
    for (const day of [1, 2, 3]) await fire(database, slot(day));
    await write(database, "update tasks set status = 'done', finished_at = $1 where key <> 'SHOP-1'", [NOW]);
    await recurring.skip(
      Array.from({ length: SLOTS_KEPT }, (_, index) => skipped(4 + index)),
      NOW,
    );
    await recurring.prune("nightly");
    const [row] = await database.engine.all("select count(*) as slots from recurring_slots", []);
    assert.equal(Number(row?.["slots"]), SLOTS_KEPT + 2);
    const left = await database.engine.all(
      "select task from recurring_slots where status = 'fired' order by at",
      [],
    );
    assert.deepEqual(
      left.map(({ task }) => task),
      ["SHOP-1", "SHOP-3"],
    );
  });
}

/** `start_recurring`: a slot makes one task, and what it does not make is told why. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decide } from "../../../workflow/decide/decide.ts";
import type { Decision } from "../../../workflow/decide/decision.ts";
import type { StartRecurring } from "../../../workflow/decide/start-recurring.ts";
import { RECURRING_UNFINISHED_MAX } from "../../../workflow/limits.ts";
import type { SettledSlot, SlotStanding } from "../../../workflow/recurring/recurring.ts";
import { FACTS, snapshot, task } from "./snapshot.ts";

const AT = Date.UTC(2026, 10, 28, 2);
const SLOT = { schedule: "nightly", at: AT, local: "2026-11-28T03:00", by: "time" } as const;
const OPEN: SlotStanding = { settledTo: AT - 1, settled: null, unfinished: null, unfinishedCount: 0 };
const BUSY = { unfinished: { task: "SHOP-3", status: "blocked" }, unfinishedCount: 1 };
const SETTLED: SettledSlot = { ...SLOT, status: "fired", task: "SHOP-9", reason: null, settledAt: AT };

function wanting(more: Partial<StartRecurring> = {}): StartRecurring {
  return {
    kind: "start_recurring",
    ...{
      project: "shop",
      by: { kind: "daemon", name: "scheduler" },
      key: "slot:x",
      because: "schedule nightly",
    },
    ...{ title: "Update", body: "all", url: null, author: null, number: null, priority: 3 },
    ...{ facts: { ...FACTS, agent: "night" }, slot: SLOT, overlap: "skip" },
    ...more,
  };
}

function decided(slot: SlotStanding | null, more: Partial<StartRecurring> = {}): Decision {
  return decide(snapshot({ slot }), wanting(more));
}

function ignored(decision: Decision): string {
  return decision.kind === "ignore" ? decision.reason : decision.kind;
}

test("I2: a slot makes a task with its own name, and moves its schedule in the same change", () => {
  const change = decided(OPEN);
  assert.ok(change.kind === "change");
  assert.deepEqual(change.slot, SLOT);
  assert.deepEqual(change.refs, [
    { source: "schedule", kind: "slot", id: "nightly@2026-11-28T02:00:00.000Z" },
  ]);
  assert.deepEqual(
    change.jobs.map((job) => job.change === "create" && [job.agent, job.priority]),
    [["night", 3]],
  );
  assert.equal(change.events[0]?.key, "slot:x");
});

test("I2: a slot that is settled makes nothing more, whichever way it is found", () => {
  assert.match(
    ignored(decide(snapshot({ task: task("done"), slot: OPEN }), wanting())),
    /has fired as SHOP-12$/,
  );
  assert.match(ignored(decided({ ...OPEN, settled: SETTLED })), /has fired as SHOP-9$/);
  const moved = { ...SETTLED, at: AT - 3_600_000 };
  assert.match(
    ignored(decided({ ...OPEN, settled: moved })),
    /^the slot of 2026-11-28T03:00 was settled already/,
  );
  const skipped: SettledSlot = { ...SETTLED, status: "skipped", task: null, reason: "missed" };
  assert.equal(ignored(decided({ ...OPEN, settled: skipped })), "missed");
  assert.match(ignored(decided({ ...OPEN, settledTo: AT })), /has moved past/);
});

test("overlap: skip makes nothing while an earlier task is not finished, queue makes it all the same", () => {
  assert.equal(ignored(decided({ ...OPEN, ...BUSY })), "SHOP-3 of an earlier slot is still blocked");
  assert.equal(decided({ ...OPEN, ...BUSY }, { overlap: "queue" }).kind, "change");
});

test("a schedule whose tasks are not finished for long collects no more than there is room", () => {
  const full = { ...OPEN, ...BUSY, unfinishedCount: RECURRING_UNFINISHED_MAX };
  assert.match(ignored(decided(full, { overlap: "queue" })), /^100 tasks of earlier slots are not finished/);
});

test("what a person wants now is made, whatever its schedule waits for", () => {
  const slot = { ...SLOT, by: "person" } as const;
  assert.equal(decided({ ...OPEN, ...BUSY, settledTo: AT + 1 }, { slot }).kind, "change");
});

test("a schedule that is not configured is refused", () => {
  const decision = decided(null);
  assert.deepEqual(decision, { kind: "refuse", reason: "there is no schedule nightly in the configuration" });
});

/** Which slots fire, which are skipped, and when to look again. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jitterOf } from "../../../scheduler/recurring/jitter.ts";
import { judgeSlots, type Slots } from "../../../scheduler/recurring/judge.ts";
import { MISSED_SLOTS_MAX, SLOT_GRACE_MS } from "../../../workflow/limits.ts";
import type { MissedPolicy, RecurringTask } from "../../../workflow/recurring/recurring.ts";
import { recurringTask } from "./recurring-task.ts";

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** A slot at every full hour. */
const HOURLY: Slots = {
  firstAfter: (at) => (Math.floor(at / HOUR) + 1) * HOUR,
  lastUpTo: (at) => Math.floor(at / HOUR) * HOUR,
};

/** `f10 s9`: what becomes of which hour. */
function judged(
  missed: MissedPolicy,
  settledHour: number,
  now: number,
  more: Partial<RecurringTask> = {},
): string {
  const { verdicts } = judgeSlots(recurringTask({ missed, ...more }), settledHour * HOUR, now, HOURLY);
  return verdicts.map(({ kind, at }) => `${kind[0]}${at / HOUR}`).join(" ");
}

test("J2: a slot on time fires, whatever the policy for missed ones; the next is waited for", () => {
  for (const missed of [
    { kind: "skip" },
    { kind: "latest" },
    { kind: "all", max: 1, maxAgeMs: HOUR },
  ] as const) {
    assert.equal(judged(missed, 9, 10 * HOUR), "f10");
    assert.equal(judged(missed, 9, 10 * HOUR + SLOT_GRACE_MS), "f10");
    assert.equal(judged(missed, 10, 10 * HOUR + 1), "", "it is settled");
  }
  const { next } = judgeSlots(recurringTask(), 10 * HOUR, 10 * HOUR + MINUTE, HOURLY);
  assert.equal(next, 11 * HOUR);
});

test("J2: of missed slots none, the latest, or the newest few that are not too old are made up for", () => {
  const now = 12.5 * HOUR;
  assert.equal(judged({ kind: "skip" }, 9, now), "s10 s11 s12");
  assert.equal(judged({ kind: "latest" }, 9, now), "s10 s11 f12");
  assert.equal(judged({ kind: "all", max: 2, maxAgeMs: 24 * HOUR }, 9, now), "s10 f11 f12");
  assert.equal(judged({ kind: "all", max: 9, maxAgeMs: HOUR }, 9, now), "s10 s11 f12");
});

test("J2: where one is on time, the latest of the missed is behind it", () => {
  const now = 12 * HOUR + MINUTE;
  assert.equal(judged({ kind: "latest" }, 9, now), "s10 s11 f12");
  assert.equal(judged({ kind: "skip" }, 9, now), "s10 s11 f12");
  assert.equal(judged({ kind: "all", max: 1, maxAgeMs: 24 * HOUR }, 9, now), "s10 f11 f12");
});

test("J1: a slot waits for its jitter, and the later ones wait for it", () => {
  const task = recurringTask({ jitterMs: 50 * MINUTE });
  const due = 10 * HOUR + jitterOf(task, 10 * HOUR);
  const early = judgeSlots(task, 9 * HOUR, due - 1, HOURLY);
  assert.deepEqual([early.verdicts, early.next], [[], due]);
  assert.deepEqual(judgeSlots(task, 9 * HOUR, due, HOURLY).verdicts, [{ kind: "fire", at: 10 * HOUR }]);
});

test("J3: after a year away it looks at the newest slots, and says that there were more", () => {
  const { verdicts, passedOver } = judgeSlots(recurringTask(), 0, 365 * 24 * HOUR + 30 * MINUTE, HOURLY);
  assert.deepEqual([verdicts.length, passedOver], [MISSED_SLOTS_MAX, true]);
  assert.deepEqual(verdicts.at(-1), { kind: "fire", at: 365 * 24 * HOUR });
  assert.equal(judgeSlots(recurringTask(), 9 * HOUR, 11 * HOUR, HOURLY).passedOver, false);
});

test("a pattern that comes no more is looked at no more", () => {
  const none: Slots = { firstAfter: () => null, lastUpTo: () => null };
  assert.deepEqual(judgeSlots(recurringTask(), 0, HOUR, none), {
    verdicts: [],
    passedOver: false,
    next: null,
  });
});

test("whenever it is looked at, each slot gets one verdict, in order, and none before it is due", () => {
  const policy = fc.oneof(
    fc.constantFrom<MissedPolicy>({ kind: "skip" }, { kind: "latest" }),
    fc.record({
      kind: fc.constant("all" as const),
      max: fc.integer({ min: 1, max: 5 }),
      maxAgeMs: fc.constant(3 * HOUR),
    }),
  );
  const looks = fc.array(fc.integer({ min: 1, max: 5 * HOUR }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(policy, fc.constantFrom(0, 20 * MINUTE), looks, (missed, jitterMs, spans) => {
      const task = recurringTask({ missed, jitterMs });
      const settled: number[] = [];
      let [now, settledTo] = [0, 0];
      for (const span of spans) {
        now += span;
        const { verdicts, next } = judgeSlots(task, settledTo, now, HOURLY);
        assert.ok(next !== null && next > now);
        for (const { at } of verdicts) {
          assert.ok(at + jitterOf(task, at) <= now);
          settled.push(at);
          settledTo = at;
        }
        if (missed.kind === "latest" && verdicts.length > 0) assert.equal(verdicts.at(-1)?.kind, "fire");
      }
      assert.deepEqual(
        settled,
        settled.map((_, index) => (index + 1) * HOUR),
      );
    }),
  );
});

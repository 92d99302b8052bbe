/** Verdicts over windows: what several make of one another, and what an override does. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Timeline, type Verdict } from "../../../workflow/windows/judge.ts";
import type { Override, Schedule } from "../../../workflow/windows/schedule.ts";
import { schedule } from "./schedules.ts";

const HOUR = 3_600_000;
/** Hours of a day count as instants here; windows of UTC open at the same ones. */
const daily = (like: Schedule, start: number): Timeline => ({
  schedule: like,
  starts: [start * HOUR, (start + 24) * HOUR],
});

const verdict = (
  timelines: readonly Timeline[],
  hour: number,
  overrides: readonly Override[] = [],
): Verdict =>
  judge({
    ...{ project: "shop", concurrency: 3, timelines, now: hour * HOUR },
    overrides: new Map(overrides.map((override) => [override.schedule, override])),
  });

const open = (hour: number, until: number, name = "nights"): Override => ({
  ...{ schedule: name, verdict: "open", cause: "person", since: hour * HOUR },
  ...{ until: until * HOUR, by: "ann", reason: null },
});
const closed = (hour: number, until: number, name = "nights"): Override => ({
  ...open(hour, until, name),
  verdict: "closed",
});

const nights = daily(schedule(), 22);
const days = daily(schedule({ name: "days", durationMs: 4 * HOUR, concurrency: 1, model: "small" }), 28);

test("a project without a schedule is always open, and a schedule that is not enabled counts as none", () => {
  assert.equal(verdict([], 1).kind, "always");
  assert.equal(verdict([daily(schedule({ projects: ["mill"] }), 22)], 1).kind, "always");
  assert.equal(verdict([daily(schedule({ enabled: false }), 22)], 1).kind, "always");
});

test("a window is open from its start until just before its end", () => {
  assert.equal(verdict([nights], 22).kind, "open");
  assert.equal(verdict([nights], 29.999).kind, "open");
  const after = verdict([nights], 30);
  assert.equal(after.kind, "closed");
  assert.equal(after.kind === "closed" ? after.next?.from : null, 46 * HOUR);
  assert.equal(after.kind === "closed" ? after.last?.until : null, 30 * HOUR);
});

test("windows that overlap merge: the largest concurrency, and the settings of the one that opened last", () => {
  const both = verdict([nights, days], 29);
  assert.ok(both.kind === "open");
  assert.equal(both.until, 32 * HOUR);
  assert.equal(both.stretch.concurrency, 3);
  assert.equal(both.stretch.by.schedule.name, "days");
  assert.deepEqual([both.stretch.from, both.stretch.until], [28 * HOUR, 30 * HOUR]);
  const one = verdict([nights, days], 31);
  assert.ok(one.kind === "open");
  assert.equal(one.stretch.concurrency, 1);
  assert.deepEqual([one.stretch.from, one.stretch.until], [30 * HOUR, 32 * HOUR]);
});

test("windows that touch are one opening, of two stretches", () => {
  const late = daily(schedule({ name: "late", durationMs: 2 * HOUR }), 30);
  const verdictNow = verdict([nights, late], 29);
  assert.ok(verdictNow.kind === "open");
  assert.deepEqual([verdictNow.until, verdictNow.stretch.until], [32 * HOUR, 30 * HOUR]);
});

test("an override opens its schedule until it ends, and the window goes on where it would", () => {
  const byHand = verdict([nights], 40, [open(39, 41)]);
  assert.ok(byHand.kind === "open");
  assert.deepEqual([byHand.until, byHand.stretch.by.override?.by], [41 * HOUR, "ann"]);
  const into = verdict([nights], 45, [open(39, 47)]);
  assert.ok(into.kind === "open");
  assert.equal(into.until, 54 * HOUR);
  assert.equal(verdict([nights], 41, [open(39, 41)]).kind, "closed");
});

test("an override closes its schedule and no other, and says so", () => {
  const one = verdict([nights], 23, [closed(22.5, 30)]);
  assert.ok(one.kind === "closed");
  assert.deepEqual([one.next?.from, one.overrides.length], [46 * HOUR, 1]);
  const reopened = verdict([nights], 23, [closed(22.5, 25)]);
  assert.ok(reopened.kind === "closed");
  assert.equal(reopened.next?.from, 25 * HOUR);
  assert.equal(verdict([nights, days], 29, [closed(22.5, 30)]).kind, "open");
  assert.equal(verdict([nights], 25, [closed(22.5, 25)]).kind, "open");
});

test("an override is in force also where the clock was set back to before it was said", () => {
  assert.equal(verdict([nights], 22, [closed(23, 25)]).kind, "closed");
  assert.equal(verdict([nights], 22, [closed(23, 31)]).kind, "closed");
  assert.equal(verdict([nights], 20, [open(21, 22)]).kind, "open");
});

test("an override in force says nothing of a schedule that would be closed anyway", () => {
  const byDay = verdict([nights], 35, [closed(34, 36)]);
  assert.ok(byDay.kind === "closed");
  assert.equal(byDay.overrides.length, 0);
});

test("a stretch begins no sooner than the end of an override, so that a clock which is set back opens nothing", () => {
  const after = verdict([nights], 25, [closed(23, 24)]);
  assert.ok(after.kind === "open");
  assert.deepEqual([after.stretch.from, after.stretch.until], [24 * HOUR, 30 * HOUR]);
  assert.equal(after.stretch.by.from, 22 * HOUR, "it is the same opening");
  const back = verdict([nights], 23.5, [closed(23, 24)]);
  assert.equal(back.kind === "closed" ? back.next?.from : null, 24 * HOUR);
});

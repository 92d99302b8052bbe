/** Periods: where they begin and end, and what can be true of one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { calendarPeriod, limitUse, PERIODS, periodUntil } from "../../../workflow/pace/period.ts";

const iso = ({ from, until }: { readonly from: number; readonly until: number }) =>
  [from, until].map((at) => new Date(at).toISOString());

test("a week begins on Monday, a month on its first, five hours where the epoch's do", () => {
  const now = Date.UTC(2027, 1, 28, 23, 59, 59);
  assert.deepEqual(iso(calendarPeriod("week", now)), [
    "2027-02-22T00:00:00.000Z",
    "2027-03-01T00:00:00.000Z",
  ]);
  assert.deepEqual(iso(calendarPeriod("week", now + 1_000)), [
    "2027-03-01T00:00:00.000Z",
    "2027-03-08T00:00:00.000Z",
  ]);
  assert.deepEqual(iso(calendarPeriod("month", now)), [
    "2027-02-01T00:00:00.000Z",
    "2027-03-01T00:00:00.000Z",
  ]);
  assert.deepEqual(iso(calendarPeriod("month", Date.UTC(2027, 11, 31, 12))), [
    "2027-12-01T00:00:00.000Z",
    "2028-01-01T00:00:00.000Z",
  ]);
  assert.equal(calendarPeriod("5h", now).until - calendarPeriod("5h", now).from, 5 * 3_600_000);
});

test("every instant lies in exactly one period, and the next begins where one ends", () => {
  for (const per of PERIODS)
    for (let now = Date.UTC(2027, 0, 1); now < Date.UTC(2029, 0, 1); now += 7_654_321) {
      const { from, until } = calendarPeriod(per, now);
      assert.ok(from <= now && now < until, `${per} ${now}`);
      assert.equal(calendarPeriod(per, until).from, until);
      assert.equal(calendarPeriod(per, from - 1).until, from);
    }
});

test("the period that a report tells of is as long as its name says and ends where it resets", () => {
  const until = Date.UTC(2027, 2, 10, 7);
  assert.deepEqual(iso(periodUntil("week", until))[0], "2027-03-03T07:00:00.000Z");
  assert.deepEqual(iso(periodUntil("5h", until))[0], "2027-03-10T02:00:00.000Z");
  assert.deepEqual(iso(periodUntil("month", until))[0], "2027-02-10T07:00:00.000Z");
});

test("I16: what cannot be true of a period is nothing", () => {
  const reset = 1_795_244_872;
  assert.deepEqual(limitUse("week", 0.5, reset), { per: "week", used: 0.5, resetsAt: reset * 1_000 });
  assert.equal(limitUse("week", 1.5, reset)?.used, 1, "over-used is used up");
  for (const used of [
    null,
    Number.NaN,
    -0.01,
    2.01,
    1e308,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])
    assert.equal(limitUse("week", used, reset), null, `used ${used}`);
  for (const resets of [null, Number.NaN, 0, -1, 1e-9, 8.64e12 + 1, 1e308, Number.POSITIVE_INFINITY])
    assert.equal(limitUse("week", 0.5, resets), null, `resets ${resets}`);
});

/** A drawn week: by the clock of the zone, with its changes, what overlaps merged, and now. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawWeek, mondayOf, spanOf } from "../../cli/week.ts";
import { matchGolden } from "../store/golden.ts";

const HOUR = 3_600_000;
const BERLIN = "Europe/Berlin";

function drawn(week: string, now: number, hours: readonly (readonly [from: string, hours: number])[]): string {
  const monday = mondayOf(week, 0, BERLIN) ?? assert.fail(week);
  const spans = hours.map(([from, long]) => ({ from: Date.parse(from), until: Date.parse(from) + long * HOUR }));
  return drawWeek({ timezone: BERLIN, monday, spans, now });
}

test("a week is drawn by the local clock, and the nights in which it changes say so", async () => {
  const spring = drawn("2027-W12", Date.parse("2027-03-24T11:00:00Z"), [
    ["2027-03-22T21:00:00Z", 8],
    ["2027-03-23T04:00:00Z", 3],
    ["2027-03-24T10:15:00Z", 1],
    ["2027-03-27T21:00:00Z", 8],
  ]);
  const autumn = drawn("2027-W43", 0, [["2027-10-31T00:30:00Z", 1]]);
  await matchGolden("week.txt", `${spring}\n${autumn}`);
});

test("a week is named as ISO does, or is the one of now by the clock of the zone", () => {
  const dateOf = (monday: number | null): string | null =>
    monday === null ? null : new Date(monday).toISOString().slice(0, 10);
  assert.equal(dateOf(mondayOf("2027-W13", 0, BERLIN)), "2027-03-29");
  assert.equal(dateOf(mondayOf("2026-W53", 0, BERLIN)), "2026-12-28");
  for (const none of ["2027-W53", "2027-W00", "2027-13", "W13", ""]) assert.equal(mondayOf(none, 0, BERLIN), null);
  // It is Monday in Berlin already.
  assert.equal(dateOf(mondayOf(undefined, Date.parse("2027-03-28T22:30:00Z"), BERLIN)), "2027-03-29");
  assert.equal(dateOf(mondayOf(undefined, Date.parse("2027-03-28T22:30:00Z"), "UTC")), "2027-03-22");
});

test("a week begins and ends at midnight of the zone, and is an hour shorter in spring", () => {
  const { from, until } = spanOf(Date.UTC(2027, 2, 22), BERLIN);
  assert.equal(new Date(from).toISOString(), "2027-03-21T23:00:00.000Z");
  assert.equal((until - from) / HOUR, 167);
});

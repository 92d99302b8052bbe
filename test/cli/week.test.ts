/** A drawn week: by the clock of the zone, with its changes, what overlaps merged, and now. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawWeek, mondayOf, spanOf } from "../../cli/week.ts";
import { matchGolden } from "../store/golden.ts";

const HOUR = 3_600_000;
const BERLIN = "Europe/Berlin";

type Window = readonly [from: string, hours: number];

function drawn(timezone: string, week: string, windows: readonly Window[], now = 0): string {
  const monday = mondayOf(week, 0, timezone) ?? assert.fail(week);
  const spans = windows.map(([from, hours]) => ({
    from: Date.parse(from),
    until: Date.parse(from) + hours * HOUR,
  }));
  return drawWeek({ timezone, monday, names: ["nights", "lunch"], spans, now });
}

/** The row of a day and the last line. */
function rowOf(picture: string, date: string): readonly (string | undefined)[] {
  const lines = picture.trimEnd().split("\n");
  return [lines.find((line) => line.includes(`${date}  `))?.slice(16), lines.at(-1)];
}

test("a week is drawn by the local clock, and the days on which it changes say so", async () => {
  const nights = ["21", "22", "23", "24", "25", "26", "27"].map(
    (day): Window => [`2027-03-${day}T21:00:00Z`, 8],
  );
  const spring = drawn(
    BERLIN,
    "2027-W12",
    [...nights, ["2027-03-23T04:00:00Z", 3], ["2027-03-24T10:15:00Z", 1]],
    Date.parse("2027-03-24T10:40:00Z"),
  );
  const autumn = drawn(BERLIN, "2027-W43", [["2027-10-30T20:00:00Z", 8]], Date.parse("2027-10-27T12:00:00Z"));
  for (const line of `${spring}${autumn}`.split("\n")) assert.ok(line.length <= 80, line);
  await matchGolden("week.txt", `${spring}\n${autumn}`);
});

test("zones whose clock changes at midnight, by half an hour, or far from UTC mark the right day", () => {
  const havana = drawn("America/Havana", "2027-W10", []);
  assert.deepEqual(rowOf(havana, "Sun 2027-03-14"), [
    `xx${"·".repeat(46)} *`,
    "* Sun 2027-03-14: at 00:00 clocks go forward to 01:00.",
  ]);
  const howe = drawn("Australia/Lord_Howe", "2027-W13", []);
  assert.deepEqual(rowOf(howe, "Sun 2027-04-04"), [
    `${"·".repeat(48)} *`,
    "* Sun 2027-04-04: at 02:00 clocks go back to 01:30; 01:30–02:00 comes twice.",
  ]);
  assert.doesNotMatch(rowOf(howe, "Sat 2027-04-03")[0] ?? "*", /\*/);
  assert.doesNotMatch(drawn("Pacific/Auckland", "2027-W12", []), /\*/);
  // A whole day that never was.
  const apia = drawn("Pacific/Apia", "2011-W52", []);
  assert.equal(rowOf(apia, "Fri 2011-12-30")[0], "x".repeat(48));
});

test("a window that covers the time that comes twice only once is open there", () => {
  const once = drawn(BERLIN, "2027-W43", [["2027-10-31T01:00:00Z", 1]]);
  assert.equal(rowOf(once, "Sun 2027-10-31")[0], `····██${"·".repeat(42)} *`);
});

test("a week is named as ISO does, or is the one of now by the clock of the zone", () => {
  const dateOf = (monday: number | null): string | null =>
    monday === null ? null : new Date(monday).toISOString().slice(0, 10);
  assert.equal(dateOf(mondayOf("2027-W13", 0, BERLIN)), "2027-03-29");
  assert.equal(dateOf(mondayOf("2026-W53", 0, BERLIN)), "2026-12-28");
  for (const none of ["2027-W53", "2027-W00", "2027-13", "W13", "", "0000-W01"])
    assert.equal(mondayOf(none, 0, BERLIN), null);
  // It is Monday in Berlin already.
  assert.equal(dateOf(mondayOf(undefined, Date.parse("2027-03-28T22:30:00Z"), BERLIN)), "2027-03-29");
  assert.equal(dateOf(mondayOf(undefined, Date.parse("2027-03-28T22:30:00Z"), "UTC")), "2027-03-22");
  assert.match(
    drawn(BERLIN, "2026-W53", []),
    /^Week 2026-W53, by the clock of Europe\/Berlin\nnights, lunch\n/,
  );
});

test("a week begins and ends at midnight of the zone, and is an hour shorter in spring", () => {
  const { from, until } = spanOf(Date.UTC(2027, 2, 22), BERLIN);
  assert.equal(new Date(from).toISOString(), "2027-03-21T23:00:00.000Z");
  assert.equal((until - from) / HOUR, 167);
});

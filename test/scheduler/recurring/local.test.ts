/** What the clock of a place says, and by what a slot is the same one. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { localName, localText, localTime } from "../../../scheduler/recurring/local.ts";
import { nextN } from "../../../scheduler/slots.ts";

const AUTUMN = Date.UTC(2027, 9, 30, 22);
const NEW_YEAR = Date.UTC(2026, 0, 1);

test("local time has date, time, weekday and offset", () => {
  assert.deepEqual(localTime("Asia/Kolkata", NEW_YEAR), {
    ...{ date: "2026-01-01", time: "05:30", weekday: "Thursday", offset: "+05:30" },
  });
  assert.equal(localTime("UTC", NEW_YEAR).offset, "+00:00");
  assert.equal(localText("America/New_York", NEW_YEAR), "Wednesday 2025-12-31 19:00 -05:00");
});

test("I2: times and lists of times have one name at an hour that comes twice, stars and steps two", () => {
  const names = (cron: string, count: number): readonly string[] => {
    const pattern = { cron, timezone: "Europe/Berlin" };
    return nextN(pattern, AUTUMN, count).map((at) => localName(pattern, at));
  };
  assert.deepEqual(names("30 2 * * *", 2), ["2027-10-31T02:30", "2027-11-01T02:30"]);
  assert.deepEqual(names("0,30 2 * * *", 2), ["2027-10-31T02:00", "2027-10-31T02:30"]);
  assert.deepEqual(names("*/30 2 * * *", 4), [
    ...["2027-10-31T02:00+02:00", "2027-10-31T02:30+02:00"],
    ...["2027-10-31T02:00+01:00", "2027-10-31T02:30+01:00"],
  ]);
  assert.deepEqual(names("@daily", 1), ["2027-11-01T00:00"]);
  assert.deepEqual(names("@hourly", 1), ["2027-10-31T01:00+02:00"]);
});

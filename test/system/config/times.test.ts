/** Values that tell of times of the week. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { durationBetween, timeOfDay, timeZone, weekdays } from "../../../system/config/times.ts";

test("times of the day have four digits", () => {
  for (const good of ["00:00", "09:05", "23:59"]) assert.equal(timeOfDay.safeParse(good).success, true);
  for (const bad of ["24:00", "9:05", "12:60", "12:00:00", 1_200, null])
    assert.equal(timeOfDay.safeParse(bad).success, false);
});

test("days are named once, and there is one at least", () => {
  assert.equal(weekdays.safeParse(["sun", "mon"]).success, true);
  for (const bad of [[], ["mon", "mon"], ["monday"], "mon"])
    assert.equal(weekdays.safeParse(bad).success, false);
});

test("a zone that is none is quoted, and no more of it than a line holds", () => {
  assert.equal(timeZone.safeParse("Europe/Kyiv").success, true);
  const long = timeZone.safeParse("x".repeat(9_999));
  assert.ok((long.error?.issues[0]?.message.length ?? 999) < 200);
});

test("spans lie between two spans", () => {
  const span = durationBetween(60_000, 86_400_000, "1m to 24h");
  assert.equal(span.parse("24h"), 86_400_000);
  for (const bad of ["25h", "59s", "-1h", "1.5h", 8]) assert.equal(span.safeParse(bad).success, false);
});

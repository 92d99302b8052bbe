/** Schedules as patterns of cron. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { concerns, patternOf, WEEKDAYS } from "../../../workflow/windows/schedule.ts";
import { schedule } from "./schedules.ts";

test("the start of a window and its days become one pattern", () => {
  assert.equal(patternOf({ start: "22:05", days: WEEKDAYS }), "5 22 * * *");
  assert.equal(patternOf({ start: "00:00", days: ["sun", "mon"] }), "0 0 * * 1,0");
  assert.equal(patternOf({ start: "09:30", days: ["sat"] }), "30 9 * * 6");
});

test("a schedule concerns all projects, or those that it names, and none while it is not enabled", () => {
  assert.equal(concerns(schedule(), "shop"), true);
  assert.equal(concerns(schedule({ projects: ["mill"] }), "shop"), false);
  assert.equal(concerns(schedule({ enabled: false }), "shop"), false);
});

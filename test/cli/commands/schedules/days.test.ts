/** Days of the week as people type them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { daysFrom } from "../../../../cli/commands/schedules/days.ts";

test("days are named alone, in ranges that may pass Sunday, and all together", () => {
  for (const [text, days] of [
    ["mon-fri", "mon tue wed thu fri"],
    ["sat,sun", "sat sun"],
    ["sun,sat", "sat sun"],
    ["Fri-Mon", "mon fri sat sun"],
    ["monday, WED-thursday", "mon wed thu"],
    ["sun-sun", "sun"],
    ["daily", "mon tue wed thu fri sat sun"],
  ] as const)
    assert.equal(daysFrom(text).join(" "), days);
});

test("what is no day is refused", () => {
  for (const text of ["", "mo", "mon-", "-fri", "mon-wed-fri", "mon;tue", "weekdays", "mon,"])
    assert.throws(() => daysFrom(text), /such as mon-fri, sat,sun or daily/, text);
});

/** What each failure costs: one table, and the arithmetic over it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS } from "../../workflow/faults.ts";
import { judgeRetry } from "../../workflow/retry.ts";
import { BUDGET, CLASSES, NONE } from "./classes.ts";

test("I9: a class that is tried again for nothing closes something meanwhile, so it is no loop", () => {
  for (const failure of CLASSES) {
    const { counter, closes } = FAULTS[failure];
    // What a person or a clock does is no loop.
    assert.equal(
      counter === "free",
      closes !== undefined || ["shutdown", "paused", "window"].includes(failure),
      failure,
    );
    if (counter === "free") assert.deepEqual(judgeRetry(failure, NONE, BUDGET, 0.9).counters, NONE);
  }
});

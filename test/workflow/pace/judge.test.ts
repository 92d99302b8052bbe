/** An amount spread over a stretch of time: when something may start, and when time alone lets it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { judgePace, type Spread } from "../../../workflow/pace/judge.ts";

const HOUR = 3_600_000;
const WEEK: Spread = { from: 0, until: 100 * HOUR, ceiling: 0.5 };

test("something may start when a stretch begins, and the line grows evenly to its ceiling", () => {
  const begun = judgePace(WEEK, 0, 0);
  assert.deepEqual([begun.mayStart, begun.opensAt, begun.lasts], [true, null, null]);
  assert.equal(judgePace(WEEK, 0.02, 0).mayStart, true, "a twentieth is free at once");
  assert.equal(judgePace(WEEK, 0.03, 0).mayStart, false);
  assert.equal(judgePace(WEEK, 0.2, 50 * HOUR).mayStart, true);
  assert.equal(judgePace(WEEK, 0.3, 50 * HOUR).mayStart, false);
});

test("what waits is let go when the line comes to it, and may start then", () => {
  const { opensAt } = judgePace(WEEK, 0.3, 50 * HOUR);
  assert.ok(opensAt !== null && opensAt > 55 * HOUR && opensAt <= 55 * HOUR + 2_000, String(opensAt));
  assert.equal(judgePace(WEEK, 0.3, opensAt).mayStart, true);
});

test("what is used up waits for the end of the stretch, and never longer", () => {
  assert.equal(judgePace(WEEK, 0.5, 60 * HOUR).opensAt, 100 * HOUR);
  assert.equal(judgePace(WEEK, 0.9, 60 * HOUR).opensAt, 100 * HOUR);
});

test("the forecast goes on as it went until now, to the end at most", () => {
  assert.equal(judgePace(WEEK, 0.25, 25 * HOUR).lasts, 50 * HOUR);
  assert.equal(judgePace(WEEK, 0.1, 50 * HOUR).lasts, 100 * HOUR);
});

/** Jitter: the same for the same slot, spread over its span. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { jitterOf } from "../../../scheduler/recurring/jitter.ts";

const DAY = 86_400_000;

test("a slot has always the same jitter, and another slot or schedule another", () => {
  const span = { name: "nightly", jitterMs: 600_000 };
  assert.equal(jitterOf(span, DAY), jitterOf(span, DAY));
  const days = new Set(Array.from({ length: 50 }, (_, day) => jitterOf(span, day * DAY)));
  assert.ok(days.size > 45, `${days.size} different ones`);
  assert.notEqual(jitterOf(span, DAY), jitterOf({ ...span, name: "weekly" }, DAY));
});

test("jitter spreads evenly from nothing to its limit", () => {
  const spread = Array.from({ length: 10_000 }, (_, day) =>
    jitterOf({ name: "x", jitterMs: 9 }, day * 3_600_000),
  );
  for (let ms = 0; ms <= 9; ms++) {
    const share = spread.filter((jitter) => jitter === ms).length;
    assert.ok(share > 850 && share < 1_150, `${ms} ms came ${share} times of 10,000`);
  }
  assert.equal(jitterOf({ name: "x", jitterMs: 0 }, 5), 0);
});

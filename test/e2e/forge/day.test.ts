/** Days of the circle are drawn from a seed; together they know every kind of trouble, and leave no write out. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { drawDay, killDays, POSTS } from "./day.ts";

test("the same seed and circle draw the same day, and thirty seeds know all that may become of webhooks", () => {
  assert.deepEqual(drawDay(7, "plane"), drawDay(7, "plane"));
  const days = Array.from({ length: 30 }, (_, seed) => drawDay(seed, "github"));
  assert.deepEqual(new Set(days.map(({ post }) => post)), new Set(Object.keys(POSTS)));
  for (const { post, poll, kills } of days)
    assert.ok(poll !== null || (kills === null && !["none", "lost", "some"].includes(post)));
});

test("days of kills are one for each write, before it and after", () => {
  const met = killDays("github").map(({ kills }) => `${kills?.when} ${kills?.skip} of ${kills?.every}`);
  assert.equal(new Set(met).size, 12);
});

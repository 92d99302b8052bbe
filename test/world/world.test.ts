/** F9: the whole daemon in a seeded world, with crashes, freezes, slow disks and lost wake-ups placed by step. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "./simulate.ts";

/** `npm run sim` lives thousands; these many are lived at every test. */
const FIXED_SEEDS = 45;

test(`F9, I2, I3, I4, I5, I7, I8, I9: ${FIXED_SEEDS} seeds come to rest with every invariant held after every step`, async () => {
  let crashes = 0;
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) crashes += (await simulate(seed)).crashes;
  assert.ok(crashes > FIXED_SEEDS, `the faults must really strike, ${crashes} crashes did`);
});

test("F9: the same seed gives the same history, and another seed another", async () => {
  const [one, again, other] = [await simulate(7), await simulate(7), await simulate(8)];
  assert.deepEqual(one.lines, again.lines);
  assert.notDeepEqual(one.lines, other.lines);
});

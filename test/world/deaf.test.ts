/** Bells only save time: a daemon that hears none finds everything by looking, and keeps every promise. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "./simulate.ts";

const SEEDS = 12;

test(`F9: ${SEEDS} seeds come to rest although no bell ever rings`, async () => {
  let crashes = 0;
  for (let seed = 1; seed <= SEEDS; seed++) crashes += (await simulate(seed, { deaf: true })).crashes;
  assert.ok(crashes > SEEDS, `the faults must really strike, ${crashes} crashes did`);
});

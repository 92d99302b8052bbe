/**
 * The circle while the daemon is killed within its writes, when they were done and nobody has heard so, or before.
 * `npm run torture -- --forge --writes` kills it at each of them.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PLAIN_DAYS } from "./day.ts";
import { weather } from "./weather.ts";

for (const [circle, when] of [
  ["github", "after"],
  ["plane", "before"],
] as const)
  test(`${circle}: a daemon that is killed ${when} what it writes does all of it once`, async () => {
    const kills = { when, every: 9, skip: 1 };
    const weathered = await weather({ ...PLAIN_DAYS.killed, circle, seed: 1, kills });
    assert.ok(weathered.kills > 0);
  });

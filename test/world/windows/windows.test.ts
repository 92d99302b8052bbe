/** Windows in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "../oracle.ts";
import { WINDOW_PLANTS } from "./plants.ts";
import { simulateWindows } from "./simulate.ts";

const FIXED_SEEDS = 12;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 400;

test(`I7, I9: ${FIXED_SEEDS} seeds: work begins inside windows only, and inside them it does, whatever clocks and daemons do`, async () => {
  const sums = { runs: 0, crashes: 0, jumps: 0 };
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) {
    const { runs, crashes, jumps } = await simulateWindows(seed);
    sums.runs += runs;
    sums.crashes += crashes;
    sums.jumps += jumps;
  }
  for (const [what, sum] of Object.entries(sums)) assert.ok(sum > FIXED_SEEDS, `${what}: only ${sum}`);
});

test("F9: the same seed gives the same history of windows", async () => {
  const [one, again] = [await simulateWindows(3), await simulateWindows(3)];
  assert.deepEqual(one.lines, again.lines);
});

for (const [name, plant] of Object.entries(WINDOW_PLANTS)) {
  test(`F9: a scheduler with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulateWindows(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

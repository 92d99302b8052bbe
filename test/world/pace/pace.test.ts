/** Paces in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "../oracle.ts";
import { type PacePlant, simulatePaces } from "./simulate.ts";

const FIXED_SEEDS = 4;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 400;

test(`I7, I9: ${FIXED_SEEDS} seeds: nothing begins over its pace and nothing waits below it, whatever clocks and daemons do`, async () => {
  const sums = { runs: 0, judged: 0, crashes: 0, jumps: 0 };
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) {
    const { runs, judged, crashes, jumps } = await simulatePaces(seed);
    sums.runs += runs;
    sums.judged += judged;
    sums.crashes += crashes;
    sums.jumps += jumps;
  }
  for (const [what, sum] of Object.entries(sums)) assert.ok(sum > FIXED_SEEDS, `${what}: only ${sum}`);
});

test("F9: the same seed gives the same history of paces", async () => {
  const [one, again] = [await simulatePaces(3), await simulatePaces(3)];
  assert.deepEqual(one.lines, again.lines);
});

const PLANTS: Readonly<Record<string, PacePlant>> = {
  "a pace forgotten at a restart": { forgetful: true },
  "a ceiling that nobody looks at": { ignoresCeiling: true },
  "a wait without an end": { everPaced: true },
};

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a scheduler with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulatePaces(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

/** What is told outside in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "../oracle.ts";
import { type OutsidePlant, simulateOutside } from "./simulate.ts";

const FIXED_SEEDS = 6;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 60;

test(`O1: ${FIXED_SEEDS} seeds: every task comes to have one comment that shows it, whatever daemons and forges do`, async () => {
  const sums = { crashes: 0, requests: 0, edits: 0 };
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) {
    const { crashes, requests, edits } = await simulateOutside(seed);
    sums.crashes += crashes;
    sums.requests += requests;
    sums.edits += edits;
  }
  for (const [what, sum] of Object.entries(sums)) assert.ok(sum > FIXED_SEEDS, `${what}: only ${sum}`);
});

test("F9: the same seed gives the same history of what is told", async () => {
  const [one, again] = [await simulateOutside(2), await simulateOutside(2)];
  assert.deepEqual(one.lines, again.lines);
  assert.equal(one.steps, again.steps);
});

const PLANTS: Readonly<Record<string, OutsidePlant>> = {
  "what stood there before believed after a call": { trustsTold: true },
  "silence taken for a yes": { believesSilence: true },
  "a new mark for each call": { forgetsMarks: true },
};

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a notifier with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulateOutside(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

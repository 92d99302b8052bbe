/** F9: the simulator's test of itself: it sees what is wrong with a daemon that has a bug planted in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "./oracle.ts";
import { PLANTS } from "./plants.ts";
import { simulate } from "./simulate.ts";

/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 400;

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a daemon with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulate(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

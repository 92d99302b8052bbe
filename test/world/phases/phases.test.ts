/** Phases in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "../oracle.ts";
import type { Plant } from "../plants.ts";
import { simulatePhases } from "./simulate.ts";

const FIXED_SEEDS = 15;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 400;

test(`I2, I7, D4, D6, G4: ${FIXED_SEEDS} seeds: every task ends, every artifact, answer and word counted once`, async () => {
  let crashes = 0;
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) crashes += (await simulatePhases(seed)).crashes;
  assert.ok(crashes > FIXED_SEEDS, `the faults must really strike, ${crashes} crashes did`);
});

const PLANTS: Readonly<Record<string, Plant>> = {
  "an approval without its artifact": { blindApproval: true },
  "a stale artifact": { staleArtifact: true },
  "words that count as heard and were not told": { deafAgent: true },
  "words that are told to nobody": { forgetsWords: true },
};

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a daemon with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulatePhases(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

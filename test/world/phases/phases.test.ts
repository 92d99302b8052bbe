/** Phases in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHASE_PLANTS, seedThatSees } from "../plants.ts";
import { simulatePhases } from "./simulate.ts";

const FIXED_SEEDS = 6;

/** The others, and these, are planted by `npm run sim -- --plants phases`. */
const PLANTED = [
  ...["a stale artifact", "a secret in an event", "a freeze that fails open"],
  ...["two merges at once", "a merge of what nobody has looked at"],
];

test(`I2, I7, A9, D4, D6, G4: ${FIXED_SEEDS} seeds: every task ends, every artifact, answer, word and merge counted once`, async () => {
  let crashes = 0;
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) crashes += (await simulatePhases(seed)).crashes;
  assert.ok(crashes > FIXED_SEEDS, `the faults must really strike, ${crashes} crashes did`);
});

for (const name of PLANTED) {
  test(`F9: a daemon with "${name}" is found out`, async () => {
    const plant = PHASE_PLANTS[name] ?? assert.fail("there is no such plant");
    assert.notEqual(await seedThatSees(simulatePhases, plant), null, "nothing wrong was seen");
  });
}

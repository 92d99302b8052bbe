/** The slots of recurring tasks in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "./oracle.ts";
import { type SlotPlant, simulateSlots } from "./slots.ts";

const FIXED_SEEDS = 8;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 400;

test(`I2, I7: ${FIXED_SEEDS} seeds: a slot fires at most once, and by its policy not less, whatever clocks and daemons do`, async () => {
  const sums = { fired: 0, skipped: 0, crashes: 0, jumps: 0 };
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) {
    const { fired, skipped, crashes, jumps } = await simulateSlots(seed);
    sums.fired += fired;
    sums.skipped += skipped;
    sums.crashes += crashes;
    sums.jumps += jumps;
  }
  for (const [what, sum] of Object.entries(sums)) assert.ok(sum > 2 * FIXED_SEEDS, `${what}: only ${sum}`);
});

const PLANTS: Readonly<Record<string, SlotPlant>> = {
  "slot advanced before fired": { advanceFirst: true },
  "missed slots forgotten at a restart": { forgetful: true },
  "fired slots forgotten when the clock is set back": { unfire: true },
};

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a scheduler with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulateSlots(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

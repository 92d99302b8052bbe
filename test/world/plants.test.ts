/** F9: the simulator's test of itself: it sees what is wrong with a daemon that has a bug planted in it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANTS, seedThatSees } from "./plants.ts";
import { simulate } from "./simulate.ts";

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a daemon with "${name}" is found out`, async () => {
    assert.notEqual(await seedThatSees(simulate, plant), null, "nothing wrong was seen");
  });
}

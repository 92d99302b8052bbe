/** Cards in a seeded world, and the bugs that its oracle must see. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Broken } from "../oracle.ts";
import { type ChatPlant, simulateChat } from "./simulate.ts";

const FIXED_SEEDS = 4;
/** Within so many seeds a planted bug has to be seen. */
const SEEDS_TO_FIND = 60;

test(`I10: ${FIXED_SEEDS} seeds: every card comes to show its task, once, whatever chats and daemons do`, async () => {
  const sums = { crashes: 0, calls: 0 };
  for (let seed = 1; seed <= FIXED_SEEDS; seed++) {
    const { crashes, calls } = await simulateChat(seed);
    sums.crashes += crashes;
    sums.calls += calls;
  }
  for (const [what, sum] of Object.entries(sums)) assert.ok(sum > FIXED_SEEDS, `${what}: only ${sum}`);
});

test("F9: the same seed gives the same history of cards", async () => {
  const [one, again] = [await simulateChat(2), await simulateChat(2)];
  assert.deepEqual(one.lines, again.lines);
  assert.equal(one.steps, again.steps);
});

const PLANTS: Readonly<Record<string, ChatPlant>> = {
  "sends that are forgotten": { forgetsSending: true },
  "no distance between calls": { hurries: true },
  "cards that are drawn once": { drawsOnce: true },
  "messages that stay when they are over": { leavesAsks: true },
};

for (const [name, plant] of Object.entries(PLANTS)) {
  test(`F9: a notifier with "${name}" is found out`, async () => {
    for (let seed = 1; seed <= SEEDS_TO_FIND; seed++) {
      try {
        await simulateChat(seed, plant);
      } catch (error) {
        assert.ok(error instanceof Broken, String(error));
        return;
      }
    }
    assert.fail(`${SEEDS_TO_FIND} seeds saw nothing wrong`);
  });
}

/**
 * The circle on days with one thing each that is not as it should be, for daemon and hosts alike at five times the
 * speed. `npm run torture -- --forge` draws days with many such things.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Circle, type Day, PLAIN_DAYS } from "./day.ts";
import { weather } from "./weather.ts";

const DAYS: readonly (readonly [name: string, Circle, Omit<Day, "seed" | "circle">])[] = [
  ["where nobody tells anything, and GitHub is asked alone", "github", PLAIN_DAYS.none],
  ["where all webhooks are lost, and both are asked", "plane", PLAIN_DAYS.lost],
  ["where webhooks come twice and in any order, and both are asked meanwhile", "plane", PLAIN_DAYS.twice],
];

for (const [name, circle, day] of DAYS)
  test(`${circle}, ${name}: the same end, and everything once`, async () => {
    await weather({ ...day, circle, seed: 1 });
  });

test("github, with errors, pauses, time-outs and lost answers at random: the same end, and everything once", async () => {
  const { faults } = await weather({ ...PLAIN_DAYS.faults, circle: "github", seed: 1 });
  assert.ok(faults > 0);
});

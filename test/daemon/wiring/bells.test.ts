/** The bells: each word of the store wakes the loop that waits for that work, and no other. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBells, ringer } from "../../../daemon/wiring/bells.ts";

test("what the store tells of rings the bell of that work alone", () => {
  const rung: number[] = [];
  let count = 0;
  const bells = createBells(() => {
    const number = count++;
    return { ring: () => void rung.push(number), wait: async () => undefined };
  });
  const tell = ringer(bells);
  for (const work of ["stops", "outbox", "jobs", "deliveries", "stops"] as const) tell(work);
  const order = Object.keys(bells);
  assert.deepEqual(
    rung.map((number) => order[number]),
    ["stops", "outbox", "jobs", "deliveries", "stops"],
  );
});

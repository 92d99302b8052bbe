/** The bells: each word of the store wakes the loops that wait for that work, and no other. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createBells, ringer } from "../../../daemon/wiring/bells.ts";
import type { Wake } from "../../../system/wake.ts";

test("what the store tells of rings the bell of that work alone, and that of each lane of the inbox", () => {
  const rung: Wake[] = [];
  const bells = createBells(() => {
    const wake: Wake = { ring: () => void rung.push(wake), wait: async () => undefined };
    return wake;
  });
  const lanes = [bells.deliveries.join(), bells.deliveries.join()];
  const tell = ringer(bells);
  for (const work of ["stops", "outbox", "jobs", "deliveries", "stops"] as const) tell(work);
  assert.equal(rung.length, 6);
  for (const [at, wake] of [bells.stops, bells.outbox, bells.jobs, ...lanes, bells.stops].entries())
    assert.equal(rung[at], wake);
});

/** Which loops are alive. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createPulses } from "../../system/pulse.ts";
import { createWake } from "../../system/wake.ts";
import { manualTime } from "./manual-time.ts";

const PATIENCE_MS = 1_000;

test("a loop that sleeps is alive for as long as it said, one that works for its patience, one that ended for ever", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const end = new AbortController();
  const works = Promise.withResolvers<void>();
  const loop = pulses.keep("claim", async ({ bell, clock }) => {
    await clock.sleep(60_000, end.signal);
    await bell(createWake(time.clock)).wait(5_000, end.signal);
    await works.promise;
  });
  const at = async (ms: number): Promise<readonly string[]> => {
    await time.pass(ms);
    return pulses.late();
  };
  assert.deepEqual(await at(59_999), [], "it sleeps");
  assert.deepEqual(await at(1), [], "it waits for its bell");
  assert.deepEqual(await at(5_000), [], "it works");
  assert.deepEqual(await at(PATIENCE_MS), [], "to the end of its patience");
  assert.deepEqual(await at(1), ["claim"]);
  works.resolve();
  await loop;
  assert.deepEqual(await at(1_000_000), []);
});

test("a loop that is woken after a sleep that should have been longer is alive from then on only for its patience", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const wake = createWake(time.clock);
  void pulses.keep("inbox", async ({ bell, beat }) => {
    await bell(wake).wait(3_600_000, new AbortController().signal);
    await time.clock.sleep(900);
    beat();
    await new Promise(() => undefined);
  });
  wake.ring();
  await time.pass(900);
  await time.pass(1_000);
  assert.deepEqual(pulses.late(), [], "it has shown itself in between");
  await time.pass(1);
  assert.deepEqual(pulses.late(), ["inbox"]);
});

/** How fast a run goes without getting anywhere. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { addSample, NO_SAMPLES, rateOf, type Samples } from "../../../agents/supervision/rate.ts";
import { LOOP_EVENTS_MAX } from "../../../workflow/limits.ts";

const SECOND = 1_000;
const NOTHING = { at: 0, idle: 0, calls: 0, repeats: 0, bytes: 0 };

test("Sixty events without progress in a minute are too many, spread over two they are not, and progress begins anew", () => {
  const samples = (...idles: readonly number[]): Samples =>
    idles.reduce(
      (before, idle, second) => addSample(before, { ...NOTHING, at: second * SECOND, idle }, true),
      NO_SAMPLES,
    );
  const steady = (perSecond: number): number =>
    rateOf(samples(...Array.from({ length: 200 }, (_, second) => Math.floor(second * perSecond)))).idleEvents;
  assert.ok(steady(1.02) >= LOOP_EVENTS_MAX);
  assert.ok(steady(0.5) < LOOP_EVENTS_MAX);
  assert.equal(rateOf(samples(59, 59, 59, 0, 20, 40)).idleEvents, 40);
});

test("U1: what a reader that lags behind reads later is no rate, but what is written counts at once", () => {
  const first = addSample(NO_SAMPLES, NOTHING, true);
  const behind = addSample(first, { at: 2_000, idle: 5_000, calls: 800, repeats: 700, bytes: 900 }, false);
  assert.deepEqual(rateOf(behind), { idleEvents: 0, calls: 0, repeats: 0, bytes: 900, logBytes: 900 });
  const current = addSample(behind, { at: 4_000, idle: 5_007, calls: 803, repeats: 702, bytes: 950 }, true);
  const { idleEvents, calls, repeats } = rateOf(current);
  assert.deepEqual([idleEvents, calls, repeats], [7, 3, 2]);
});

test("However often somebody looks, the samples stay few and cover their minute", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 600 }), (gaps) => {
      let at = 0;
      let samples = NO_SAMPLES;
      for (const gap of gaps) {
        at += gap;
        samples = addSample(samples, { at, idle: at, calls: at, repeats: at, bytes: at }, true);
        assert.ok(samples.length <= 66);
      }
      const { idleEvents, calls, repeats, bytes, logBytes } = rateOf(samples);
      const span = Math.min(at - (gaps[0] ?? 0), 60 * SECOND);
      assert.ok(idleEvents >= span && idleEvents <= span + 6_000, `${idleEvents} for ${span}`);
      assert.deepEqual([bytes, calls, repeats, logBytes], [idleEvents, idleEvents, idleEvents, at]);
    }),
  );
});

/** The loops of a running daemon: one that breaks is told of, and none of them is waited for twice. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoops } from "../../daemon/loops.ts";
import { createPulses } from "../../system/pulse.ts";
import { manualTime } from "../system/manual-time.ts";

const PATIENCE_MS = 1_000;

/** A loop that does nothing until it is told to end, or to break. */
function loopOf(name: string, more: Pick<Loop, "mayStandStill"> = {}) {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  return { name, ...more, run: () => promise, end: resolve, fail: reject };
}

test("a loop that ends by an error is told of with its reason, and the others go on to their end", async () => {
  const [one, two] = [loopOf("one"), loopOf("two")];
  const { broken, ended } = startLoops([one, two], createPulses(manualTime().clock, PATIENCE_MS));
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  one.fail(new Error("no such row"));
  assert.match(await broken, /no such row/);
  assert.equal(isOver, false);
  two.end();
  await ended;
});

test("a loop that stands still is hanging, unless it may", async () => {
  const time = manualTime();
  const pulses = createPulses(time.clock, PATIENCE_MS);
  const loops = [loopOf("claim"), loopOf("tidy", { mayStandStill: true })];
  const { ended } = startLoops(loops, pulses);
  await time.pass(PATIENCE_MS * 2);
  assert.deepEqual(pulses.late(), ["claim"]);
  for (const loop of loops) loop.end();
  await ended;
});

/** The door to time. */

import assert from "node:assert/strict";
import test from "node:test";
import { systemClock } from "../../system/clock.ts";
import { settle } from "./settle.ts";

const clock = systemClock();

const DAY = 86_400_000;

test("A sleep ends when its time is over, or at the abort, and leaves neither timer nor listener", async () => {
  const before = clock.monotonic();
  await clock.sleep(20);
  assert.ok(clock.monotonic() - before >= 19);
  await clock.sleep(600_000, AbortSignal.abort());
  const cut = new AbortController();
  const cutShort = clock.sleep(600_000, cut.signal);
  cut.abort();
  await cutShort;
  assert.ok(!process.getActiveResourcesInfo().includes("Timeout"), "a timer is left");
  assert.ok(Number.isInteger(clock.now()));
});

test("A sleep of fifty days is not over at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let awake = false;
  void clock.sleep(50 * DAY).then(() => {
    awake = true;
  });
  for (let day = 0; day < 50; day += 1) {
    await settle();
    assert.equal(awake, false, `it was over on day ${day}`);
    t.mock.timers.tick(DAY);
  }
  // A timer that is set from another's end begins, on this clock, at the end of the day.
  for (let day = 50; day < 53; day += 1) t.mock.timers.tick(DAY);
  await settle();
  assert.ok(awake);
});

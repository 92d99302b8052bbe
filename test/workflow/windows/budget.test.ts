/** The budget of an opening: how people write it, whose it is, and what follows when it is used up. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  limitedOpening,
  openingAmounts,
  openingHold,
  openingLimits,
} from "../../../workflow/windows/budget.ts";
import { standing } from "../standings.ts";
import { schedule } from "./schedules.ts";

test("amounts are written in dollars, tokens and runs, and read back as they were", () => {
  const amounts = { usd: 0.1, tokens: 1_000, runs: 3 };
  assert.deepEqual(openingLimits(amounts), [
    { unit: "nanos", amount: 100_000_000 },
    { unit: "tokens", amount: 1_000 },
    { unit: "runs", amount: 3 },
  ]);
  assert.deepEqual(openingAmounts(openingLimits(amounts)), amounts);
  assert.deepEqual([openingLimits({}), openingAmounts([])], [[], {}]);
});

test("each opening of a schedule has its own, and none where there is no limit", () => {
  const budget = openingLimits({ runs: 3 });
  const opening = { from: 5, until: 9, schedule: schedule({ budget }), override: null };
  assert.deepEqual(limitedOpening(opening), { key: "nights 5", limits: budget, until: 9 });
  assert.notEqual(limitedOpening({ ...opening, from: 6 })?.key, limitedOpening(opening)?.key);
  assert.equal(limitedOpening({ ...opening, schedule: schedule() }), null);
});

test("used up, it holds the project until its stretch ends, and says what opens it", () => {
  const by = { from: 5, until: 9, schedule: schedule(), override: null };
  const stretch = { from: 5, until: 8, concurrency: 1, by };
  const used = standing({
    ...{
      scope: "opening",
      unit: "runs",
      amount: 3,
      raised: 0,
      used: 3,
      reserved: 0,
      reserve: 1,
      schedule: "nights",
    },
  });
  assert.deepEqual(openingHold("shop", stretch, [standing(), used]), {
    ...{ scope: "project", subject: "shop", kind: "window", until: 8 },
    reason: "window nights: the opening's budget of 3 runs is used up (3 runs used)",
    remedy: "it is new with the next opening, or now with: chargehand schedules open nights",
  });
  assert.equal(openingHold("shop", stretch, [{ ...used, used: 2 }]), null);
});

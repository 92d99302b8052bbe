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

const HOUR = 3_600_000;

test("amounts are written in dollars, tokens and runs, and read back as they were", () => {
  const amounts = { usd: 0.1, tokens: 1_000, runs: 3 };
  assert.deepEqual(openingLimits(amounts), [
    { unit: "nanos", amount: 100_000_000 },
    { unit: "tokens", amount: 1_000 },
    { unit: "runs", amount: 3 },
  ]);
  assert.deepEqual(openingAmounts(openingLimits(amounts), false), amounts);
  assert.deepEqual([openingLimits({}), openingAmounts([], false)], [[], {}]);
});

test("each opening of a schedule has its own, and none where there is no limit", () => {
  const budget = openingLimits({ runs: 3 });
  const opening = { from: 5, until: 9, schedule: schedule({ budget }), override: null };
  assert.deepEqual(limitedOpening(opening), { key: "nights 5", limits: budget, spreadFrom: null, until: 9 });
  assert.notEqual(limitedOpening({ ...opening, from: 6 })?.key, limitedOpening(opening)?.key);
  assert.equal(limitedOpening({ ...opening, schedule: schedule() }), null);
});

test("one that is spread is so from where its opening begins", () => {
  const given = schedule({ budget: openingLimits({ runs: 3 }), budgetSpread: true });
  assert.equal(limitedOpening({ from: 5, until: 9, schedule: given, override: null })?.spreadFrom, 5);
  assert.deepEqual(openingAmounts(given.budget, true), { runs: 3, spread: true });
});

test("spread, it holds the project until time alone makes more of it usable, and at most until its stretch ends", () => {
  const by = { from: 0, until: 8 * HOUR, schedule: schedule(), override: null };
  const stretch = { from: 0, until: 7 * HOUR, concurrency: 1, by };
  const about = { scope: "opening", raised: 0, schedule: "nights" } as const;
  const runs = standing({ ...about, unit: "runs", amount: 20, used: 3, reserved: 0, reserve: 1, allowed: 2 });
  assert.deepEqual(openingHold("shop", stretch, [standing(), runs], 1_000), {
    ...{ scope: "project", subject: "shop", kind: "pace", until: 8 * HOUR * 0.1 + 1_000 },
    reason:
      "window nights: the opening's budget of 20 runs is spread over it, and no more of it is there yet (3 runs used)",
    remedy: "there is more of it as time passes; without spread all of it is there at once",
  });
  assert.equal(openingHold("shop", stretch, [{ ...runs, used: 1 }], 1_000), null);
  const money = {
    ...runs,
    unit: "nanos",
    amount: 20e9,
    used: 1e9,
    reserved: 18e9,
    reserve: 1e9,
    allowed: 2e9,
  } as const;
  assert.equal(
    openingHold("shop", stretch, [runs, money], 1_000)?.until,
    7 * HOUR,
    "the one that lasts longest",
  );
  assert.equal(openingHold("shop", stretch, [runs, { ...money, used: 20e9 }], 1_000)?.kind, "window");
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
  assert.deepEqual(openingHold("shop", stretch, [standing(), used], 6), {
    ...{ scope: "project", subject: "shop", kind: "window", until: 8 },
    reason: "window nights: the opening's budget of 3 runs is used up (3 runs used)",
    remedy: "it is new with the next opening, or now with: chargehand schedules open nights",
  });
  assert.equal(openingHold("shop", stretch, [{ ...used, used: 2 }], 6), null);
});

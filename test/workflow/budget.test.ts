/** What a budget allows, and what is said when it allows no more. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  budgetHold,
  isClosed,
  isUsedUp,
  reachedBy,
  spendOf,
  tellLimit,
  unpricedModel,
} from "../../workflow/budget.ts";
import type { Usage } from "../../workflow/run.ts";
import { standing } from "./standings.ts";

function usage(more: Partial<Usage> = {}): Usage {
  return {
    model: "m",
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
    reasoningTokens: 0,
    costNanos: 0,
    costSource: "priced",
    ...more,
  };
}

test("I8: a run begins only if all of its reservation fits below the limit", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), fc.nat(50), fc.nat(50), (amount, used, reserved, reserve) => {
      const closed = isClosed(standing({ unit: "tokens", amount, used, reserved, reserve }));
      assert.equal(closed, used + reserved + Math.max(1, reserve) > amount);
      if (isUsedUp(standing({ unit: "tokens", amount, used, reserved, reserve }))) assert.ok(closed);
    }),
  );
});

test("F5: a task's used-up budget holds its job, and the sentence says how much and what to do", () => {
  const hold = budgetHold("SHOP-12", [standing({ used: 17.21e9 })]);
  assert.deepEqual(hold, {
    kind: "budget",
    reason: "the task's budget of $20.00 is used up ($17.21 used, a run may take $5.00)",
    remedy: "raise it with: chargehand budget raise SHOP-12 --usd AMOUNT",
    until: null,
  });
  assert.equal(budgetHold("SHOP-12", [standing({ used: 15e9 })]), null);
  assert.equal(budgetHold("SHOP-12", [standing({ used: 17e9, raised: 5e9 })]), null);
  assert.equal(
    budgetHold("SHOP-12", [standing({ scope: "day", used: 20e9 })]),
    null,
    "the lane is closed instead",
  );
});

test("F5: a live run stops at the first limit it reaches, its own or a wider one", () => {
  const own = standing({ scope: "run", amount: 5e9, reserve: 5e9 });
  const day = standing({ scope: "day", amount: 100e9, used: 100e9 });
  assert.equal(reachedBy([own], { nanos: 4.99e9, tokens: 0 }), null);
  assert.match(
    tellLimit(reachedBy([own], { nanos: 5e9, tokens: 0 }) ?? own, "SHOP-12").reason,
    /a run's budget of \$5\.00 was reached/,
  );
  assert.equal(reachedBy([own, day], { nanos: 1, tokens: 0 })?.scope, "day");
  const runs = standing({ unit: "runs", amount: 3, used: 3, reserve: 1 });
  assert.equal(reachedBy([runs], { nanos: 0, tokens: 0 }), null, "a run that has begun is one of the three");
});

test("F5: cache reads weigh a tenth, and what has no price is named instead of counted as nothing", () => {
  const rows = [usage({ inputTokens: 10, outputTokens: 5, cacheReadTokens: 1_000, cacheCreationTokens: 7 })];
  assert.deepEqual(spendOf(rows), { nanos: 0, tokens: 122 });
  const unpriced = [usage({ model: "new-1", costNanos: null, costSource: "unpriced" })];
  assert.equal(unpricedModel([standing()], unpriced), "new-1");
  assert.equal(
    unpricedModel([standing({ unit: "tokens" })], unpriced),
    null,
    "no limit in money, no question",
  );
});

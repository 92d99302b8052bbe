/** Budgets, cooldowns and refusals as arithmetic and as sentences. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Account } from "../../workflow/account.ts";
import {
  budgetHold,
  isClosed,
  isUsedUp,
  reachedBy,
  type Standing,
  spendOf,
  tellLimit,
  unpricedModel,
} from "../../workflow/budget.ts";
import { park, trust } from "../../workflow/decide/cooldown.ts";
import { budgetClosure, type LaneFacts, refusalOf } from "../../workflow/explain/refusal.ts";
import { REARMS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import { inOneLine } from "../../workflow/why.ts";

const MINUTE = 60_000;

function standing(more: Partial<Standing> = {}): Standing {
  return {
    scope: "task",
    unit: "nanos",
    amount: 20e9,
    raised: 0,
    used: 0,
    reserved: 0,
    reserve: 5e9,
    ...more,
  };
}

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

const OPEN: Account = { name: "max", concurrency: null, until: null, rearms: 0 };

test("F4: several runs that meet one limit park the account once, until the latest reset", () => {
  const first = park(OPEN, 100, 10 * MINUTE, 1_000, "limit");
  assert.deepEqual(first.account, { believed: OPEN, until: 1_000 + 10 * MINUTE, rearms: 1 });
  const cooling = { ...OPEN, until: first.account.until, rearms: 1 };
  const second = park(cooling, 200, 5 * MINUTE, 2_000, "limit");
  assert.deepEqual([second.account.until, second.account.rearms], [1_000 + 10 * MINUTE, 1]);
  const longer = park(cooling, 200, 20 * MINUTE, 2_000, "limit");
  assert.equal(longer.account.until, 2_000 + 20 * MINUTE);
});

test("F4: a probe that meets the limit again arms it again, and after five a person has to look", () => {
  let account = OPEN;
  let now = 0;
  for (let rearms = 1; rearms <= REARMS_MAX; rearms++) {
    const parked = park(account, now, MINUTE, now, "limit");
    assert.deepEqual(
      [parked.account.rearms, parked.hold.kind, parked.hold.until],
      [rearms, "cooldown", now + MINUTE],
    );
    account = { ...account, until: parked.account.until, rearms };
    now += 2 * MINUTE;
  }
  const last = park(account, now, MINUTE, now, "limit");
  assert.deepEqual([last.hold.kind, last.hold.until], ["broken", null]);
  assert.match(last.hold.reason, /6 times in a row/);
  assert.deepEqual(trust(account, now), { believed: account, until: null, rearms: 0 });
  assert.equal(trust(OPEN, now), null);
  assert.equal(trust(account, (account.until ?? 0) - 1), null, "a run from before the reset proves nothing");
});

function lane(more: Partial<LaneFacts> = {}): LaneFacts {
  return {
    ...{ project: "shop", agent: "developer", live: 0, concurrency: 2, allLive: 0, allConcurrency: 3 },
    standings: [],
    routes: [{ via: "developer", account: "max" }],
    accounts: [{ ...OPEN, live: 0, probing: false }],
    wide: [],
    ...more,
  };
}

/** Reason and remedy in one line; nothing where nothing stands in the way. */
function told(facts: LaneFacts): string {
  const why = refusalOf(facts);
  return why === null ? "" : inOneLine(why);
}

test("a project without a concurrency of its own is told to be kept by the machine's, which can be raised", () => {
  const full = { allLive: 3, allConcurrency: 3, live: 3, concurrency: 3 };
  assert.equal(told(lane(full)), "3 of 3 agents are at work; raise limits.concurrency");
  assert.equal(
    told(lane({ ...full, live: 2, concurrency: 2 })),
    "3 of 3 agents are at work, and project shop has 2 of 2; raise limits.concurrency and projects[].concurrency",
  );
  assert.match(told(lane({ ...full, allLive: 2, live: 2, concurrency: 2 })), /^project shop has 2 of 2/);
});

test("F7: every reason for which a claim says nothing has its sentence", () => {
  assert.equal(refusalOf(lane()), null);
  assert.match(told(lane({ live: 2 })), /shop has 2 of 2 agents at work.*projects\[\]\.concurrency/);
  assert.match(told(lane({ allLive: 3 })), /3 of 3 agents are at work.*limits\.concurrency/);
  assert.match(told(lane({ routes: [] })), /developer is not in the configuration/);
  const busy = { ...OPEN, concurrency: 1, live: 1, probing: false };
  assert.match(told(lane({ accounts: [busy] })), /account max has 1 of 1 runs/);
  assert.match(told(lane({ accounts: [{ ...OPEN, live: 1, probing: true }] })), /tried with one run/);
  const until = Date.UTC(2026, 10, 21, 14, 20);
  const cooldown = {
    scope: "account",
    subject: "max",
    kind: "cooldown",
    reason: "5-hour limit",
    remedy: "it opens by itself",
    until,
    since: 0,
  } as const;
  assert.deepEqual(refusalOf(lane({ wide: [cooldown] })), {
    reason: "account max is cooling down until 2026-11-21 14:20:00 UTC: 5-hour limit",
    remedy: "it opens by itself",
  });
  const two = [
    { via: "developer", account: "max" },
    { via: "spare", account: "key" },
  ];
  const accounts = [OPEN, { ...OPEN, name: "key" }].map((account) => ({
    ...account,
    live: 0,
    probing: false,
  }));
  assert.equal(refusalOf(lane({ routes: two, accounts, wide: [cooldown] })), null, "the fallback is open");
  const closed = { ...cooldown, subject: "key", reason: "no credit", remedy: "pay" } as const;
  assert.deepEqual(
    refusalOf(lane({ routes: two, accounts, wide: [{ ...cooldown, remedy: null }, closed] })),
    {
      reason:
        "account max is cooling down until 2026-11-21 14:20:00 UTC: 5-hour limit; account key is cooling down until 2026-11-21 14:20:00 UTC: no credit",
      remedy: "pay",
    },
  );
});

test("F5, F7: a used-up day closes the project until midnight, a used-up project until somebody raises it", () => {
  const day = standing({ scope: "day", used: 18e9 });
  assert.deepEqual(budgetClosure("shop", [day], 777), {
    ...{ scope: "project", subject: "shop", kind: "budget", until: 777 },
    reason: "the day's budget of $20.00 is used up ($18.00 used, a run may take $5.00)",
    remedy: "raise it for today with: chargehand budget raise --project shop --day --usd AMOUNT",
  });
  assert.equal(budgetClosure("shop", [standing({ scope: "project", used: 20e9 })], 777)?.until, null);
  const reserved = standing({ scope: "day", used: 6e9, reserved: 10e9 });
  assert.equal(budgetClosure("shop", [reserved], 777), null, "room will come back by itself");
  assert.match(told(lane({ standings: [reserved] })), /has no room for another run now .*\$10\.00 reserved/);
});

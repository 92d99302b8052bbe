/** Why a claim passes a lane over. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetClosure, type LaneFacts, refusalOf } from "../../../workflow/explain/refusal.ts";
import { inOneLine } from "../../../workflow/why.ts";
import { OPEN, standing } from "../standings.ts";

function lane(more: Partial<LaneFacts> = {}): LaneFacts {
  return {
    ...{ project: "shop", agent: "developer", atWork: 0, concurrency: 2, allAtWork: 0, allConcurrency: 3 },
    standings: [],
    routes: [{ via: "developer", account: "max" }],
    accounts: [{ ...OPEN, atWork: 0, probing: false }],
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
  const full = { allAtWork: 3, allConcurrency: 3, atWork: 3, concurrency: 3 };
  assert.equal(told(lane(full)), "3 of 3 agents are at work; raise limits.concurrency");
  assert.equal(
    told(lane({ ...full, atWork: 2, concurrency: 2 })),
    "3 of 3 agents are at work, and project shop has 2 of 2; raise limits.concurrency and projects[].concurrency",
  );
  assert.match(told(lane({ ...full, allAtWork: 2, atWork: 2, concurrency: 2 })), /^project shop has 2 of 2/);
});

test("F7: every reason for which a claim says nothing has its sentence", () => {
  assert.equal(refusalOf(lane()), null);
  assert.match(told(lane({ atWork: 2 })), /shop has 2 of 2 agents at work.*projects\[\]\.concurrency/);
  assert.match(told(lane({ allAtWork: 3 })), /3 of 3 agents are at work.*limits\.concurrency/);
  assert.match(told(lane({ routes: [] })), /developer is not in the configuration/);
  const busy = { ...OPEN, concurrency: 1, atWork: 1, probing: false };
  assert.match(told(lane({ accounts: [busy] })), /account max has 1 of 1 runs/);
  assert.match(told(lane({ accounts: [{ ...OPEN, atWork: 1, probing: true }] })), /tried with one run/);
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
  const paced = {
    ...cooldown,
    kind: "pace",
    reason: "90% of its week is used",
    remedy: "raise share",
  } as const;
  assert.equal(
    told(lane({ wide: [paced] })),
    "account max keeps its pace: 90% of its week is used; raise share",
  );
  const two = [
    { via: "developer", account: "max" },
    { via: "spare", account: "key" },
  ];
  const accounts = [OPEN, { ...OPEN, name: "key" }].map((account) => ({
    ...account,
    atWork: 0,
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

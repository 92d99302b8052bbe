/** How a limit that was met closes its account, and how the next run opens it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Account } from "../../../workflow/account.ts";
import { type Parked, park, suspect, suspectAgent, trust } from "../../../workflow/decide/cooldown.ts";
import { REARMS_MAX } from "../../../workflow/limits.ts";
import { OPEN } from "../standings.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** What one task's run reports that was claimed at this moment (ms). */
function report(account: Account, task: string, claimedAt: number, waitMs: number, now: number): Parked {
  return park(account, { task, claimedAt }, waitMs, now, "limit");
}

function after({ account: { believed, ...rest } }: Parked): Account {
  return { ...believed, ...rest };
}

test("F4: several runs that meet one limit park the account once, until the reset on which they agree", () => {
  const first = after(report(OPEN, "A", 100, 10 * MINUTE, 1_000));
  assert.deepEqual([first.until, first.rearms, first.confirmations], [1_000 + 10 * MINUTE, 1, 0]);
  const second = after(report(first, "B", 200, 5 * MINUTE, 2_000));
  assert.deepEqual([second.until, second.rearms, second.confirmations], [1_000 + 10 * MINUTE, 1, 1]);
  const longer = after(report(second, "C", 200, 20 * MINUTE, 2_000));
  assert.deepEqual([longer.until, longer.rearms, longer.confirmations], [2_000 + 20 * MINUTE, 1, 1]);
});

test("F4: a limit that two tasks have met lasts as long as the service says", () => {
  const first = after(report(OPEN, "A", 100, 7 * DAY, 1_000));
  assert.equal(first.until, 1_000 + 30 * MINUTE);
  const second = report(first, "B", 200, 7 * DAY, 2_000);
  assert.equal(second.account.until, 1_000 + 7 * DAY, "until the earlier of what both have said");
  assert.equal(second.hold.kind, "cooldown");
});

test("I16: what one task alone reports parks an account for half an hour, doubling to five, and never breaks it", () => {
  let account = OPEN;
  let now = 0;
  const waits = Array.from({ length: 40 }, () => {
    const parked = report(account, "A", now, 8 * DAY, now);
    assert.equal(parked.hold.kind, "cooldown");
    assert.match(parked.hold.reason, /^limit \(so says A alone, so it is tried again before that\)$/);
    account = after(parked);
    const wait = (account.until ?? 0) - now;
    now = account.until ?? 0;
    return wait / MINUTE;
  });
  assert.deepEqual(waits, [30, 60, 120, 240, ...Array.from({ length: 36 }, () => 300)]);
  const unnamed = after(report(after(report(OPEN, "A", 0, 0, 0)), "A", 30 * MINUTE, 0, 30 * MINUTE));
  assert.equal(unnamed.until, 90 * MINUTE, "so it goes with a limit whose reset nobody named");
  assert.equal(after(report(OPEN, "A", 0, 5 * MINUTE, 0)).until, 5 * MINUTE, "an earlier reset is believed");
});

test("I16: whatever one task says among honest reports, it parks the account for five hours, or as long as others say", () => {
  const moves = fc.array(
    fc.record({ isHostile: fc.boolean(), waitMs: fc.nat(8 * DAY), isSame: fc.boolean() }),
  );
  fc.assert(
    fc.property(moves, (said) => {
      let [account, now, honest] = [OPEN, 0, 0];
      for (const { isHostile, waitMs, isSame } of said) {
        const wait = isHostile ? 8 * DAY : Math.min(waitMs, DAY);
        if (!isHostile) honest = Math.max(honest, now + wait);
        account = after(report(account, isHostile ? "evil" : "good", isSame ? now - 1 : now, wait, now));
        assert.ok((account.until ?? 0) <= Math.max(honest, now + 300 * MINUTE));
        if (!isSame) now = account.until ?? now;
      }
    }),
  );
});

test("F4: a probe of another task that meets the limit again arms it again, and after five a person has to look", () => {
  let account = OPEN;
  let now = 0;
  for (let rearms = 1; rearms <= REARMS_MAX; rearms++) {
    const parked = report(account, `T${rearms}`, now, MINUTE, now);
    assert.deepEqual(
      [parked.account.rearms, parked.hold.kind, parked.hold.until],
      [rearms, "cooldown", now + MINUTE],
    );
    account = after(parked);
    now += 2 * MINUTE;
  }
  const last = report(account, "T", now, MINUTE, now);
  assert.deepEqual([last.hold.kind, last.hold.until], ["broken", null]);
  assert.match(last.hold.reason, /6 times in a row/);
  const { account: open } = trust(account, { task: "T", claimedAt: now }, false, now);
  assert.deepEqual(open, {
    ...{ believed: account, until: null, rearms: 0 },
    ...{ reporter: null, namedReset: null, confirmations: 0 },
  });
  const nothing = { account: null, hold: null };
  assert.deepEqual(trust(OPEN, { task: "T", claimedAt: now }, true, now), nothing);
  const before = { task: "T", claimedAt: (account.until ?? 0) - 1 };
  assert.deepEqual(trust(account, before, true, now), nothing, "a run from before the reset proves nothing");
});

test("I16: a success of another task ends what one task alone has said, and nothing that two have", () => {
  const lone = after(report(OPEN, "A", 100, DAY, 1_000));
  const { account, hold } = trust(lone, { task: "B", claimedAt: 50 }, true, 2_000);
  assert.deepEqual([account?.rearms, account?.until, hold?.kind, hold?.until], [0, null, "cooldown", 2_000]);
  const nothing = { account: null, hold: null };
  assert.deepEqual(trust(lone, { task: "A", claimedAt: 50 }, true, 2_000), nothing, "not one of its own");
  assert.deepEqual(trust(lone, { task: "B", claimedAt: 50 }, false, 2_000), nothing, "nor a failure");
  const two = after(report(lone, "B", 200, DAY, 2_000));
  assert.deepEqual(trust(two, { task: "C", claimedAt: 50 }, true, 3_000), nothing);
});

test("I16: a refusal that one task alone reports parks its account like a lone limit, and never closes it", () => {
  let account = OPEN;
  let now = 0;
  const waits = Array.from({ length: 8 }, () => {
    const parked = suspect(account, { task: "A", claimedAt: now }, now, "refused");
    assert.equal(parked.hold.kind, "cooldown");
    assert.equal(parked.hold.reason, "refused (so says A alone, so it is tried again)");
    assert.match(parked.hold.remedy ?? "", /^mend it, then: chargehand cooldown clear max$/);
    account = after(parked);
    const wait = (account.until ?? 0) - now;
    now = account.until ?? 0;
    return wait / MINUTE;
  });
  assert.deepEqual(waits, [30, 60, 120, 240, 300, 300, 300, 300]);
  const { account: open, hold } = trust(account, { task: "B", claimedAt: 1 }, true, now - 1);
  assert.deepEqual([open?.rearms, hold?.kind, hold?.until], [0, "cooldown", now - 1], "another has worked");
});

test("I16: what two tasks say closes an account only where both were refused", () => {
  const refused = (account: Account, task: string): Parked =>
    suspect(account, { task, claimedAt: 50 }, 1_000, "refused");
  const closed = refused(after(refused(OPEN, "A")), "B");
  assert.deepEqual([closed.hold.kind, closed.hold.until, closed.hold.reason], ["broken", null, "refused"]);
  const limit = after(report(OPEN, "A", 50, DAY, 1_000));
  assert.equal(refused(limit, "B").hold.kind, "cooldown", "a limit confirms no refusal");
  const both = report(after(refused(OPEN, "A")), "B", 50, 7 * DAY, 1_000).account;
  assert.deepEqual([both.until, both.confirmations], [1_000 + 30 * MINUTE, 0], "nor a refusal a limit");
  const long = after(report(limit, "C", 50, DAY, 1_000));
  assert.equal(
    refused(long, "B").hold.until,
    1_000 + DAY,
    "nor does it open what others have closed for longer",
  );
});

test("I16: a model that one task alone calls unavailable closes its profile for half an hour", () => {
  const hold = suspectAgent("developer", { task: "A", claimedAt: 0 }, 1_000, "no such model");
  assert.deepEqual([hold.scope, hold.subject, hold.until], ["agent", "developer", 1_000 + 30 * MINUTE]);
  assert.match(hold.remedy ?? "", /clear agent:developer$/);
});

/** How a limit that was met closes its account, and how the next run opens it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { park, trust } from "../../../workflow/decide/cooldown.ts";
import { REARMS_MAX } from "../../../workflow/limits.ts";
import { OPEN } from "../standings.ts";

const MINUTE = 60_000;

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

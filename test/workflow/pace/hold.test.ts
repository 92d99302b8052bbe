/** What holds an account by its pace: reason, remedy, and the instant at which time alone ends it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { paceHold, percent } from "../../../workflow/pace/hold.ts";
import { type PaceSetting, type PaceStanding, paceOf } from "../../../workflow/pace/pace.ts";

const DAY = 86_400_000;
const MONDAY = Date.UTC(2027, 2, 1);
const NOW = MONDAY + 3.5 * DAY;
const WEEK: PaceSetting = { account: "max", per: "week", share: 0.6, reserve: 0.2, capacity: null };
const reported = (used: number, others = used, setting = WEEK): PaceStanding => {
  const resetsAt = setting.per === "5h" ? NOW + 3_600_000 : MONDAY + 7 * DAY;
  const latest = { task: "SHOP-1", used, resetsAt, at: NOW };
  const other = { ...latest, task: "SHOP-2", used: others };
  return paceOf(setting, { account: "max", per: setting.per, latest, other }, null, NOW);
};

test("what is ahead of its line waits until the line comes to it", () => {
  const hold = paceHold("max", [reported(0.3)]);
  assert.deepEqual(hold, {
    ...{ scope: "account", subject: "max", kind: "pace", until: hold?.until },
    reason:
      "30% of its week is used, as its program reports; at its pace nothing starts until Fri 2027-03-05 00:36 (UTC)",
    remedy:
      "raise share, or lower reserve, under pace in the configuration; if the report is wrong, forget it with: chargehand cooldown clear max",
  });
  assert.equal(paceHold("max", [reported(0.2)]), null);
  assert.equal(paceHold("max", []), null);
});

test("what is used up waits for the period to begin anew, and one task's word is told as such", () => {
  const spent = paceHold("max", [reported(0.6)]);
  assert.equal(spent?.until, MONDAY + 7 * DAY);
  assert.match(
    spent?.reason ?? "",
    /48% is all that its pace allows; it begins anew Mon 2027-03-08 00:00 \(UTC\)$/,
  );
  const lone = paceHold("max", [reported(1, 0)]);
  assert.match(
    lone?.reason ?? "",
    /; one task alone says so, and it is tried again Thu 2027-03-04 12:30 \(UTC\)$/,
  );
});

test("of several paces of an account the one that lasts longest is told", () => {
  const hours = reported(1, 1, { ...WEEK, per: "5h" });
  const hold = paceHold("max", [hours, reported(0.9), hours]);
  assert.equal(hold?.until, MONDAY + 7 * DAY);
  assert.match(paceHold("max", [hours, reported(0.1)])?.reason ?? "", /^100% of its 5 hours is used/);
});

test("what is counted is told as ours, and nothing can be forgotten", () => {
  const setting: PaceSetting = { ...WEEK, capacity: { unit: "runs", amount: 10 } };
  const hold = paceHold("max", [paceOf(setting, undefined, { runs: 3, nanos: 0, tokens: 0 }, NOW)]);
  assert.match(hold?.reason ?? "", /^30% of its week is used, by what our runs have used; /);
  assert.equal(hold?.remedy, "raise share, or lower reserve, under pace in the configuration");
});

test("a part is told in percent, rounded down, so that what is not used up is not called so", () => {
  assert.deepEqual([0, 0.4799, 0.289, 0.9999, 1, 1.2].map(percent), [
    "0%",
    "47.9%",
    "28.9%",
    "99.9%",
    "100%",
    "120%",
  ]);
});

/** How an account's pace stands: by what was reported, whoever said so, or by what our own runs have used. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { LONE_LIMIT_MS } from "../../../workflow/limits.ts";
import { paceHold } from "../../../workflow/pace/hold.ts";
import { type PaceReport, type PaceSetting, paceOf } from "../../../workflow/pace/pace.ts";

const DAY = 86_400_000;
/** A Monday, midnight UTC. */
const MONDAY = Date.UTC(2027, 2, 1);
const NOW = MONDAY + 3.5 * DAY;
const SETTING: PaceSetting = { account: "max", per: "week", share: 0.6, reserve: 0.2, capacity: null };
const report = (task: string, used: number, more: Partial<PaceReport> = {}): PaceReport => ({
  ...{ task, used, resetsAt: MONDAY + 7 * DAY, at: NOW },
  ...more,
});
const standing = (latest: PaceReport, other: PaceReport | null = null, now = NOW) =>
  paceOf(SETTING, { account: "max", per: "week", latest, other }, null, now);

test("of nothing known something may start", () => {
  const unknown = paceOf(SETTING, undefined, null, NOW);
  assert.deepEqual([unknown.source, unknown.mayStart], ["unknown", true]);
  assert.equal(Math.round(unknown.ceiling * 100), 48);
});

test("I16: one task's word keeps an account waiting for half an hour, two tasks' as far as both go", () => {
  const lone = standing(report("SHOP-1", 1));
  assert.deepEqual([lone.opensAt, lone.isLone], [NOW + LONE_LIMIT_MS, true]);
  assert.equal(standing(report("SHOP-1", 1), null, NOW + LONE_LIMIT_MS).mayStart, true);
  assert.equal(standing(report("SHOP-1", 1), report("SHOP-2", 0.9)).opensAt, MONDAY + 7 * DAY);
  assert.equal(standing(report("SHOP-1", 1), report("SHOP-2", 0.1)).opensAt, NOW + LONE_LIMIT_MS);
});

test("I16: for half an hour no task takes back what another has said, be it by a lower word or by one of no period", () => {
  const honest = report("SHOP-1", 1);
  for (const liar of [report("SHOP-2", 0), report("SHOP-2", 0, { resetsAt: NOW + 90 * DAY })]) {
    const told = standing(liar, honest);
    assert.deepEqual([told.opensAt, told.used, told.isLone], [NOW + LONE_LIMIT_MS, 1, true]);
  }
  const later = NOW + LONE_LIMIT_MS;
  assert.equal(standing(report("SHOP-2", 0), honest, later).mayStart, true);
  assert.equal(standing(report("SHOP-2", 0), honest, later).used, 0);
  assert.equal(standing(report("SHOP-2", 0.9), honest, later).opensAt, MONDAY + 7 * DAY, "both say so");
});

test("reports of a period that is over, or can be none, are as good as none", () => {
  assert.equal(standing(report("SHOP-1", 1, { resetsAt: NOW })).source, "unknown");
  assert.equal(standing(report("SHOP-1", 1, { resetsAt: NOW + 8 * DAY })).source, "unknown");
});

test("without a report it counts what our own runs have used of the capacity", () => {
  const setting: PaceSetting = { ...SETTING, capacity: { unit: "runs", amount: 10 } };
  const counted = (runs: number) => paceOf(setting, undefined, { runs, nanos: 0, tokens: 0 }, NOW);
  assert.deepEqual([counted(2).source, counted(2).mayStart, counted(3).mayStart], ["counted", true, false]);
  assert.equal(counted(5).opensAt, MONDAY + 7 * DAY);
});

test("the hold tells what is used and when time alone ends it; what may start has none", () => {
  const hold = paceHold("max", [standing(report("SHOP-1", 0.9), report("SHOP-2", 0.8))]);
  assert.equal(hold?.until, MONDAY + 7 * DAY);
  assert.match(hold?.reason ?? "", /^90% of its week is used, as its program reports, and 48% is all/);
  assert.equal(paceHold("max", [standing(report("SHOP-1", 0.1))]), null);
});

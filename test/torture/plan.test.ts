/** The plan of the torture: one seed, one plan; and every kind of fault comes. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { planCycle } from "./plan.ts";

test("the same seed and cycle plan the same deliveries, agents and faults, and another seed plans others", () => {
  assert.deepEqual(planCycle(5, 17), planCycle(5, 17));
  assert.notDeepEqual(planCycle(5, 17), planCycle(6, 17));
  assert.notDeepEqual(planCycle(5, 17), planCycle(5, 18));
});

test("25 cycles meet every kind of fault, and no two of their orders share an issue", () => {
  const plans = Array.from({ length: 25 }, (_, cycle) => planCycle(7, cycle));
  const kinds = new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  assert.equal(kinds.size, 17);
  const issues = plans.flatMap(({ orders }) => orders.map(({ issue }) => issue));
  assert.equal(new Set(issues).size, issues.length);
});

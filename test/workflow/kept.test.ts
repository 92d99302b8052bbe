/** How long kept work is kept, and how a person has it published. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { howToPublish, keptAfterTelling, keptTerm } from "../../workflow/kept.ts";

const DAY = 86_400_000;

test("I15: a task is told three days before its work goes, or half-way where it is kept for less than six", () => {
  assert.deepEqual(keptTerm(5, 30 * DAY), { until: 5 + 30 * DAY, tellAt: 5 + 27 * DAY });
  assert.deepEqual(keptTerm(5, DAY), { until: 5 + DAY, tellAt: 5 + DAY / 2 });
});

test("I15: whoever is told late has as long as everybody else", () => {
  const term = keptTerm(0, 30 * DAY);
  assert.equal(keptAfterTelling(term, 27 * DAY), 30 * DAY);
  assert.equal(keptAfterTelling(term, 400 * DAY), 403 * DAY);
});

test("I13: a name is quoted where a shell would obey it", () => {
  const told = (name: string): string => howToPublish({ task: "SHOP-1", name }, true);
  assert.equal(howToPublish({ task: "SHOP-1", name: "ci" }, false), "chargehand kept publish SHOP-1");
  assert.equal(told("a/b-c.1"), "chargehand kept publish SHOP-1 --name a/b-c.1");
  assert.equal(told("$(id)'"), "chargehand kept publish SHOP-1 --name '$(id)'\\'''");
});

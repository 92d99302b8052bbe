/** Amounts of budgets, as people read them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { exactly } from "../../cli/amount.ts";

test("an amount is as exact as it was counted, in its unit", () => {
  assert.deepEqual(
    [exactly("usd", 4.2), exactly("usd", 0.000_1), exactly("tokens", 1_234_567), exactly("runs", 1)],
    ["$4.20", "$0.0001", "1,234,567 tokens", "1 run"],
  );
});

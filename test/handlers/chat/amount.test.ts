/** Amounts and spans as people write them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { amountIn, spanIn } from "../../../handlers/chat/amount.ts";

test("an amount has a unit, and is money where it names none", () => {
  const money = { unit: "usd", isOfDay: false } as const;
  for (const text of ["5", "$5", "5 usd", "5$", "5 dollars", " 5.00 "])
    assert.deepEqual(amountIn(text), { ...money, amount: 5 }, text);
  assert.deepEqual(amountIn("1.5m tokens"), { unit: "tokens", amount: 1_500_000, isOfDay: false });
  assert.deepEqual(amountIn("1 run today"), { unit: "runs", amount: 1, isOfDay: true });
  for (const text of ["", "0", "-1", "$", "5 apples", "1e9", "$3 runs", "0.5 runs", "٣", "5 5"])
    assert.equal(amountIn(text), null, text);
});

test("a span is that of its parts, and never nothing", () => {
  fc.assert(
    fc.property(fc.nat(99), fc.nat(99), fc.nat(99), (days, hours, minutes) => {
      const ms = ((days * 24 + hours) * 60 + minutes) * 60_000;
      assert.equal(spanIn(`${days}d${hours}h${minutes}m`), ms === 0 ? null : ms);
    }),
  );
  for (const text of ["", "h", "2", "2h1d", "forever", "1.5h"]) assert.equal(spanIn(text), null, text);
});

/** Sums of money as words: exact, with cents. */

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { money } from "../../workflow/money.ts";

test("money has cents, and what is below them as it was counted", () => {
  const told: readonly (readonly [nanos: number, words: string])[] = [
    [0, "$0.00"],
    [20_000_000_000, "$20.00"],
    [500_000_000, "$0.50"],
    [1_687_000, "$0.001687"],
    [1, "$0.000000001"],
    [-1_230_000_000, "-$1.23"],
    [8_000_000_000_000_000, "$8000000.00"],
  ];
  for (const [nanos, words] of told) assert.equal(money(nanos), words);
});

test("I8: parts that are shown add up to the sum that is shown", () => {
  const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
  const read = (words: string): bigint => {
    const [whole = "", part = ""] = words.slice(1).split(".");
    return BigInt(whole + part.padEnd(9, "0"));
  };
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 9 }), (parts) => {
      const sum = parts.reduce((total, part) => total + part, 0);
      const shown = parts.reduce((total, part) => total + read(money(part)), 0n);
      assert.equal(read(money(sum)), shown);
    }),
  );
});

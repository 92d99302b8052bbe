/** Figures as people read them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { amount, cents, span, tellUsed, usedBy } from "../../../notifier/cards/figures.ts";
import { run, usage } from "./scenes.ts";

test("what was used counts all but reads from the cache, and money only where all of it is known", () => {
  const one = run({ usage: [usage({ inputTokens: 1, outputTokens: 2, cacheCreationTokens: 4 })] });
  assert.deepEqual(usedBy([one, one]), { tokens: 14, nanos: 840_000_000 });
  assert.deepEqual(usedBy([one, run({ usage: [usage({ costNanos: null })] })]).nanos, null);
  assert.deepEqual(usedBy([]), { tokens: 0, nanos: 0 });
  assert.deepEqual(tellUsed({ tokens: 12_300, nanos: 420_000_000 }), ["12.3k tok", "$0.42"]);
  assert.deepEqual(tellUsed({ tokens: 12, nanos: null }), ["12 tok"]);
  assert.deepEqual(tellUsed({ tokens: 0, nanos: 0 }), []);
});

test("money is told to the cent, and of less than one cent that it is less", () => {
  assert.equal(cents(1_204_999_999), "$1.20");
  assert.equal(cents(1_205_000_000), "$1.21");
  assert.equal(cents(1_000_000), "under $0.01");
});

test("amounts of tokens are short, and never round to a thousand thousands", () => {
  assert.deepEqual([999, 1_000, 999_949, 999_950, 12_345_678].map(amount), [
    ...["999", "1.0k", "999.9k", "1.0M"],
    "12.3M",
  ]);
});

test("spans are told in two units, and a minute is never sixty seconds", () => {
  const minute = 60_000;
  const told: readonly [ms: number, as: string][] = [
    [-5, "0s"],
    [8_400, "8s"],
    [59_600, "1m"],
    [12 * minute + 5_000, "12m 5s"],
    [60 * minute - 1, "1h"],
    [182 * minute, "3h 2m"],
    [50 * 60 * minute, "50h"],
  ];
  for (const [ms, as] of told) assert.equal(span(ms), as);
});

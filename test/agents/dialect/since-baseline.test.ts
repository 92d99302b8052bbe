/** What one run has used of a session's total. */

import assert from "node:assert/strict";
import test from "node:test";
import { type Figures, sinceBaseline } from "../../../agents/dialect/since-baseline.ts";
import type { Usage } from "../../../workflow/run.ts";

const TOTAL: Figures = {
  ...{ model: "m", inputTokens: 100, outputTokens: 40, cacheReadTokens: 20, cacheCreationTokens: 5 },
  reasoningTokens: 10,
};

function earlier(more: Partial<Usage>): Usage {
  return { ...TOTAL, costNanos: null, costSource: "unpriced", ...more };
}

test("I8: of a total counts what earlier runs have not used, whatever their models were", () => {
  const before = [
    earlier({
      inputTokens: 30,
      outputTokens: 10,
      cacheReadTokens: 20,
      cacheCreationTokens: 0,
      reasoningTokens: 4,
    }),
    earlier({
      model: "n",
      inputTokens: 20,
      outputTokens: 5,
      cacheReadTokens: 0,
      cacheCreationTokens: 5,
      reasoningTokens: 0,
    }),
  ];
  const { inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens } = sinceBaseline(
    TOTAL,
    before,
  );
  assert.deepEqual(
    [inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens],
    [50, 25, 0, 0, 6],
  );
});

test("A total that is less than what was used before began anew, and counts as it is", () => {
  assert.equal(sinceBaseline(TOTAL, [earlier({ inputTokens: 1_000 })]).inputTokens, 100);
  assert.equal(sinceBaseline(TOTAL, [earlier({ outputTokens: 41 })]).outputTokens, 40);
});

test("Without earlier runs all of it is this run's", () => {
  assert.equal(sinceBaseline(TOTAL, []).inputTokens, 100);
});

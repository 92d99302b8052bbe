/** Sums of usage rows: one row per model, and a sum is only as well known as its worst part. */

import type { CostSource, Usage } from "../workflow/model.ts";

/** Rows with `more` counted in; rows in which nothing was used are left out. */
export function addUsage(rows: readonly Usage[], more: readonly Usage[]): readonly Usage[] {
  let sum = rows;
  for (const row of more) {
    if (!isUsed(row)) continue;
    const known = sum.find(({ model }) => model === row.model);
    sum = known === undefined ? [...sum, row] : sum.map((old) => (old === known ? plus(old, row) : old));
  }
  return sum;
}

/** Everything that went into the model, cached or not. */
export function allInput(row: Usage): number {
  return row.inputTokens + row.cacheReadTokens + row.cacheCreationTokens;
}

function isUsed(row: Usage): boolean {
  return allInput(row) + row.outputTokens + (row.costNanos ?? 0) > 0;
}

function plus(a: Usage, b: Usage): Usage {
  return {
    model: a.model,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheCreationTokens: a.cacheCreationTokens + b.cacheCreationTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    // Half a price is no price: a sum with an unpriced part is unpriced, never too small.
    costNanos: a.costNanos === null || b.costNanos === null ? null : a.costNanos + b.costNanos,
    costSource: CERTAINTY[a.costSource] <= CERTAINTY[b.costSource] ? a.costSource : b.costSource,
  };
}

const CERTAINTY: Readonly<Record<CostSource, number>> = { unknown: 0, unpriced: 1, priced: 2, agent: 3 };

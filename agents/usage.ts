/**
 * Sums of usage rows: one row per model, and a sum is only as well known as its worst part.
 *
 * U1. Every row that comes out is within bounds, whatever went in: what is stored must add up over any number of runs
 *     without leaving the numbers that are exact.
 * U2. So is their number: beyond it models are summed up under one name, and no token of them is lost.
 */

import { COST_NANOS_MAX, MODELS_MAX, TOKENS_MAX } from "../workflow/limits.ts";
import type { CostSource, Usage } from "../workflow/run.ts";
import { nameOf } from "./dialect/fields.ts";

/** Where models are summed up that are too many (U2). It has no price, unless all of them have one. */
export const OTHER_MODELS = "other";

/** Rows with `more` counted in; rows in which nothing was used are left out. */
export function addUsage(rows: readonly Usage[], more: readonly Usage[]): readonly Usage[] {
  const sum = new Map<string, Usage>();
  for (const row of rows) count(sum, row);
  for (const row of more) if (isUsed(row)) count(sum, row);
  return [...sum.values()];
}

function count(sum: Map<string, Usage>, row: Usage): void {
  const name = nameOf(row.model);
  // One place is kept for the others.
  const hasRoom = sum.has(name) || sum.size < MODELS_MAX - (sum.has(OTHER_MODELS) ? 0 : 1);
  const model = hasRoom ? name : OTHER_MODELS;
  const known = sum.get(model);
  sum.set(model, bounded(known === undefined ? { ...row, model } : plus(known, row)));
}

/**
 * What `rows` have more than `less`, per model; never less than nothing. For programs that tell totals of a session.
 */
export function subtractUsage(rows: readonly Usage[], less: readonly Usage[]): readonly Usage[] {
  return rows
    .map((row) =>
      minus(
        row,
        less.find(({ model }) => model === row.model),
      ),
    )
    .filter(isUsed);
}

/** Everything that went into the model, cached or not. */
export function allInput(row: Usage): number {
  return row.inputTokens + row.cacheReadTokens + row.cacheCreationTokens;
}

/** Over all models: what knows of more input has seen more. */
export function totalInput(rows: readonly Usage[]): number {
  return rows.reduce((sum, row) => sum + allInput(row), 0);
}

function isUsed(row: Usage): boolean {
  return allInput(row) + row.outputTokens + (row.costNanos ?? 0) > 0;
}

/** Tokens stop at their limit. A cost beyond its own is none: it would be too small, or too large to be true. */
function bounded(row: Usage): Usage {
  const { costNanos } = row;
  const isPriced = costNanos === null || (Number.isSafeInteger(costNanos) && costNanos <= COST_NANOS_MAX);
  return {
    model: row.model,
    inputTokens: Math.min(TOKENS_MAX, row.inputTokens),
    outputTokens: Math.min(TOKENS_MAX, row.outputTokens),
    cacheReadTokens: Math.min(TOKENS_MAX, row.cacheReadTokens),
    cacheCreationTokens: Math.min(TOKENS_MAX, row.cacheCreationTokens),
    reasoningTokens: Math.min(TOKENS_MAX, row.reasoningTokens),
    costNanos: isPriced ? costNanos : null,
    costSource: isPriced ? row.costSource : "unpriced",
  };
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

function minus(row: Usage, less: Usage | undefined): Usage {
  if (less === undefined) return row;
  const over = (pick: (usage: Usage) => number): number => Math.max(0, pick(row) - pick(less));
  return {
    ...row,
    inputTokens: over((usage) => usage.inputTokens),
    outputTokens: over((usage) => usage.outputTokens),
    cacheReadTokens: over((usage) => usage.cacheReadTokens),
    cacheCreationTokens: over((usage) => usage.cacheCreationTokens),
    reasoningTokens: over((usage) => usage.reasoningTokens),
    costNanos:
      row.costNanos === null || less.costNanos === null ? null : Math.max(0, row.costNanos - less.costNanos),
    costSource: CERTAINTY[row.costSource] <= CERTAINTY[less.costSource] ? row.costSource : less.costSource,
  };
}

const CERTAINTY: Readonly<Record<CostSource, number>> = { unknown: 0, unpriced: 1, priced: 2, agent: 3 };

/**
 * What one run has used, for programs that tell the total of the whole session: the total less what earlier runs used.
 *
 * Nothing is ever less than nothing. A total that is smaller than what was used before belongs to a session that was
 * compacted or forked and began to count anew; it is taken as it is.
 */

import type { Usage } from "../../workflow/run.ts";
import { price } from "../prices/prices.ts";
import { allInput } from "../usage.ts";

export type Figures = Omit<Usage, "costNanos" | "costSource">;

/** @param before what earlier runs have used, of all models that are in the total */
export function sinceBaseline(total: Figures, before: readonly Usage[]): Usage {
  const sum = (pick: (row: Figures) => number): number => before.reduce((all, row) => all + pick(row), 0);
  const counted = before.reduce((all, row) => all + allInput(row), 0);
  const input = total.inputTokens + total.cacheReadTokens + total.cacheCreationTokens;
  const isAnew = input < counted || total.outputTokens < sum((row) => row.outputTokens);
  const less = (pick: (row: Figures) => number): number =>
    isAnew ? pick(total) : Math.max(0, pick(total) - sum(pick));
  const rest = {
    model: total.model,
    inputTokens: less((row) => row.inputTokens),
    outputTokens: less((row) => row.outputTokens),
    cacheReadTokens: less((row) => row.cacheReadTokens),
    cacheCreationTokens: less((row) => row.cacheCreationTokens),
    reasoningTokens: less((row) => row.reasoningTokens),
  };
  return { ...rest, ...price(rest, "run") };
}

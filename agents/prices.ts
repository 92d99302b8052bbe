/**
 * What tokens cost, from the shipped list (`prices.json`, with its date). Used where the agent program names no price.
 *
 * P1. A model that is not in the list is `unpriced`, never free, and never priced like a similar one.
 * P2. Long-context tiers depend on the input of ONE call. A single call is priced exactly. Of a run's total nobody can
 *     tell how it was spread over calls: up to the tier's threshold the base price is exact, above it the base price
 *     is what the run cost at least. Dialects that see single calls therefore price calls.
 * P3. Where a price for a kind of token is missing and there are such tokens, the whole is `unpriced`.
 */

import type { CostSource, Usage } from "../workflow/model.ts";
import list from "./prices.json" with { type: "json" };

/** Day of the list, as `YYYY-MM-DD`. */
export const PRICES_AS_OF: string = list.asOf;

export interface Tokens {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
  /** The part of `cacheCreationTokens` that was written for an hour; the rest was written for five minutes. */
  readonly cacheCreation1hTokens?: number;
}

export type Price = Pick<Usage, "costNanos" | "costSource">;

/** US dollars per million tokens. */
interface Rates {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

interface ModelPrice extends Rates {
  readonly tiers?: readonly (Rates & { readonly inputTokensAbove: number })[];
}

const MODELS: ReadonlyMap<string, ModelPrice> = new Map<string, ModelPrice>(Object.entries(list.models));

const UNPRICED: Price = { costNanos: null, costSource: "unpriced" };

/**
 * Prices tokens in nano-dollars.
 *
 * @param scope `call` when the tokens are those of one API call, `run` when they are a total of several (P2).
 */
export function price(tokens: Tokens, scope: "call" | "run"): Price {
  const model = MODELS.get(tokens.model) ?? MODELS.get(tokens.model.replace(DATE_SUFFIX, ""));
  if (model === undefined) return UNPRICED;
  const rates = scope === "call" ? ratesOfCall(model, tokens) : model;
  const longWrites = Math.min(tokens.cacheCreation1hTokens ?? 0, tokens.cacheCreationTokens);
  const parts: readonly (readonly [number, number | undefined])[] = [
    [tokens.inputTokens, rates.input],
    [tokens.outputTokens, rates.output],
    [tokens.cacheReadTokens, rates.cacheRead],
    [tokens.cacheCreationTokens - longWrites, rates.cacheWrite5m],
    [longWrites, rates.cacheWrite1h],
  ];
  let nanos = 0;
  for (const [count, dollarsPerMillion] of parts) {
    if (count === 0) continue;
    if (dollarsPerMillion === undefined) return UNPRICED;
    nanos += count * dollarsPerMillion * 1_000;
  }
  const source: CostSource = "priced";
  return { costNanos: Math.round(nanos), costSource: source };
}

/** `-20251001`, `@20251001` or `-2025-10-01` at the end of a model id. */
const DATE_SUFFIX = /[-@]20\d{2}-?\d{2}-?\d{2}$/;

function ratesOfCall(model: ModelPrice, call: Tokens): Rates {
  const input = call.inputTokens + call.cacheReadTokens + call.cacheCreationTokens;
  // The list is ascending, so the last tier that the call has passed applies to the whole of it.
  return model.tiers?.findLast(({ inputTokensAbove }) => input > inputTokensAbove) ?? model;
}

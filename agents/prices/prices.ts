/**
 * What tokens cost, where the agent program names no price, or the configuration a better one.
 *
 * P1. A model that is in no list is `unpriced`, never free, and never priced like a similar one.
 * P2. Long-context tiers depend on the input of ONE call. A single call is priced exactly. Of a run's total nobody can
 *     tell how it was spread over calls: up to the tier's threshold the base price is exact, above it the base price
 *     is what the run cost at least. Dialects that see single calls therefore price calls.
 * P3. Where a price for a kind of token is missing and there are such tokens, the whole is `unpriced`.
 * P4. The configuration wins over everybody. Of the lists ours (`prices.json`) wins over the vendors'
 *     (`prices-vendors.json`, written by `scripts/prices.ts` out of a maintained package): it is short, and holds only
 *     what that one lacks, and what was seen to be charged otherwise.
 */

import { COST_NANOS_MAX } from "../../workflow/limits.ts";
import type { CostSource, Usage } from "../../workflow/run.ts";
import type { NewTurns } from "../../workflow/turn.ts";
import { addUsage } from "../usage.ts";
import own from "./own.json" with { type: "json" };
import vendors from "./vendors.json" with { type: "json" };

/** Days of the two lists, as `YYYY-MM-DD`. */
export const PRICES_AS_OF: { readonly own: string; readonly vendors: string } = {
  own: own.asOf,
  vendors: vendors.asOf,
};

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
  /** In ascending order. */
  readonly tiers?: readonly (Rates & { readonly inputTokensAbove: number })[];
}

/** P4. */
const MODELS: ReadonlyMap<string, ModelPrice> = new Map<string, ModelPrice>([
  ...Object.entries(vendors.models),
  ...Object.entries(own.models),
]);

const UNPRICED: Price = { costNanos: null, costSource: "unpriced" };

/**
 * Prices tokens in nano-dollars.
 *
 * @param scope `call` when the tokens are those of one API call, `run` when they are a total of several (P2).
 */
export function price(tokens: Tokens, scope: "call" | "run"): Price {
  const model = find(MODELS, tokens.model);
  if (model === undefined) return UNPRICED;
  const rates = scope === "call" ? ratesOfCall(model, tokens) : model;
  return priceAt(rates, tokens);
}

/** The name by which a list has this model; `null` where none has it. */
export function knownModel(id: string): string | null {
  const plain = id.replace(DATE_SUFFIX, "");
  return MODELS.has(id) ? id : MODELS.has(plain) ? plain : null;
}

/** Prices of the configuration, by model: US dollars per million tokens. */
export type PriceOverrides = ReadonlyMap<
  string,
  Required<Pick<Rates, "input" | "output" | "cacheRead">> & { readonly cacheWrite: number }
>;

/**
 * Usage as it is stored: within bounds, and with the configured prices in place of any other. What the configuration
 * does not name stays as it is.
 */
export function reprice(usage: readonly Usage[], overrides: PriceOverrides): readonly Usage[] {
  return addUsage([], usage).map((row) => {
    const rates = find(overrides, row.model);
    return rates === undefined
      ? row
      : { ...row, ...priceAt({ ...rates, cacheWrite5m: rates.cacheWrite }, row) };
  });
}

/** The same for turns, each a call of its own. */
export function repriceTurns(told: NewTurns, overrides: PriceOverrides): NewTurns {
  if (overrides.size === 0) return told;
  const turns = told.turns.map((turn) => ({
    ...turn,
    usage: reprice([turn.usage], overrides)[0] ?? turn.usage,
  }));
  return { ...told, turns };
}

/** By its exact id, or by that without its date. */
function find<T>(models: ReadonlyMap<string, T>, id: string): T | undefined {
  return models.get(id) ?? models.get(id.replace(DATE_SUFFIX, ""));
}

/** `-20251001`, `@20251001` or `-2025-10-01` at the end of a model id. */
const DATE_SUFFIX = /[-@]20\d{2}-?\d{2}-?\d{2}$/;

function ratesOfCall(model: ModelPrice, call: Tokens): Rates {
  const input = call.inputTokens + call.cacheReadTokens + call.cacheCreationTokens;
  // The last tier that the call has passed applies to the whole of it.
  return model.tiers?.findLast(({ inputTokensAbove }) => input > inputTokensAbove) ?? model;
}

/** P3. More than anything costs is no price either: it comes from a figure that is none. */
function priceAt(rates: Rates, tokens: Omit<Tokens, "model">): Price {
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
  const costNanos = Math.round(nanos);
  const source: CostSource = "priced";
  return costNanos <= COST_NANOS_MAX ? { costNanos, costSource: source } : UNPRICED;
}

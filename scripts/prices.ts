/**
 * `npm run prices`: writes `agents/prices/vendors.json` from the package `@pydantic/genai-prices`, which is maintained
 * by others. The package is for this script only: loading it would cost a running daemon 21 MB.
 *
 * Taken are the vendors' own models, by their exact ids: the package also matches by patterns, and would price
 * `claude-sonnet-5-5` like `claude-sonnet-5`. Taken are the prices that hold today; one that changes at a known date
 * changes with the next release, or in the configuration. What is not sold by the token, or at a price that depends on
 * the hour, is left out.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { findProvider, type ModelInfo, type ModelPrice, TieredPrices } from "@pydantic/genai-prices";

/** The first that has an id keeps it: others resell. */
const VENDORS = [
  "anthropic",
  "openai",
  "google",
  "mistral",
  "deepseek",
  "x-ai",
  "moonshotai",
  "zai",
  "minimax",
];
/** Other things than conversations, and patterns in place of ids. */
const LEFT_OUT =
  /embed|moderation|whisper|transcribe|tts|audio|realtime|image|live|robotics|^ft:|-$|:|^(google\/|publishers\/)/;

const KEYS = {
  input: "input_mtok",
  output: "output_mtok",
  cacheRead: "cache_read_mtok",
  cacheWrite5m: "cache_write_mtok",
  cacheWrite1h: "cache_write_1h_mtok",
} as const;
type Key = keyof typeof KEYS;
type Rates = Partial<Record<Key, number>>;
type Entry = Rates & { tiers?: (Rates & { inputTokensAbove: number })[] };

const TARGET = new URL("../agents/prices/vendors.json", import.meta.url);

/** @param day the day whose prices are taken, as `YYYY-MM-DD` */
export function vendorPrices(day: string): string {
  const models = new Map<string, Entry>();
  for (const vendor of VENDORS) {
    for (const model of findProvider({ providerId: vendor })?.models ?? []) {
      const isResold = vendor === "google" && model.id.startsWith("claude");
      if (models.has(model.id) || isResold || LEFT_OUT.test(model.id)) continue;
      const entry = entryOf(pricesOn(model, day));
      if (entry !== null) models.set(model.id, entry);
    }
  }
  const sorted = [...models].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.map(([id, entry]) => `    ${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
  return [
    "{",
    '  "unit": "USD per 1,000,000 tokens",',
    `  "asOf": "${day}",`,
    `  "source": "@pydantic/genai-prices ${packageVersion()} (MIT), by scripts/prices.ts",`,
    '  "models": {',
    lines.join(",\n"),
    "  }",
    "}",
    "",
  ].join("\n");
}

/** Of prices with a beginning the newest that has begun. A model whose price depends on the hour has no list price. */
function pricesOn({ prices }: ModelInfo, day: string): ModelPrice {
  if (!Array.isArray(prices)) return prices;
  if (prices.some(({ constraint }) => constraint?.type === "time_of_date")) return {};
  const begun = prices.filter(
    ({ constraint }) =>
      constraint === undefined || (constraint.type === "start_date" && constraint.start_date <= day),
  );
  return begun.at(-1)?.prices ?? {};
}

function entryOf(prices: ModelPrice): Entry | null {
  const base = ratesOf(prices, 0);
  if (base.input === undefined || base.output === undefined) return null;
  const starts = Object.values(prices).flatMap((price) =>
    price instanceof TieredPrices || typeof price === "object" ? price.tiers.map(({ start }) => start) : [],
  );
  const tiers = [...new Set(starts)]
    .toSorted((a, b) => a - b)
    .map((start) => ({ inputTokensAbove: start, ...ratesOf(prices, start) }));
  return tiers.length === 0 ? base : { ...base, tiers };
}

/** The rates of a call whose input is just above `start`. A price of 0 is none: nothing is free by the token. */
function ratesOf(prices: ModelPrice, start: number): Rates {
  const rates: Rates = {};
  for (const key of ["input", "output", "cacheRead", "cacheWrite5m", "cacheWrite1h"] as const) {
    const price = prices[KEYS[key]];
    const rate =
      typeof price === "object"
        ? (price.tiers.findLast((tier) => tier.start <= start)?.price ?? price.base)
        : price;
    if (rate !== undefined && rate > 0) rates[key] = rate;
  }
  return rates;
}

function packageVersion(): string {
  const manifest = new URL("../node_modules/@pydantic/genai-prices/package.json", import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return version;
}

if (import.meta.main) {
  writeFileSync(TARGET, vendorPrices(new Date().toISOString().slice(0, 10)));
}

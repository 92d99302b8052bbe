/** What models cost, where the built-in list is wrong or silent. */

import { z } from "zod";
import { type ConfigPart, keys } from "../../../system/config/part.ts";
import { text } from "../../../system/config/values.ts";

/** US dollars per million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const dollars = z.number().nonnegative().max(1_000_000);

const price = z
  .strictObject({
    input: dollars,
    output: dollars,
    cache_read: dollars.optional().describe("default: as input"),
    cache_write: dollars.optional().describe("default: as input"),
  })
  .describe("US dollars per million tokens");

export const prices = {
  keys: {
    "": keys(
      {
        prices: z
          .record(text, price)
          .default({})
          .describe("what models cost, where the built-in list is wrong"),
      },
      (parsed) => ({
        /** By model: what the file says instead of the built-in list. */
        prices: mapOf(parsed.prices),
      }),
    ),
  },
} satisfies ConfigPart;

function mapOf(parsed: Readonly<Record<string, z.output<typeof price>>>): ReadonlyMap<string, ModelPrice> {
  const entries = Object.entries(parsed).map(([model, { input, output, ...cache }]) => {
    const { cache_read: cacheRead = input, cache_write: cacheWrite = input } = cache;
    return [model, { input, output, cacheRead, cacheWrite }] as const;
  });
  return new Map(entries);
}

/** Prices: what they become, and what is refused. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Config } from "../../../../daemon/config/config.ts";
import { reading } from "../reading.ts";
import { refusesAlone } from "../refusals.ts";

const { load: loadAll } = reading();
const load = async (text: string, env?: Readonly<Record<string, string>>): Promise<Config> =>
  (await loadAll(`data_dir: data\n${text}`, env)).config;

test("prices are dollars per million tokens, and cached tokens cost as input where nothing else is said", async () => {
  const { prices } = await load(
    'prices: { house-model: { input: 3, output: 15 }, "vendor/x": { input: 0, output: 0, cache_read: 0.3, cache_write: 3.75 } }\n',
  );
  assert.deepEqual(prices.get("house-model"), { input: 3, output: 15, cacheRead: 3, cacheWrite: 3 });
  assert.deepEqual(prices.get("vendor/x"), { input: 0, output: 0, cacheRead: 0.3, cacheWrite: 3.75 });
});

refusesAlone([
  ["prices: { m: { input: 3 } }\n", /^prices\.m\.output: is missing/],
  ["prices: { m: { input: -3, output: 1 } }\n", /^prices\.m\.input: must be at least 0/],
  ["prices: { m: { input: 3, output: 1, cached: 1 } }\n", /^prices\.m\.cached: unknown key/],
]);

/** The vendors' list of prices is what the package says, to the token. */

import assert from "node:assert/strict";
import test from "node:test";
import { calcPrice } from "@pydantic/genai-prices";
import own from "../../../agents/prices/own.json" with { type: "json" };
import { PRICES_AS_OF, price } from "../../../agents/prices/prices.ts";
import vendors from "../../../agents/prices/vendors.json" with { type: "json" };
import { vendorPrices } from "../../../scripts/prices.ts";

test("A16: the vendors' list was written by the script, out of the package that is installed", () => {
  assert.deepEqual(JSON.parse(vendorPrices(PRICES_AS_OF.vendors)), vendors, "run `npm run prices`");
});

const PROVIDERS = [
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

test("A16: our arithmetic agrees with the package's, below and above every tier", () => {
  let compared = 0;
  for (const model of Object.keys(vendors.models)) {
    if (Object.hasOwn(own.models, model)) continue;
    for (const fresh of [1_012, 150_000, 250_000, 300_000]) {
      const call = {
        model,
        inputTokens: fresh,
        outputTokens: 154,
        cacheReadTokens: 0,
        cacheCreationTokens: 0,
      };
      const ours = price(call, "call").costNanos;
      const theirs = PROVIDERS.flatMap((providerId) => {
        const usage = { input_tokens: fresh, output_tokens: 154 };
        const timestamp = new Date(`${PRICES_AS_OF.vendors}T12:00:00Z`);
        const result = calcPrice(usage, model, { providerId, timestamp });
        return result?.model.id === model ? Math.round(result.total_price * 1e9) : [];
      });
      // Its patterns find another model for some of its own ids.
      if (theirs.length === 0) continue;
      assert.ok(
        theirs.some((nanos) => Math.abs(nanos - (ours ?? 0)) <= 1),
        `${model} ${fresh}: ours ${ours}, theirs ${theirs}`,
      );
      compared += 1;
    }
  }
  assert.ok(compared > 400);
});

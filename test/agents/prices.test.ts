/** The shipped price list. */

import assert from "node:assert/strict";
import test from "node:test";
import { PRICES_AS_OF, price, type Tokens } from "../../agents/prices.ts";
import { addUsage } from "../../agents/usage.ts";
import type { CostSource, Usage } from "../../workflow/model.ts";

const TOKENS = { inputTokens: 1012, outputTokens: 154, cacheReadTokens: 10014, cacheCreationTokens: 2506 };
const tokens = (model: string, more: Partial<Tokens> = {}): Tokens => ({ ...TOKENS, ...more, model });

test("A16: prices are exact in nano-dollars, as the agents themselves and other lists compute them", () => {
  assert.match(PRICES_AS_OF, /^\d{4}-\d\d-\d\d$/);
  assert.deepEqual(price(tokens("claude-sonnet-5-5"), "run"), {
    costNanos: 10_830_400,
    costSource: "priced",
  });
  assert.deepEqual(price(tokens("claude-sonnet-4-5"), "run"), {
    costNanos: 17_747_700,
    costSource: "priced",
  });
});

test("A model id with a date is priced like the model without it", () => {
  const dated = price(tokens("claude-sonnet-5-5-20261101"), "run");
  assert.deepEqual(dated, price(tokens("claude-sonnet-5-5"), "run"));
  assert.deepEqual(
    price(tokens("gpt-5.5-2026-04-23"), "run").costSource,
    price(tokens("gpt-5.5"), "run").costSource,
  );
});

test("P1: a model that is not in the list is unpriced, never free, and never priced like a similar one", () => {
  for (const model of ["claude-sonnet-5-6", "claude-sonnet", "", "__proto__", "no-such-model-xyz"]) {
    assert.deepEqual(price(tokens(model), "run"), { costNanos: null, costSource: "unpriced" }, model);
  }
});

test("P2: a long call is priced in its tier, a total of calls at the base price", () => {
  const long = tokens("claude-haiku-5-5", {
    inputTokens: 100_001,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
  });
  assert.equal(price(long, "call").costNanos, 50_000_500);
  assert.equal(price(long, "run").costNanos, 10_000_100);
  assert.equal(price({ ...long, inputTokens: 100_000 }, "call").costNanos, 10_000_000);
});

test("Cache writes for an hour cost what they cost", () => {
  const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 1_000 };
  assert.equal(price({ ...none, model: "claude-sonnet-5-5" }, "run").costNanos, 2_500_000);
  assert.equal(
    price({ ...none, model: "claude-sonnet-5-5", cacheCreation1hTokens: 1_000 }, "run").costNanos,
    4_000_000,
  );
});

test("I8: a sum with an unpriced part is unpriced, and rows of nothing are left out", () => {
  const row = (model: string, costNanos: number | null, costSource: CostSource): Usage => ({
    ...TOKENS,
    model,
    reasoningTokens: 1,
    costNanos,
    costSource,
  });
  const sum = addUsage([row("a", 5, "agent")], [row("b", 7, "agent"), row("a", 6, "priced")]);
  assert.deepEqual(
    sum.map((u) => [u.model, u.inputTokens, u.costNanos, u.costSource]),
    [
      ["a", 2024, 11, "priced"],
      ["b", 1012, 7, "agent"],
    ],
  );
  assert.deepEqual(addUsage(sum, [row("a", null, "unpriced")])[0]?.costNanos, null);
  const nothing = {
    ...row("c", 0, "agent"),
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheCreationTokens: 0,
  };
  assert.deepEqual(addUsage([], [nothing]), []);
});

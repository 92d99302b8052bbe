/** The shipped price lists, and the prices of the configuration. */

import assert from "node:assert/strict";
import test from "node:test";
import { PRICES_AS_OF, price, reprice, repriceTurns, type Tokens } from "../../../agents/prices/prices.ts";
import { addUsage } from "../../../agents/usage.ts";
import { TOKENS_MAX } from "../../../workflow/limits.ts";
import type { CostSource, Usage } from "../../../workflow/run.ts";

const TOKENS = { inputTokens: 1012, outputTokens: 154, cacheReadTokens: 10014, cacheCreationTokens: 2506 };
const tokens = (model: string, more: Partial<Tokens> = {}): Tokens => ({ ...TOKENS, ...more, model });

test("A16: prices are exact in nano-dollars, as the agents themselves and other lists compute them", () => {
  for (const day of Object.values(PRICES_AS_OF)) assert.match(day, /^\d{4}-\d\d-\d\d$/);
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

test("A16: the lists agree with what Claude Code was seen to charge", () => {
  const million = (model: string, kind: keyof typeof TOKENS): number | null => {
    const none = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 0 };
    const { costNanos } = price({ ...none, model, [kind]: 1_000_000 }, "run");
    return costNanos === null ? null : costNanos / 1e9;
  };
  const seen: readonly (readonly [string, number, number, number, number])[] = [
    ["claude-fable-5-2", 8, 40, 10, 0.2],
    ["claude-opus-5-5", 4, 20, 5, 0.2],
    ["claude-opus-4-5", 5, 25, 6.25, 0.5],
    ["claude-opus-5", 5, 25, 6.25, 0.5],
    ["claude-sonnet-5-5", 2, 10, 2.5, 0.1],
    ["claude-sonnet-5", 2, 10, 2.5, 0.2],
    ["claude-sonnet-4-5", 3, 15, 3.75, 0.3],
    ["claude-sonnet-4-6", 3, 15, 3.75, 0.3],
    ["claude-haiku-5-5", 0.1, 0.5, 0.125, 0.01],
    ["claude-haiku-4-5", 1, 5, 1.25, 0.1],
  ];
  for (const [model, input, output, write, read] of seen) {
    const kinds = ["inputTokens", "outputTokens", "cacheCreationTokens", "cacheReadTokens"] as const;
    assert.deepEqual(
      kinds.map((kind) => million(model, kind)),
      [input, output, write, read],
      model,
    );
  }
});

test("P3: where the list has no price for a kind of tokens, the whole is unpriced and nothing is free", () => {
  const pro = { model: "gpt-5-pro", inputTokens: 1_000, outputTokens: 0, cacheCreationTokens: 0 };
  assert.equal(price({ ...pro, cacheReadTokens: 0 }, "call").costNanos, 15_000_000);
  assert.deepEqual(price({ ...pro, cacheReadTokens: 1 }, "call"), {
    costNanos: null,
    costSource: "unpriced",
  });
});

test("P4: of the two lists ours wins: Claude Code charges no tier for claude-sonnet-4-5", () => {
  const none = { outputTokens: 0, cacheReadTokens: 0, cacheCreationTokens: 0 };
  const long = price({ ...none, model: "claude-sonnet-4-5", inputTokens: 300_000 }, "call");
  assert.equal(long.costNanos, 900_000_000);
});

test("P4: a price of the configuration wins over the agent's own, for the model it names and no other", () => {
  const row = (model: string, costSource: CostSource): Usage => ({
    ...TOKENS,
    model,
    reasoningTokens: 60,
    costNanos: costSource === "agent" ? 5 : null,
    costSource,
  });
  const overrides = new Map([["mine", { input: 1, output: 10, cacheRead: 0.1, cacheWrite: 2 }]]);
  const usage = [row("mine", "agent"), row("mine-20261101", "unpriced"), row("another", "agent")];
  assert.deepEqual(
    reprice(usage, overrides).map(({ costNanos, costSource }) => [costNanos, costSource]),
    [
      [8_565_400, "priced"],
      [8_565_400, "priced"],
      [5, "agent"],
    ],
  );
  assert.equal(reprice(usage, overrides)[0]?.reasoningTokens, 60);
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

test("P3: what would cost more than anything does is unpriced, from our list and from the configuration", () => {
  const most = { inputTokens: TOKENS_MAX, outputTokens: TOKENS_MAX };
  const unpriced = { costNanos: null, costSource: "unpriced" };
  assert.deepEqual(price(tokens("claude-opus-4-1", most), "run"), unpriced);
  const rates = { input: 1e300, output: 1e300, cacheRead: 1e300, cacheWrite: 1e300 };
  const row: Usage = { ...TOKENS, model: "m", reasoningTokens: 0, costNanos: 5, costSource: "agent" };
  const [repriced] = reprice([row], new Map([["m", rates]]));
  assert.deepEqual([repriced?.costNanos, repriced?.costSource], [null, "unpriced"]);
});

test("D9: a turn costs what the configuration says of its model, like all that it is a part of", () => {
  const usage: Usage = { ...TOKENS, model: "m", reasoningTokens: 0, costNanos: 5, costSource: "agent" };
  const other = { ...usage, model: "other" };
  const told = { status: "answered", requestId: null, latencyMs: null, at: null } as const;
  const turns = [usage, other].map((one, index) => ({ ...told, number: index + 1, usage: one }));
  const news = { turns, areAll: false };
  assert.equal(repriceTurns(news, new Map()), news);
  const rates = new Map([["m", { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 }]]);
  const repriced = repriceTurns(news, rates).turns;
  assert.deepEqual(
    repriced.map((turn) => turn.usage),
    [...reprice([usage], rates), other],
  );
  assert.notEqual(repriced[0]?.usage.costNanos, 5);
});

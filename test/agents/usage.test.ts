/** Sums of usage: exact for what programs really use, and bounded whatever they print. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../agents/backend.ts";
import { claude } from "../../agents/claude/claude.ts";
import { addUsage, OTHER_MODELS, totalInput } from "../../agents/usage.ts";
import { MODELS_MAX, NAME_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import { fold } from "./transcripts.ts";

const MODELS = 20_000;

function row(model: string, costNanos: number | null): Usage {
  const tokens = { inputTokens: 3, outputTokens: 1, cacheReadTokens: 0, cacheCreationTokens: 0 };
  const costSource = costNanos === null ? "unpriced" : "priced";
  return { model, ...tokens, reasoningTokens: 0, costNanos, costSource };
}

const many = (cost: (n: number) => number | null): readonly Usage[] =>
  Array.from({ length: MODELS }, (_, n) => row(`m${n}`, cost(n)));

test("I8: of more models than anybody has the rest is one row, and no token of it is lost", () => {
  const sum = addUsage(
    [],
    many(() => 2),
  );
  assert.equal(sum.length, MODELS_MAX);
  assert.equal(totalInput(sum), 3 * MODELS);
  const rest = sum.find(({ model }) => model === OTHER_MODELS);
  assert.deepEqual([rest?.costNanos, rest?.costSource], [2 * (MODELS - MODELS_MAX + 1), "priced"]);
  const again = addUsage(sum, sum);
  assert.deepEqual([again.length, totalInput(again)], [MODELS_MAX, 6 * MODELS]);
});

test("I8: where one of the rest has no price, the rest has none", () => {
  const sum = addUsage(
    [],
    many((n) => (n === MODELS - 1 ? null : 2)),
  );
  const rest = sum.find(({ model }) => model === OTHER_MODELS);
  assert.deepEqual([rest?.costNanos, rest?.costSource], [null, "unpriced"]);
});

test("A model's name is stored with a bounded length, and without what no database takes", () => {
  const [sum] = addUsage([], [row(`\0${"m".repeat(1_000)}`, 1)]);
  assert.equal(sum?.model, "m".repeat(NAME_CHARS_MAX - 1));
});

function read(lines: readonly object[]): Transcript {
  return fold(claude, new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join("")))
    .transcript;
}

test("A24: neither many models nor many tools in many lines take longer than their bytes", (t) => {
  const begun = process.cpuUsage();
  const usage = { input_tokens: 3, output_tokens: 1 };
  const calls = Array.from({ length: 2_000 }, (_, n) => ({
    type: "assistant",
    message: { id: `i${n}`, model: `m${n}`, usage, content: [] },
  }));
  const models = Object.fromEntries(
    many(() => 1).map(({ model }) => [model, { inputTokens: 3, costUSD: 1 }]),
  );
  const tools = Array.from({ length: 50_000 }, (_, n) => ({ type: "tool_use", id: `t${n}` }));
  const message = { id: "last", model: "m", usage, content: tools };
  const answers = tools.map(({ id }) => ({ type: "tool_result", tool_use_id: id }));
  const { usage: sum } = read([
    ...calls,
    { type: "assistant", message },
    { type: "assistant", message },
    { type: "user", message: { content: answers } },
    { type: "result", subtype: "success", is_error: false, model_usage_since_last_result: models },
  ]);
  const { user } = process.cpuUsage(begun);
  t.diagnostic(`${Math.round(user / 1_000)} ms`);
  assert.deepEqual([sum.length, totalInput(sum)], [MODELS_MAX, 3 * MODELS]);
  // Eight seconds and more when it grew with the square; the processor's time, because the machine may be busy.
  assert.ok(user < 4_000_000, `it took ${user / 1_000} ms`);
});

test("A session whose name is longer than any is not continued by the half of it", () => {
  const init = (session_id: string) => ({
    type: "system",
    subtype: "init",
    session_id,
    model: "m".repeat(1_000),
  });
  const { session, model } = read([init("abc"), init("x".repeat(NAME_CHARS_MAX + 1))]);
  assert.deepEqual([session, model], ["abc", "m".repeat(NAME_CHARS_MAX)]);
});

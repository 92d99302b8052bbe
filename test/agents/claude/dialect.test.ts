/** What the lines of Claude Code mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { claude } from "../../../agents/claude/claude.ts";
import { answer, assistant, read, result } from "./lines.ts";

test("Retries and errors make a transcript idle, and anything new ends that; repeated tool calls are not judged", () => {
  const retry = { type: "system", subtype: "api_retry", attempt: 1 };
  const synthetic = { type: "assistant", error: "rate_limit", message: { model: "<synthetic>" } };
  assert.equal(read(retry, retry, synthetic).idle, 3);
  assert.equal(read(retry, assistant("m1", ["a"])).idle, 0);
  assert.equal(read(assistant("m1", ["a"]), retry, answer("a")).idle, 0);
  assert.equal(read(assistant("m1", ["a"]), assistant("m2", ["a"]), assistant("m3", ["a"])).idle, 0);
});

const since = (tokens: number): object => ({
  "claude-sonnet-5-5": { inputTokens: tokens, outputTokens: 0, costUSD: tokens / 1_000, costBasis: "list" },
});

test("A16: several results in one process add up, and a turn begun after a result takes back its last word", () => {
  const first = read(assistant("m1", []), result({ model_usage_since_last_result: since(10) }));
  assert.equal(first.terminal?.ok, true);
  const second = claude.read(first, JSON.stringify(assistant("m2", [])));
  assert.equal(second.terminal, null);
  assert.equal(second.usage[0]?.inputTokens, 20);
  const third = claude.read(second, JSON.stringify(result({ model_usage_since_last_result: since(12) })));
  assert.deepEqual(
    [third.terminal?.ok, third.usage[0]?.inputTokens, third.usage[0]?.costNanos],
    [true, 22, 22_000_000],
  );
});

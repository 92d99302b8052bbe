/** What pi says about an answer that failed. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Failure } from "../../../agents/terminal.ts";
import { terminalOf } from "./lines.ts";

function errorOf(errorMessage: string): Failure {
  const terminal = terminalOf({ stopReason: "error", errorMessage });
  assert.ok(!terminal.ok);
  return terminal;
}

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(errorOf("403 forbidden").failure, "forbidden");
  assert.equal(errorOf("503 Service Unavailable").failure, "server_error");
  assert.equal(errorOf("terminated").failure, "network");
  assert.equal(errorOf('429 {"error":{"code":"insufficient_quota"}}').failure, "billing");
  assert.equal(errorOf("429 You exceeded your current quota, please check your plan").failure, "billing");
  assert.equal(errorOf("429 You exceeded your current quota. Please retry in 7s").failure, "rate_limit");
  assert.equal(
    errorOf('400 {"error":{"message":"prompt is too long: 210000 tokens"}}').failure,
    "context_overflow",
  );
  assert.equal(errorOf("400 bad request").failure, "agent_error");
  const limit = errorOf('429 {"error":{"type":"usage_limit_reached","resets_at":1795245063}}');
  assert.deepEqual([limit.failure, limit.resetAt], ["usage_limit", 1_795_245_063_000]);
  const openai = errorOf('OpenAI API error (429): {"type":"usage_limit_reached","resets_at":1795265175}');
  assert.deepEqual([openai.failure, openai.resetAt], ["usage_limit", 1_795_265_175_000]);
  const named = errorOf('OpenAI API error (429): {"type":"usage_limit_reached","resets_at":1795245063}');
  assert.deepEqual([named.failure, named.resetAt], ["usage_limit", 1_795_245_063_000]);
  assert.equal(errorOf("Mistral API error (503): unavailable").failure, "server_error");
  const chatgpt = errorOf("You have hit your ChatGPT usage limit (plus plan). Try again in ~42 min.");
  assert.deepEqual([chatgpt.failure, chatgpt.resetAt], ["usage_limit", 1_795_236_852_000 + 42 * 60_000]);
  assert.equal(errorOf("You have hit your ChatGPT usage limit (plus plan).").failure, "rate_limit");
  assert.equal(errorOf("429 Rate limit reached. Please try again in 2s.").retryAfterMs, 2_000);
  const reason = (stopReason: string): string => {
    const terminal = terminalOf({ stopReason });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.deepEqual(["stop", "toolUse", "aborted", "length", "deferred"].map(reason), [
    ...["ok", "ok", "interrupted", "agent_error", "agent_error"],
  ]);
});

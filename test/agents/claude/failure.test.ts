/** What a `result` line of Claude Code says about the run's end. */

import assert from "node:assert/strict";
import test from "node:test";
import { read, result } from "./lines.ts";

function failureOf(...lines: readonly object[]): string {
  const { terminal } = read(...lines);
  return terminal === null || terminal.ok ? "none" : terminal.failure;
}

const apiError = (more: object): object =>
  result({
    is_error: true,
    terminal_reason: "api_error",
    api_error_status: null,
    result: "API Error",
    ...more,
  });

const limited = (status: string): object => ({
  type: "rate_limit_event",
  rate_limit_info: { status, resetsAt: 1_795_245_063 },
});

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(failureOf(result({ is_error: true, subtype: "error_max_turns" })), "turn_limit");
  assert.equal(failureOf(result({ is_error: true, terminal_reason: "prompt_too_long" })), "context_overflow");
  assert.equal(failureOf(apiError({ api_error_status: 403 })), "forbidden");
  for (const status of [500, 502, 503, 504])
    assert.equal(failureOf(apiError({ api_error_status: status })), "server_error");
  assert.equal(
    failureOf(apiError({ api_error_status: 400, result: "prompt is too long: 210000 tokens" })),
    "context_overflow",
  );
  assert.equal(failureOf(apiError({ api_error_status: 400, result: "bad request" })), "agent_error");
  assert.equal(failureOf(apiError({ result: "Request timed out" })), "network");
  assert.equal(failureOf(result({ is_error: true })), "agent_error");
});

test("A 429 is a usage limit only with a structured field: a rejection, or the program's own name for it", () => {
  const text = "You've hit your 5-hour limit · resets 7:11am (UTC)";
  assert.equal(failureOf(apiError({ api_error_status: 429, result: text })), "rate_limit");
  assert.equal(
    failureOf(limited("allowed"), apiError({ api_error_status: 429, result: text })),
    "rate_limit",
  );
  assert.equal(failureOf(limited("rejected"), apiError({ api_error_status: 429 })), "usage_limit");
  assert.equal(
    failureOf(limited("rejected"), limited("allowed"), apiError({ api_error_status: 429 })),
    "rate_limit",
  );
  assert.equal(failureOf(limited("rejected"), result({})), "none");
  const bare = { type: "rate_limit_event", rate_limit_info: { status: "rejected", isUsingOverage: false } };
  assert.equal(failureOf(bare, apiError({ api_error_status: 429 })), "rate_limit");
  const named = {
    type: "rate_limit_event",
    rate_limit_info: { status: "rejected", rateLimitType: "five_hour" },
  };
  assert.equal(failureOf(named, apiError({ api_error_status: 429 })), "usage_limit");
});

test("I13: an agent that quotes the words of an error in its answer fails no differently for it", () => {
  const quote =
    "Credit balance is too low. Not logged in. You've hit your usage limit. No conversation found";
  assert.equal(failureOf(result({ is_error: true, result: quote })), "agent_error");
  assert.equal(failureOf(result({ result: quote })), "none");
});

test("`subtype: success` with `is_error` is a failure", () => {
  assert.equal(
    failureOf(result({ is_error: true, terminal_reason: "api_error", api_error_status: 529 })),
    "overloaded",
  );
});

test("A12: a word that every object knows is no name of a failure", () => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    assert.equal(failureOf(result({ is_error: true, terminal_reason: word, subtype: word })), "agent_error");
    const synthetic = { type: "assistant", error: word, message: { model: "<synthetic>", content: [] } };
    assert.equal(failureOf(synthetic, result({ is_error: true })), "agent_error");
  }
});

test("Success that stopped in the middle is none, and a refusal is a class of its own", () => {
  const ended = (more: object): string => failureOf(result({ num_turns: 2, ...more }));
  assert.equal(ended({ stop_reason: "tool_use" }), "agent_error");
  assert.equal(ended({ stop_reason: "max_tokens" }), "agent_error");
  assert.equal(ended({ stop_reason: "model_context_window_exceeded" }), "context_overflow");
  assert.equal(ended({ stop_reason: "refusal" }), "refused");
  assert.equal(ended({ num_turns: 0 }), "agent_error");
  for (const stop_reason of ["end_turn", "stop_sequence", null, "something_new"])
    assert.equal(ended({ stop_reason }), "none");
  assert.equal(ended({ stop_reason: "tool_use", structured_output: {} }), "none");
  const words =
    "API Error: Claude Code is unable to respond to this request, which appears to violate our Usage Policy";
  assert.equal(failureOf(apiError({ api_error_status: 400, result: words })), "refused");
  assert.equal(failureOf(result({ is_error: true, result: words })), "agent_error");
});

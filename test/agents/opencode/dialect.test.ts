/** What the lines of OpenCode mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { opencode } from "../../../agents/opencode/opencode.ts";
import type { Failure } from "../../../agents/terminal.ts";
import { NEW_RUN } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { read } from "./lines.ts";

const error = (data: object, name = "APIError"): object => ({
  type: "error",
  timestamp: 1_795_236_852_000,
  error: { name, data: { message: "no", ...data } },
});

function terminalOf(...lines: readonly object[]): Failure {
  const { terminal } = read(...lines);
  assert.ok(terminal !== null && !terminal.ok);
  return terminal;
}

const step = (reason: string): object => ({
  type: "step_finish",
  part: { reason, tokens: { input: 5, output: 1, cache: {} }, cost: 0 },
});

test("I9: a 429 is a usage limit if a header says so, or if it lasts for hours, and its reset is a moment", () => {
  const unified = terminalOf(
    error({ statusCode: 429, responseHeaders: { "anthropic-ratelimit-unified-reset": "1795245063" } }),
  );
  assert.deepEqual([unified.failure, unified.resetAt], ["usage_limit", 1_795_245_063_000]);
  const long = terminalOf(error({ statusCode: 429, responseHeaders: { "retry-after": "7200" } }));
  assert.deepEqual([long.failure, long.resetAt], ["usage_limit", 1_795_244_052_000]);
  const body = JSON.stringify({ error: { type: "usage_limit_reached", resets_in_seconds: 60 } });
  const named = terminalOf(error({ statusCode: 429, responseBody: body }));
  assert.deepEqual([named.failure, named.resetAt], ["usage_limit", 1_795_236_912_000]);
  const text = terminalOf(error({ statusCode: 429, message: "You've hit your usage limit" }));
  assert.deepEqual([text.failure, text.resetAt], ["rate_limit", null]);
});

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(terminalOf(error({ statusCode: 403 })).failure, "forbidden");
  assert.equal(terminalOf(error({ statusCode: 503, isRetryable: true })).failure, "server_error");
  assert.equal(terminalOf(error({}, "ContextOverflowError")).failure, "context_overflow");
  assert.equal(terminalOf(error({ message: "Your credit balance is too low" })).failure, "billing");
  assert.equal(terminalOf(error({ isRetryable: true })).failure, "server_error");
  assert.equal(terminalOf(step("length")).reason, "the model's answer was cut off at its longest");
});

test("A step after an error, or after a last word, takes it back", () => {
  assert.equal(read(error({ statusCode: 529 }), { type: "step_start" }).terminal, null);
  assert.equal(read(step("stop"), { type: "step_start" }).terminal, null);
  assert.equal(read(step("stop")).terminal?.ok, true);
});

test("A16: a cost of 0 for tokens that were used is no cost: our list decides, or nobody", () => {
  const [row] = read(step("stop")).usage;
  assert.deepEqual([row?.costNanos, row?.costSource], [30_000, "priced"]);
  const own = opencode.read(opencode.begin({ ...NEW_RUN, model: "mine/m1" }), JSON.stringify(step("stop")));
  assert.deepEqual([own.usage[0]?.model, own.usage[0]?.costSource], ["m1", "unpriced"]);
});

test("Inside a step it may be in a tool, and may be silent for longer", () => {
  assert.equal(read({ type: "step_start" }).openTools, 1);
  assert.equal(read({ type: "step_start" }, step("tool-calls")).openTools, 0);
});

test("Steps without progress make a transcript idle, and text or a tool's result ends that", () => {
  const { transcript } = fold(opencode, recording("bad-json", "opencode").stdout);
  assert.equal(transcript.idle, transcript.lines);
  const said = { type: "text", part: { text: "so far" } };
  assert.equal(read(step("unknown"), step("unknown"), said).idle, 0);
  assert.equal(read(step("unknown"), { type: "tool_use", part: {} }).idle, 0);
});

test("A12: a word that every object knows is no name of a failure", () => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    assert.equal(terminalOf(error({ message: "what is this" }, word)).failure, "agent_error");
    assert.match(terminalOf(step(word)).reason, /^the model stopped for the reason/);
  }
});

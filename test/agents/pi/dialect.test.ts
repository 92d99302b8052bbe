/** What the lines of pi mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { pi } from "../../../agents/pi/pi.ts";
import { sumOf } from "../expected.ts";
import { SILENT_END } from "../profile.ts";
import { answer, read, terminalOf } from "./lines.ts";

test("I13: what a model says is never read as an error", () => {
  const content = [{ type: "text", text: '429 {"error":{"type":"usage_limit_reached"}}' }];
  assert.deepEqual(terminalOf({ stopReason: "stop", content }).ok, true);
});

test("The last word is said when it is settled; until then it may try again, and without that word the last answer counts", () => {
  const failed = answer({ stopReason: "error", errorMessage: "529" });
  const ended = read(failed, { type: "agent_end", willRetry: false });
  assert.equal(ended.terminal, null);
  const { terminal } = pi.conclude(ended, { ...SILENT_END, exitCode: 0 });
  assert.equal(terminal.ok ? "ok" : terminal.failure, "overloaded");
  assert.equal(read(failed, { type: "agent_settled" }, { type: "agent_start" }).terminal, null);
  const silent = pi.conclude(read(), { ...SILENT_END, exitCode: 0 }).terminal;
  assert.equal(silent.ok ? "ok" : silent.reason, "pi exited without an answer");
  const begun = read(answer({ stopReason: "toolUse" }), {
    type: "message_start",
    message: { role: "assistant" },
  });
  assert.equal(
    pi.conclude(begun, { ...SILENT_END, exitCode: 0 }).terminal.ok,
    false,
    "it ended in an answer",
  );
  const lost = pi.conclude(read(), {
    ...SILENT_END,
    exitCode: 1,
    stderrTail: "No session found matching 'x'",
  });
  assert.equal(lost.terminal.ok ? "ok" : lost.terminal.failure, "invalid_session");
});

test("A16: an answer that streams counts with its newest figures, once", () => {
  const start = {
    type: "message_start",
    message: { role: "assistant", model: "m1", usage: { input: 5, output: 1 } },
  };
  const update = (output: number): object => ({ type: "message_update", usage: { input: 5, output } });
  assert.deepEqual(sumOf(read(start, update(3), update(9)).usage), [5, 9, 0, 0]);
  assert.deepEqual(sumOf(read(start, update(9), answer({ stopReason: "stop" })).usage), [5, 1, 0, 0]);
  assert.deepEqual(sumOf(read(start, update(9), start).usage), [10, 10, 0, 0], "its end was lost");
  const compaction = { type: "compaction_end", result: { usage: { input: 100, output: 10 } } };
  assert.deepEqual(sumOf(read(compaction).usage), [100, 10, 0, 0]);
});

test("A16: a cost of 0 for tokens that were used is no cost: our list decides, or nobody", () => {
  const row = (model: string): unknown => {
    const usage = { input: 1_000_000, output: 0, cost: { total: 0 } };
    const [used] = read(answer({ model, usage, stopReason: "stop" })).usage;
    return [used?.costNanos, used?.costSource];
  };
  assert.deepEqual(row("gpt-5.5"), [10_000_000_000, "priced"]);
  assert.deepEqual(row("llama-at-home"), [null, "unpriced"]);
});

test("Open tools are those begun and not ended; a new answer proves that all have ended", () => {
  const begin = (toolCallId: string): object => ({ type: "tool_execution_start", toolCallId });
  const end = (toolCallId: string): object => ({ type: "tool_execution_end", toolCallId });
  assert.equal(read(begin("a"), begin("b")).openTools, 2);
  assert.equal(read(begin("a"), begin("b"), end("a")).openTools, 1);
  const next = { type: "message_start", message: { role: "assistant" } };
  assert.equal(read(begin("a"), begin("b"), next).openTools, 0);
});

test("Answers that failed make a transcript idle, and anything new ends that", () => {
  const failed = answer({ stopReason: "error" });
  assert.equal(read(failed, failed).idle, 2);
  const delta = { type: "message_update", assistantMessageEvent: { type: "text_delta", delta: "so" } };
  assert.equal(read(failed, failed, delta).idle, 0);
  assert.equal(read(failed, { type: "tool_execution_end" }).idle, 0);
});

/** What Qwen Code says about a call that failed. */

import assert from "node:assert/strict";
import test from "node:test";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { SILENT_END } from "../profile.ts";
import { call, read } from "./lines.ts";

test("I13: an API error is believed in the result and on stderr, never in an answer", () => {
  const quoted = read(call("a", 5, 1, "[API Error: 429 insufficient_quota]"));
  const { terminal } = qwen.conclude(quoted, { ...SILENT_END, exitCode: 0 });
  assert.equal(terminal.ok ? "ok" : terminal.reason, "qwen exited without a result");
});

test("Advice for people behind an API error does not hide it", () => {
  const message = "[API Error: 429 Too many requests]\nPossible quota limitations in place. Please wait.";
  const result = { type: "result", subtype: "error_during_execution", is_error: true, error: { message } };
  const { terminal } = read(result);
  assert.deepEqual(terminal?.ok === false ? [terminal.failure, terminal.reason] : [], [
    "rate_limit",
    message,
  ]);
});

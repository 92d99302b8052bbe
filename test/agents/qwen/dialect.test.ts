/** What the lines of Qwen Code mean, beyond what was recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { qwen } from "../../../agents/qwen/qwen.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import { sumOf } from "../expected.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { BEFORE, call, RESUMED, read } from "./lines.ts";

test("A24: a resumed run counts only itself, with and without knowing what was used before", () => {
  const { stdout } = recording("resume", "qwen");
  for (const baseline of [[BEFORE], []]) {
    const { transcript } = fold(qwen, stdout, undefined, { ...RESUMED, baseline });
    assert.deepEqual(sumOf(transcript.usage), [3518, 154, 10014, 0]);
  }
  const first = fold(qwen, recording("success", "qwen").stdout, undefined, NEW_RUN);
  assert.deepEqual(sumOf(first.transcript.usage), [3518, 154, 10014, 0]);
});

test("A24: a total that knows of more calls than were printed counts, one that knows of fewer does not", () => {
  const result = (input: number): object => ({
    type: "result",
    subtype: "success",
    is_error: false,
    usage: { input_tokens: input, output_tokens: 20, cache_read_input_tokens: 0 },
  });
  assert.deepEqual(sumOf(read(call("m", 100, 10), result(150)).usage), [150, 20, 0, 0]);
  assert.deepEqual(sumOf(read(call("m", 100, 10), result(50)).usage), [100, 20, 0, 0]);
});

test("A16: another line of the same call says its figures again, and does not add to them", () => {
  assert.deepEqual(sumOf(read(call("a", 5, 1), call("a", 5, 3), call("b", 7, 1)).usage), [12, 4, 0, 0]);
});

const retry = (delayMs: number): object => ({ type: "system", subtype: "retry", data: { delayMs } });

test("Waiting for minutes is its last word, unless it goes on; short waits are its own", () => {
  assert.equal(read(retry(59_000)).terminal, null);
  assert.equal(read(retry(60_000)).terminal?.ok, false);
  assert.equal(read(retry(60_000), call("a", 5, 1)).terminal, null);
  const failure = (stderrTail: string): string => {
    const { terminal }: { terminal: Terminal } = qwen.conclude(read(retry(60_000)), {
      ...SILENT_END,
      stderrTail,
    });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.equal(failure(""), "server_error");
  const because = (said: string): string => failure(`Retrying in 60s (attempt 1/10): [API Error: ${said}]\n`);
  assert.equal(because("529 Overloaded"), "overloaded");
  assert.equal(because("503 The server is currently overloaded. Please try again later."), "overloaded");
  assert.equal(because("429 The usage limit has been reached"), "usage_limit");
  assert.equal(because("429 You said: the usage limit has been reached"), "rate_limit");
});

test("A cut stream that makes it call the same tool for ever makes a transcript idle; new work ends that", () => {
  const { transcript } = fold(qwen, recording("truncate", "qwen").stdout);
  assert.ok(transcript.idle > transcript.lines / 2, `${transcript.idle} of ${transcript.lines}`);
  assert.equal(read(retry(1), retry(1)).idle, 2);
  assert.equal(read(retry(1), call("a", 5, 1)).idle, 0);
  assert.equal(read(call("a", 5, 1, "same"), call("b", 5, 1, "same")).idle, 1);
});

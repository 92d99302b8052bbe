/** Transcripts as text, and what any line may do to them. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { claude } from "../../agents/claude/claude.ts";
import { command } from "../../agents/command/command.ts";
import { opencode } from "../../agents/opencode/opencode.ts";
import { pi } from "../../agents/pi/pi.ts";
import { qwen } from "../../agents/qwen/qwen.ts";
import { readTranscript, writeTranscript } from "../../agents/transcript.ts";
import { NEW_RUN, SILENT_END } from "./profile.ts";
import { withoutWritten } from "./without-written.ts";

test("I8: a stored transcript that cannot be read back makes the log be read again from its beginning", () => {
  for (const text of [
    "",
    "{",
    "[]",
    '{"session":1}',
    '{"terminal":{"ok":false,"failure":"no such class"}}',
  ]) {
    assert.deepEqual(readTranscript(claude, NEW_RUN, text, 4_711), {
      transcript: claude.begin(NEW_RUN),
      logOffset: 0,
    });
  }
});

const KEYS = [
  "type",
  "subtype",
  "message",
  "content",
  "usage",
  "id",
  "model",
  "is_error",
  "result",
  "errors",
  "tool_use_id",
  "part",
  "tokens",
  "cache",
  "reason",
  "text",
  "error",
  "data",
  "statusCode",
  "responseHeaders",
  "responseBody",
  "role",
  "stopReason",
  "errorMessage",
  "cost",
  "delayMs",
  "retry-after",
];

const WORDS = [
  "system",
  "init",
  "assistant",
  "user",
  "result",
  "rate_limit_event",
  "success",
  "tool_use",
  "tool_result",
  "rejected",
  "step_start",
  "step_finish",
  "text",
  "tool-calls",
  "stop",
  "error",
  "message_start",
  "message_update",
  "message_end",
  "tool_execution_start",
  "tool_execution_end",
  "compaction_end",
  "agent_settled",
  "retry",
  "429 {}",
  "[API Error: 429 no]",
];

const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(...WORDS),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(...KEYS, "modelUsage", "rate_limit_info", "status", "input_tokens", "__proto__"),
      tie("tree"),
    ),
  ),
}));

const strangeLine = fc.oneof(
  fc
    .record({
      type: fc.constantFrom(...WORDS),
      message: fc.oneof(
        tree,
        fc.record({ role: fc.constant("assistant"), usage: tree, stopReason: tree, content: tree }),
      ),
      usage: tree,
      modelUsage: tree,
      rate_limit_info: tree,
      result: tree,
      part: tree,
      error: tree,
      data: tree,
      assistantMessageEvent: tree,
    })
    .map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
);

test("A decoder never throws, whatever a line holds, and its state survives storing", () => {
  fc.assert(
    fc.property(
      fc.array(strangeLine, { maxLength: 20 }),
      fc.constantFrom(claude, command, opencode, pi, qwen),
      (lines, backend) => {
        const transcript = lines.reduce((sum, line) => backend.read(sum, line), backend.begin(NEW_RUN));
        assert.equal(transcript.lines + transcript.unknownLines, lines.length);
        assert.deepEqual(readTranscript(backend, NEW_RUN, writeTranscript(transcript), 7), {
          transcript: JSON.parse(JSON.stringify(withoutWritten(transcript))),
          logOffset: 7,
        });
        for (const row of transcript.usage)
          assert.ok(Number.isSafeInteger(row.inputTokens) && row.inputTokens >= 0);
        const stderrTail = lines.join("\n").slice(-4_096);
        for (const exitCode of [0, 1, null])
          backend.conclude(transcript, { ...SILENT_END, exitCode, stderrTail });
        backend.sessions?.read(transcript, lines.join("\n"), 0);
      },
    ),
    { numRuns: 500 },
  );
});

test("The state of a transcript does not grow with its length", () => {
  const call = (n: number): string =>
    JSON.stringify({
      type: "assistant",
      parent_tool_use_id: n % 3 === 0 ? null : `tool-${n}`,
      message: {
        id: `m-${n}`,
        model: "claude-sonnet-5-5",
        content: [{ type: "tool_use", id: `t-${n}`, input: {} }],
        usage: { input_tokens: 1 },
      },
    });
  let transcript = claude.begin(NEW_RUN);
  let largest = 0;
  for (let n = 0; n < 3_000; n += 1) {
    transcript = claude.read(transcript, call(n));
    if (n === 500) largest = writeTranscript(transcript).length;
  }
  assert.ok(writeTranscript(transcript).length < largest * 1.2);
  assert.equal(transcript.usage[0]?.inputTokens, 3_000);
});

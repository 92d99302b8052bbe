/** Lines out of bytes, transcripts out of lines, and going on from a stored offset. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { command } from "../../../agents/command/command.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { carryLength, closeLine, NO_CARRY, splitLines } from "../../../agents/supervision/lines.ts";
import { digest, finish, offsetOf, openTail, type Tail } from "../../../agents/supervision/tail.ts";
import { readTranscript, writeTranscript } from "../../../agents/transcript.ts";
import { LINE_BYTES_MAX, READ_BYTES_MAX } from "../../../workflow/limits.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { casesOf, fold, recording } from "../transcripts.ts";

test("L1: only LF splits lines, neither CR nor U+2028 nor a form feed", () => {
  const { lines, carry } = splitLines(NO_CARRY, Buffer.from("a\u2028b\rc\fd\n\ne"));
  assert.deepEqual(
    lines.map(({ text }) => text),
    ["a\u2028b\rc\fd", ""],
  );
  assert.equal(closeLine(carry).text, "e");
});

test("L2: characters that straddle chunks are whole, whatever the chunks", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" })),
      fc.array(fc.nat(7), { minLength: 1 }),
      (texts, sizes) => {
        const bytes = Buffer.from(texts.join("\n"));
        let carry = NO_CARRY;
        const seen: string[] = [];
        for (let at = 0, n = 0; at < bytes.length; n += 1) {
          const size = (sizes[n % sizes.length] ?? 0) + 1;
          const split = splitLines(carry, bytes.subarray(at, at + size));
          carry = split.carry;
          seen.push(...split.lines.map(({ text }) => text));
          at += size;
        }
        assert.equal([...seen, closeLine(carry).text].join("\n"), texts.join("\n"));
      },
    ),
  );
});

test("L3: a line beyond the limit is cut and marked, its memory is bounded, and the next line is whole", () => {
  let carry = NO_CARRY;
  for (let n = 0; n < 1_000; n += 1) {
    carry = splitLines(carry, Buffer.alloc(100, "x"), 256).carry;
    assert.ok(carry.bytes.length <= 256);
  }
  assert.equal(carryLength(carry), 100_000);
  const { lines } = splitLines(carry, Buffer.from("yz\nnext\n"), 256);
  assert.deepEqual(lines, [
    { text: "x".repeat(256), cut: true },
    { text: "next", cut: false },
  ]);
});

test("A line that was cut is counted and skipped, and the run goes on", () => {
  const long = Buffer.concat([
    Buffer.alloc(5 * 1024 * 1024, "x"),
    Buffer.from("\n"),
    recording("success").stdout,
  ]);
  const { transcript } = fold(claude, long, [1024 * 1024]);
  assert.equal(transcript.unknownLines, 1);
  assert.equal(transcript.terminal?.ok, true);
});

test("L3: a line of 100 MB does not grow memory, and the run goes on behind it", () => {
  const piece = Buffer.alloc(READ_BYTES_MAX, "x");
  let tail = openTail(readTranscript(claude, NEW_RUN, null, 0));
  for (let n = 0; n < 100; n += 1) {
    tail = digest(claude, tail, piece);
    assert.ok(tail.carry.bytes.length <= LINE_BYTES_MAX);
    assert.ok(
      tail.carry.bytes.buffer.byteLength <= LINE_BYTES_MAX,
      "no larger buffer is kept alive behind it",
    );
    assert.ok(writeTranscript(tail.transcript).length < 1_000);
  }
  assert.equal(offsetOf(tail), 0, "the line has not ended yet");
  const done = digest(claude, tail, Buffer.concat([Buffer.from("\n"), recording("success").stdout]));
  assert.deepEqual([done.transcript.unknownLines, done.transcript.terminal?.ok], [1, true]);
});

const RECORDED: readonly (readonly [Backend, string])[] = [claude, opencode, pi, qwen].flatMap((backend) =>
  casesOf(backend.name).map((name) => [backend, name] as const),
);

test("I6: a transcript stored at any offset and read on from there equals one read in one pass", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...RECORDED),
      fc.nat(20_000),
      fc.nat(20_000),
      ([backend, name], first, second) => {
        const { stdout } = recording(name, backend.name);
        const open = (text: string | null, offset: number): Tail =>
          openTail(readTranscript(backend, NEW_RUN, text, offset));
        const before = digest(backend, open(null, 0), stdout.subarray(0, first));
        const offset = offsetOf(before);
        assert.ok(offset === 0 || stdout[offset - 1] === 0x0a, "the offset is the start of a line");
        const adopted = open(writeTranscript(before.transcript), offset);
        const middle = digest(backend, adopted, stdout.subarray(offset, offset + second));
        const after = finish(backend, digest(backend, middle, stdout.subarray(middle.position)));
        assert.deepEqual(after.transcript, fold(backend, stdout).transcript);
        assert.equal(offsetOf(after), stdout.length);
      },
    ),
    { numRuns: 300 },
  );
});

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

test("What another version of a dialect remembered is as good as nothing, and never misread", () => {
  for (const backend of [claude, pi, qwen]) {
    const foreign = {
      ...backend.begin(NEW_RUN),
      memory: { dialect: "another-7", settled: "x", lanes: 3, tools: {} },
    };
    const { stdout } = recording("success", backend.name);
    const read = finish(backend, digest(backend, openTail({ transcript: foreign, logOffset: 0 }), stdout));
    assert.equal(read.transcript.terminal?.ok, true);
    assert.deepEqual(read.transcript.usage, fold(backend, stdout).transcript.usage);
  }
});

test("A last line without LF is read once nobody can finish it", () => {
  const stdout = recording("success").stdout.subarray(0, -1);
  const open = digest(claude, openTail(readTranscript(claude, NEW_RUN, null, 0)), stdout);
  assert.equal(open.transcript.terminal, null);
  assert.equal(finish(claude, open).transcript.terminal?.ok, true);
  assert.equal(offsetOf(finish(claude, open)), stdout.length);
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
          transcript: JSON.parse(JSON.stringify(transcript)),
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

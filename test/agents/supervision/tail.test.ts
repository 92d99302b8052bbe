/** Lines out of bytes, transcripts out of lines, and going on from a stored offset. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { digest, finish, offsetOf, openTail, type Tail } from "../../../agents/supervision/tail.ts";
import { readTranscript, writeTranscript } from "../../../agents/transcript.ts";
import { LINE_BYTES_MAX, READ_BYTES_MAX } from "../../../workflow/limits.ts";
import { NEW_RUN } from "../profile.ts";
import { casesOf, fold, recording } from "../transcripts.ts";
import { byNumber, withoutWritten } from "../without-written.ts";

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
        const whole = fold(backend, stdout).transcript;
        assert.deepEqual(withoutWritten(after.transcript), withoutWritten(whole));
        const written = new Map([before, after].flatMap(({ transcript }) => byNumber(transcript)));
        assert.deepEqual(written, new Map(byNumber(whole)), "a row per turn, whoever has read its lines");
        assert.equal(offsetOf(after), stdout.length);
      },
    ),
    { numRuns: 300 },
  );
});

test("A last line without LF is read once nobody can finish it", () => {
  const stdout = recording("success").stdout.subarray(0, -1);
  const open = digest(claude, openTail(readTranscript(claude, NEW_RUN, null, 0)), stdout);
  assert.equal(open.transcript.terminal, null);
  assert.equal(finish(claude, open).transcript.terminal?.ok, true);
  assert.equal(offsetOf(finish(claude, open)), stdout.length);
});

test("I13: a session whose name is none of the program's is ignored, and its line counts as not understood", () => {
  const told = (session: string): string =>
    `${JSON.stringify({ type: "system", subtype: "init", session_id: session })}\n`;
  const bytes = new TextEncoder().encode(told("47fd4724-6c0e") + told("--resume") + told("../../x"));
  const { transcript } = digest(claude, openTail({ logOffset: 0, transcript: claude.begin(NEW_RUN) }), bytes);
  assert.deepEqual([transcript.session, transcript.unknownLines], ["47fd4724-6c0e", 2]);
});

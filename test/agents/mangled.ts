/** Recorded transcripts in which anything may have become anything else: nobody promises the next version's shape. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Backend, Transcript } from "../../agents/backend.ts";
import { readTranscript, writeTranscript } from "../../agents/transcript.ts";
import { NEW_RUN, SILENT_END } from "./profile.ts";
import { casesOf, fold, recording } from "./transcripts.ts";
import { withoutWritten } from "./without-written.ts";

/** Holds a backend to it that no line makes it throw, and that what it understood can be stored and read back. */
export function expectToughness(backend: Backend, folder: string = backend.name): void {
  const lines = casesOf(folder).flatMap((name) => linesOf(recording(name, folder).stdout));
  const line = fc.nat(lines.length - 1).map((at) => lines[at] ?? "");
  const broken = fc.oneof(
    line,
    fc.tuple(line, fc.infiniteStream(fc.nat(9)), fc.jsonValue({ maxDepth: 1 })).map(mangle),
    fc.tuple(line, fc.nat(400)).map(([text, length]) => text.slice(0, length)),
    fc.json({ maxDepth: 3 }),
    fc.string(),
  );
  test(`A24: ${backend.name} reads whatever is printed without an exception`, () => {
    fc.assert(
      fc.property(fc.array(broken, { maxLength: 30 }), (said) => {
        const transcript = said.reduce<Transcript>(
          (sum, text) => backend.read(sum, text),
          backend.begin(NEW_RUN),
        );
        const stored = readTranscript(backend, NEW_RUN, writeTranscript(transcript), 7);
        assert.deepEqual(stored, {
          transcript: JSON.parse(JSON.stringify(withoutWritten(transcript))),
          logOffset: 7,
        });
        assert.equal(transcript.lines + transcript.unknownLines, said.length);
        backend.conclude(transcript, { ...SILENT_END, exitCode: 0 });
      }),
    );
  });
  expectDepth(backend, lines);
}

/** A value as deep as no program prints one, and far below the longest line. */
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;

/** The line with deep values in the place of its innermost objects and empty lists. */
function deepened(line: string): string {
  return line.replace(/\{[^{}[\]]*\}|\[\]/g, `{"command":${DEEP}}`);
}

/** Lines nested deeper than a stack are read or skipped, one by one, and the others count as ever. */
function expectDepth(backend: Backend, lines: readonly string[]): void {
  test(`A24: ${backend.name} survives lines that are nested 20,000 deep`, () => {
    const said = lines.flatMap((line) => [deepened(line), line]);
    const { transcript } = fold(backend, new TextEncoder().encode(said.join("\n")));
    assert.equal(transcript.lines + transcript.unknownLines, said.filter((line) => line !== "").length);
    assert.ok(transcript.lines >= lines.filter((line) => line !== "").length / 2);
    writeTranscript(transcript);
  });
}

/** And that its program's record of a session is as harmless. */
export function expectSessionToughness({ name, begin, sessions }: Backend, record: string): void {
  const lines = record.split("\n");
  const line = fc.nat(lines.length - 1).map((at) => lines[at] ?? "");
  const broken = fc.tuple(line, fc.infiniteStream(fc.nat(9)), fc.jsonValue({ maxDepth: 1 })).map(mangle);
  test(`A16: the record of a session of ${name} is read without an exception`, () => {
    assert.ok(sessions !== null);
    fc.assert(
      fc.property(fc.array(fc.oneof(line, broken), { maxLength: 30 }), (said) => {
        const transcript = sessions.read(begin(NEW_RUN), said.join("\n"), 0);
        for (const { inputTokens, outputTokens } of transcript.usage)
          assert.ok(inputTokens + outputTokens >= 0);
      }),
    );
  });
}

function linesOf(stdout: Uint8Array): readonly string[] {
  return new TextDecoder().decode(stdout).split("\n");
}

/** The line with one value in it replaced; `path` chooses which. */
function mangle([line, path, value]: readonly [string, Iterable<number>, unknown]): string {
  const steps = path[Symbol.iterator]();
  const replace = (node: unknown): unknown => {
    const step: number = steps.next().value ?? 0;
    if (typeof node !== "object" || node === null || step === 0) return value;
    const entries = Object.entries(node);
    const chosen = entries[step % Math.max(1, entries.length)]?.[0];
    const changed = entries.map(([key, inner]) => [key, key === chosen ? replace(inner) : inner]);
    return Array.isArray(node) ? changed.map(([, inner]) => inner) : Object.fromEntries(changed);
  };
  try {
    return JSON.stringify(replace(JSON.parse(line)));
  } catch (error) {
    if (error instanceof SyntaxError) return line;
    throw error;
  }
}

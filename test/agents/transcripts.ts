/** Reads recorded transcripts of `test/fixtures/claude` and takes them through the same way as a run's log. */

import { readdirSync, readFileSync } from "node:fs";
import type { Backend, Ending } from "../../agents/backend.ts";
import type { Supervised } from "../../agents/supervise.ts";
import { digest, finish, openTail, type Tail } from "../../agents/tail.ts";
import { readTranscript } from "../../agents/transcript.ts";
import type { StopReason } from "../../workflow/model.ts";

const DIRECTORY = new URL("../fixtures/claude/", import.meta.url);

export const CASES: readonly string[] = readdirSync(DIRECTORY)
  .filter((name) => name.endsWith(".stdout"))
  .map((name) => name.slice(0, -".stdout".length))
  .sort();

export interface Recording {
  readonly stdout: Uint8Array;
  readonly ending: Ending;
}

export function recording(name: string): Recording {
  const exit = readFileSync(new URL(`${name}.exit`, DIRECTORY), "utf8").trim();
  const [, signal = null] = /^signal (SIG\w+)$/.exec(exit) ?? [];
  const exitCode = /^\d+$/.test(exit) ? Number(exit) : null;
  const ending = { exitCode, signal, stderrTail: stderrOf(name), resultFile: null };
  return { stdout: readFileSync(new URL(`${name}.stdout`, DIRECTORY)), ending };
}

function stderrOf(name: string): string {
  const hasIt = readdirSync(DIRECTORY).includes(`${name}.stderr`);
  return hasIt ? readFileSync(new URL(`${name}.stderr`, DIRECTORY), "utf8") : "";
}

/** Folds a log given in pieces of these sizes; the last size is repeated until the end. */
export function fold(
  backend: Backend,
  stdout: Uint8Array,
  sizes: readonly number[] = [stdout.length || 1],
): Tail {
  let tail = openTail(readTranscript(backend, null, 0));
  for (let at = 0, n = 0; at < stdout.length; n += 1) {
    const size = sizes[Math.min(n, sizes.length - 1)] ?? 1;
    tail = digest(backend, tail, stdout.subarray(at, at + size));
    at += size;
  }
  return finish(backend, tail);
}

export function ended(
  tail: Tail,
  ending: Ending,
  stopped: StopReason | null = null,
): Extract<Supervised, { kind: "ended" }> {
  const { exitCode: code, signal } = ending;
  const exit = code === null && signal === null ? null : { code, signal, neverRan: false };
  return {
    kind: "ended",
    exit,
    stopped,
    transcript: tail.transcript,
    logOffset: tail.position,
    ranMs: 61_000,
  };
}

/** Reads recorded transcripts of `test/fixtures/<program>` and takes them through the same way as a run's log. */

import { readdirSync, readFileSync } from "node:fs";
import type { Backend, Beginning, Ending, Transcript } from "../../agents/backend.ts";
import type { Supervised } from "../../agents/supervision/supervise.ts";
import { digest, finish, openTail, type Tail } from "../../agents/supervision/tail.ts";
import { readTranscript } from "../../agents/transcript.ts";
import type { StopReason } from "../../workflow/run.ts";
import { NEW_RUN, SILENT_END } from "./profile.ts";

/** By program. One with `-recorded` was recorded in this checkout, by the programs that are installed for it. */
const FOLDERS: Readonly<Record<string, string>> = {
  claude: "fixtures/claude",
  codex: "fixtures/codex",
  copilot: "fixtures/copilot",
  "copilot-recorded": "fixtures/copilot-recorded",
  gemini: "fixtures/gemini",
  opencode: "fixtures/opencode",
  pi: "fixtures/pi",
  qwen: "fixtures/qwen",
  "qwen-recorded": "fixtures/qwen-recorded",
};

/** The cases recorded of a program. */
export function casesOf(program: string): readonly string[] {
  return readdirSync(directoryOf(program))
    .filter((name) => name.endsWith(".stdout"))
    .map((name) => name.slice(0, -".stdout".length))
    .sort();
}

export const CASES: readonly string[] = casesOf("claude");

export interface Recording {
  readonly stdout: Uint8Array;
  readonly ending: Ending;
}

export function recording(name: string, program = "claude"): Recording {
  const directory = directoryOf(program);
  const exit = readFileSync(new URL(`${name}.exit`, directory), "utf8").trim();
  const [, signal = null] = /^(?:signal )?(SIG\w+)$/.exec(exit) ?? [];
  const exitCode = /^\d+$/.test(exit) ? Number(exit) : null;
  const ending = { ...SILENT_END, exitCode, signal, stderrTail: stderrOf(name, directory) };
  return { stdout: readFileSync(new URL(`${name}.stdout`, directory)), ending };
}

function directoryOf(program: string): URL {
  return new URL(`../${FOLDERS[program]}/`, import.meta.url);
}

function stderrOf(name: string, directory: URL): string {
  const hasIt = readdirSync(directory).includes(`${name}.stderr`);
  return hasIt ? readFileSync(new URL(`${name}.stderr`, directory), "utf8").slice(-4_096) : "";
}

/** Folds a log given in pieces of these sizes; the last size is repeated until the end. */
export function fold(
  backend: Backend,
  stdout: Uint8Array,
  sizes: readonly number[] = [stdout.length || 1],
  beginning: Beginning = NEW_RUN,
): Tail {
  let tail = openTail(readTranscript(backend, beginning, null, 0));
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
    ...{ stopped, asked: stopped },
    transcript: tail.transcript,
    logOffset: tail.position,
    ranMs: 61_000,
  };
}

/** Reads single lines as the backend does, from the beginning of a run on. */
export function readerOf(
  backend: Backend,
  beginning: Beginning = NEW_RUN,
): (...lines: readonly object[]) => Transcript {
  return (...lines) =>
    lines.reduce<Transcript>(
      (sum, line) => backend.read(sum, JSON.stringify(line)),
      backend.begin(beginning),
    );
}

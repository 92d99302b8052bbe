/** How a recorded transcript has to end: one line of a table per recording, and the test that holds a backend to it. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { Backend, Beginning } from "../../agents/backend.ts";
import { concludeEnding } from "../../agents/conclude.ts";
import type { Terminal } from "../../agents/terminal.ts";
import type { FailureClass } from "../../workflow/faults.ts";
import type { StopReason, Usage } from "../../workflow/run.ts";
import { NEW_RUN } from "./profile.ts";
import { casesOf, ended, fold, recording } from "./transcripts.ts";

/** Tokens as `input output cacheRead cacheCreation`, and what they cost. */
export interface Expected {
  readonly end: "ok" | FailureClass;
  readonly stopped?: StopReason;
  readonly tokens?: readonly [number, number, number, number];
  readonly reasoning?: number;
  readonly nanos?: number | null;
  readonly retryAfterMs?: number;
}

/** Every recording of the program has its line in the table, and ends as it says, however its bytes arrive. */
export function expectRecordings(
  backend: Backend,
  expected: Readonly<Record<string, Expected>>,
  {
    folder = backend.name,
    beginning = NEW_RUN,
  }: { readonly folder?: string; readonly beginning?: Beginning } = {},
): void {
  test(`A24: every recorded transcript of ${folder} has its expectation, and every expectation its transcript`, () => {
    const names = Object.keys(expected).toSorted((a, b) => (a < b ? -1 : 1));
    assert.deepEqual(casesOf(folder), names);
  });
  for (const [name, line] of Object.entries(expected)) {
    test(`A24: ${folder} ${name} ends as ${line.end}, however its bytes arrive`, () => {
      const { stdout, ending } = recording(name, folder);
      const sizes = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(sizes, (pieces) => {
          const tail = fold(backend, stdout, pieces, beginning);
          const end = concludeEnding(backend, ended(tail, ending, line.stopped), ending, 0);
          assert.equal(end.outcome.status === "succeeded" ? "ok" : end.outcome.failure, line.end);
          assert.equal(tail.position, stdout.length);
          assertUsage(end.usage, line);
          if (line.retryAfterMs !== undefined && end.outcome.status !== "succeeded")
            assert.equal(end.outcome.retryAfterMs, line.retryAfterMs);
        }),
        { numRuns: 5 },
      );
    });
  }
}

function assertUsage(usage: readonly Usage[], line: Expected): void {
  const { tokens, nanos, reasoning } = line;
  if (tokens !== undefined) assert.deepEqual(sumOf(usage), tokens);
  if (nanos !== undefined) assert.equal(costOf(usage), nanos);
  if (reasoning !== undefined)
    assert.equal(
      usage.reduce((total, row) => total + row.reasoningTokens, 0),
      reasoning,
    );
}

export function sumOf(usage: readonly Usage[]): readonly [number, number, number, number] {
  const add = (pick: (row: Usage) => number): number => usage.reduce((total, row) => total + pick(row), 0);
  return [
    add((row) => row.inputTokens),
    add((row) => row.outputTokens),
    add((row) => row.cacheReadTokens),
    add((row) => row.cacheCreationTokens),
  ];
}

export function costOf(usage: readonly Usage[]): number | null {
  return usage.reduce<number | null>(
    (total, row) => (total === null || row.costNanos === null ? null : total + row.costNanos),
    0,
  );
}

/** The class that a last word names, "ok" for success, and "none" where nothing was said. */
export function failureOf(terminal: Terminal | null): string {
  return terminal === null ? "none" : terminal.ok ? "ok" : terminal.failure;
}

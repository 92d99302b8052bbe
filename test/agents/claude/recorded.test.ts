/** Every recorded transcript of Claude Code 2.1.329, read and classified. */

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { claude } from "../../../agents/claude/claude.ts";
import { concludeEnding } from "../../../agents/conclude.ts";
import type { FailureClass } from "../../../workflow/faults.ts";
import type { StopReason, Usage } from "../../../workflow/run.ts";
import { NEW_RUN, SILENT_END } from "../profile.ts";
import { CASES, ended, fold, recording } from "../transcripts.ts";

/** Tokens as `input output cacheRead cacheCreation`, and what they cost. */
interface Expected {
  readonly end: "ok" | FailureClass;
  readonly stopped?: StopReason;
  readonly tokens?: readonly [number, number, number, number];
  readonly nanos?: number | null;
  readonly model?: string;
}

const WORKED: Expected = { end: "ok", tokens: [1012, 154, 10014, 2506], nanos: 10_830_400 };
const NOTHING_USED = { tokens: [0, 0, 0, 0], nanos: 0 } as const;
const fails = (end: FailureClass): Expected => ({ end, ...NOTHING_USED });
/** Killed before a result: input is exact, output is an estimate, so its tokens are not asserted here. */
const killed = (stopped: StopReason, end: FailureClass): Expected => ({ end, stopped });
const interrupted = (output: number, nanos: number, late = true): Expected => ({
  end: "cancelled",
  stopped: "cancelled",
  tokens: late ? [1012, output, 10014, 2506] : [1001, output, 4007, 2003],
  nanos,
});

const EXPECTED: Readonly<Record<string, Expected>> = {
  "api-timeout": fails("network"),
  "argv-prompt-stdin-pipe-open": WORKED,
  auth401: fails("auth"),
  "auth401-json": fails("auth"),
  // Text output is never asked for; there is nothing to be read in it.
  "auth401-text": fails("agent_error"),
  "bad-flag": fails("agent_error"),
  "bad-json": fails("server_error"),
  "bad-model-name": { ...WORKED, model: "no-such-model-xyz", nanos: null },
  "bad-sse": fails("server_error"),
  bare: WORKED,
  "conn-refused": fails("network"),
  "effort-high": WORKED,
  "env-marker-in-tool": killed("cancelled", "cancelled"),
  "hang-no-answer": { end: "timeout", stopped: "timeout", ...NOTHING_USED },
  "max-budget": { end: "budget_limit", tokens: [3003, 303, 12021, 6009], nanos: 25_260_600 },
  "max-budget-json": { end: "budget_limit", tokens: [3003, 303, 12021, 6009], nanos: 25_260_600 },
  mcp: WORKED,
  "mcp-broken": WORKED,
  "mcp-sigkill-in-tool": killed("cancelled", "cancelled"),
  "mcp-sigterm-in-tool": killed("stalled", "stalled"),
  "no-credentials": fails("auth"),
  "no-model": fails("model_unavailable"),
  "not-a-git-repo": WORKED,
  "overloaded-forever": fails("overloaded"),
  "overloaded-no-retries": fails("overloaded"),
  "overloaded-then-ok": WORKED,
  "partial-messages": WORKED,
  "permission-denied-default": WORKED,
  quota: fails("billing"),
  "rate429-forever": fails("rate_limit"),
  "rate429-long-retry-after": fails("rate_limit"),
  "rate429-no-retries": fails("rate_limit"),
  "rate429-no-retries-json": fails("rate_limit"),
  "rate429-oauth": WORKED,
  "rate429-then-ok": WORKED,
  // The totals of this one are cumulative over the session: 2024 and 0.0216608.
  resume: WORKED,
  "resume-unknown": fails("invalid_session"),
  "session-id": WORKED,
  "sigint-group-in-tool": interrupted(101, 8_420_200, false),
  "sigint-group-streaming": interrupted(116, 10_450_400),
  "sigint-in-tool": interrupted(101, 8_420_200, false),
  "sigint-streaming": interrupted(124, 10_530_400),
  "sigkill-in-tool": killed("cancelled", "cancelled"),
  "sigterm-group-streaming": killed("timeout", "timeout"),
  "sigterm-in-retry": { end: "timeout", stopped: "timeout", ...NOTHING_USED },
  "sigterm-in-tool": killed("timeout", "timeout"),
  "sigterm-in-tool-json": { end: "timeout", stopped: "timeout", ...NOTHING_USED },
  "sigterm-streaming": killed("timeout", "timeout"),
  "stdin-1mb": WORKED,
  "stdin-devnull-argv-prompt": WORKED,
  "stdin-left-open": { end: "timeout", stopped: "timeout", ...NOTHING_USED },
  success: WORKED,
  "success-json": WORKED,
  "success-root": fails("policy"),
  "success-root-is-sandbox": WORKED,
  "success-text": fails("agent_error"),
  // With an API key a limit looks like any 429: without a structured field it is not called a usage limit.
  "usage-limit": fails("rate_limit"),
  "usage-limit-oauth": fails("usage_limit"),
  "usage-limit-oauth-json": fails("usage_limit"),
};

/** A moment before the recorded reset, 2026-11-21T07:11:03Z. */
const NOW = 1_795_245_063_000 - 3_600_000;

test("A24: every recorded transcript has its expectation, and every expectation its transcript", () => {
  assert.deepEqual(
    CASES,
    Object.keys(EXPECTED).toSorted((a, b) => (a < b ? -1 : 1)),
  );
});

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`A24: claude ${name} ends as ${expected.end}, however its bytes arrive`, () => {
    const { stdout, ending } = recording(name);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const tail = fold(claude, stdout, sizes);
        const { outcome, usage } = concludeEnding(claude, ended(tail, ending, expected.stopped), ending, NOW);
        assert.equal(outcome.status === "succeeded" ? "ok" : outcome.failure, expected.end);
        assert.equal(tail.position, stdout.length);
        if (expected.tokens !== undefined) assert.deepEqual(sum(usage), expected.tokens);
        if (expected.nanos !== undefined) assert.equal(cost(usage), expected.nanos);
        if (expected.tokens?.[0]) assert.equal(usage[0]?.model, expected.model ?? "claude-sonnet-5-5");
      }),
      { numRuns: 8 },
    );
  });
}

test("A24: read byte by byte, a transcript tells the same as in one piece", () => {
  const { stdout } = recording("partial-messages");
  assert.deepEqual(fold(claude, stdout, [1]).transcript, fold(claude, stdout).transcript);
});

test("A16: the cost of a known model is the agent's own, that of an unknown one is unpriced and not a guess", () => {
  const known = fold(claude, recording("success").stdout).transcript.usage;
  assert.deepEqual(
    known.map(({ costSource }) => costSource),
    ["agent"],
  );
  const unknown = fold(claude, recording("bad-model-name").stdout).transcript.usage;
  assert.deepEqual(
    unknown.map(({ costSource, costNanos }) => [costSource, costNanos]),
    [["unpriced", null]],
  );
});

test("A16: a run that was killed without a result keeps its input exactly and its output as an estimate", () => {
  const { usage } = fold(claude, recording("sigkill-in-tool").stdout).transcript;
  const [input, output, cacheRead, cacheCreation] = sum(usage);
  assert.deepEqual([input, cacheRead, cacheCreation], [1001, 4007, 2003]);
  assert.ok(output > 1 && output < 101, `estimated ${output} of 101`);
  assert.equal(usage[0]?.costSource, "priced");
});

test("A16: live usage never counts a message twice and grows with every call", () => {
  const lines = Buffer.from(recording("max-budget").stdout).toString().split("\n");
  const inputs: number[] = [];
  let transcript = claude.begin(NEW_RUN);
  for (const line of lines.slice(0, -2)) {
    transcript = claude.read(transcript, line);
    inputs.push(sum(transcript.usage)[0]);
  }
  assert.deepEqual(inputs, [0, 1001, 1001, 1001, 2002, 2002, 2002, 3003, 3003]);
});

test("A24: without `model_usage_since_last_result` a resumed run still counts only itself", () => {
  const strip = (name: string): Uint8Array =>
    Buffer.from(
      Buffer.from(recording(name).stdout)
        .toString()
        .replace("model_usage_since_last_result", "no_longer_known"),
    );
  assert.deepEqual(sum(fold(claude, strip("resume")).transcript.usage), [1012, 154, 10014, 2506]);
  // `usage` of this one misses the last call; `modelUsage` has it, and the calls that were seen bear it out.
  assert.deepEqual(sum(fold(claude, strip("max-budget")).transcript.usage), [3003, 303, 12021, 6009]);
});

test("I9: a usage limit waits for its reset and a minute more, from the structured field in epoch seconds", () => {
  const { stdout, ending } = recording("usage-limit-oauth");
  const { outcome } = concludeEnding(claude, ended(fold(claude, stdout), ending), ending, NOW);
  assert.equal(outcome.status === "succeeded" ? 0 : outcome.retryAfterMs, 3_600_000 + 60_000);
  const late = concludeEnding(claude, ended(fold(claude, stdout), ending), ending, NOW + 7_200_000).outcome;
  assert.equal(
    late.status === "succeeded" ? 0 : late.retryAfterMs,
    60_000,
    "a time in the past is not trusted",
  );
});

test("A signal from outside is an interruption and no failure of the agent", () => {
  for (const name of ["sigint-group-streaming", "sigint-in-tool", "sigterm-in-tool"]) {
    const { stdout, ending } = recording(name);
    const { outcome } = concludeEnding(claude, ended(fold(claude, stdout), ending), ending, NOW);
    assert.equal(outcome.status === "succeeded" ? "ok" : outcome.failure, "interrupted", name);
  }
});

test("A15: without an exit record and without a last word the process vanished", () => {
  const { stdout } = recording("sigkill-in-tool");
  const ending = SILENT_END;
  const { outcome } = concludeEnding(claude, ended(fold(claude, stdout), ending), ending, NOW);
  assert.ok(outcome.status === "lost");
  assert.equal(outcome.failure, "crashed");
  assert.equal(outcome.reason, "the process vanished without an exit record");
});

test("Tools that were not permitted are named in the summary of a run that calls itself a success", () => {
  const { terminal } = fold(claude, recording("permission-denied-default").stdout).transcript;
  assert.match(terminal?.summary ?? "", /not permitted: Bash/);
});

function sum(usage: readonly Usage[]): readonly [number, number, number, number] {
  const add = (pick: (row: Usage) => number): number => usage.reduce((total, row) => total + pick(row), 0);
  return [
    add((row) => row.inputTokens),
    add((row) => row.outputTokens),
    add((row) => row.cacheReadTokens),
    add((row) => row.cacheCreationTokens),
  ];
}

function cost(usage: readonly Usage[]): number | null {
  return usage.reduce<number | null>(
    (total, row) => (total === null || row.costNanos === null ? null : total + row.costNanos),
    0,
  );
}

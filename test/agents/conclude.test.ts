/** The order of evidence at the end of a run. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Backend, Transcript } from "../../agents/backend.ts";
import { claude } from "../../agents/claude/claude.ts";
import { command } from "../../agents/command/command.ts";
import { concludeEnding } from "../../agents/conclude.ts";
import { type Failure, failed, type Terminal } from "../../agents/terminal.ts";
import type { ExitRecord } from "../../system/process/processes.ts";
import type { RunOutcome, StopReason } from "../../workflow/run.ts";
import { NEW_RUN, SILENT_END } from "./profile.ts";

const OK: Terminal = { ok: true, summary: "worked" };
const BAD: Terminal = {
  ok: false,
  failure: "overloaded",
  reason: "529",
  summary: null,
  retryAfterMs: 7,
  resetAt: null,
};
const USAGE = [{ ...count(), model: "m", costNanos: 1, costSource: "agent" as const }];

function count(): Record<
  "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheCreationTokens" | "reasoningTokens",
  number
> {
  return { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheCreationTokens: 0, reasoningTokens: 0 };
}

interface Evidence {
  readonly stopped?: StopReason;
  readonly asked?: StopReason;
  /** The result file of a command. */
  readonly result?: string;
  readonly backend?: Backend;
  readonly terminal?: Terminal;
  readonly exit?: Partial<ExitRecord> | null;
  readonly now?: number;
  readonly stderrTail?: string;
  readonly violation?: string;
  readonly setup?: Failure;
}

function conclude({
  stopped,
  asked,
  result,
  backend = claude,
  terminal,
  exit = {},
  now = 0,
  stderrTail = "",
  violation,
  setup,
}: Evidence): ReturnType<typeof concludeEnding> {
  const transcript: Transcript = {
    ...claude.begin(NEW_RUN),
    terminal: terminal ?? null,
    session: "s",
    usage: USAGE,
  };
  const record: ExitRecord | null =
    exit === null ? null : { code: 1, signal: null, neverRan: false, ...exit };
  const ended = {
    kind: "ended" as const,
    exit: record,
    stopped: stopped ?? null,
    asked: asked ?? stopped ?? null,
    transcript,
    logOffset: 0,
    ranMs: 2_700_400,
  };
  const { code: exitCode, signal } = record ?? { code: null, signal: null };
  const outputs = result === undefined ? {} : { "result.json": result };
  const ending = {
    ...SILENT_END,
    exitCode,
    signal,
    stderrTail,
    outputs,
    violation: violation ?? null,
    setup: setup ?? null,
  };
  return concludeEnding(backend, ended, ending, now);
}

function brief(outcome: RunOutcome): string {
  return outcome.status === "succeeded"
    ? outcome.status
    : `${outcome.status} ${outcome.failure}: ${outcome.reason}`;
}

test("First, whether we stopped it, and the reason says after how long", () => {
  const evidence = { terminal: OK, exit: { code: 0 } };
  assert.equal(
    brief(conclude({ ...evidence, stopped: "cancelled" }).outcome),
    "killed cancelled: it was cancelled after 45 minutes",
  );
  assert.match(brief(conclude({ stopped: "timeout" }).outcome), /^killed timeout: it reached its time limit/);
  assert.match(brief(conclude({ stopped: "stalled" }).outcome), /^killed stalled: /);
  assert.match(brief(conclude({ stopped: "shutdown" }).outcome), /^killed shutdown: /);
  assert.match(brief(conclude({ stopped: "paused" }).outcome), /^killed paused: it was paused after /);
});

test("I14: where something else lies in the place of its files, a run has failed whatever it says, but for what it calls a failure itself", () => {
  const violation = "r/out/result.json is a named pipe and not a file; it was not read";
  const told = `failed agent_error: ${violation}`;
  const exit = { code: 0 };
  assert.equal(brief(conclude({ terminal: OK, exit, violation }).outcome), told);
  assert.equal(brief(conclude({ backend: command, exit, violation }).outcome), told);
  assert.equal(brief(conclude({ exit: null, violation }).outcome), told);
  const limit = failed("usage_limit", "the limit");
  assert.match(brief(conclude({ terminal: limit, exit, violation }).outcome), /^failed usage_limit: /);
  assert.match(brief(conclude({ exit, violation, stopped: "cancelled" }).outcome), /^killed cancelled: /);
});

const OURS: readonly StopReason[] = ["budget", "timeout", "stalled", "runaway", "shutdown", "paused"];

test("Work that a program called finished stays finished, however late our own stop reached it; a person's cancel counts", () => {
  const result = '{"status":"ok","summary":"worked"}';
  for (const stopped of OURS) {
    assert.equal(brief(conclude({ terminal: OK, exit: { code: 0 }, stopped }).outcome), "succeeded", stopped);
    const { outcome } = conclude({ backend: command, result, exit: { code: 143 }, stopped });
    assert.equal(brief(outcome), "succeeded", stopped);
  }
  const cancelled = conclude({ backend: command, result, exit: { code: 0 }, stopped: "cancelled" });
  assert.match(brief(cancelled.outcome), /^killed cancelled: /);
  assert.match(brief(conclude({ terminal: BAD, stopped: "budget" }).outcome), /^killed budget_limit: /);
  const failed = conclude({ backend: command, result: '{"status":"error"}', stopped: "budget" });
  assert.match(brief(failed.outcome), /^killed budget_limit: /);
  const silent = conclude({ backend: command, exit: { code: 0 }, stopped: "timeout" });
  assert.match(brief(silent.outcome), /^killed timeout: /, "an exit code alone is no word");
});

test("A stop that was asked for and reached nobody takes nothing from a success, and explains a failure", () => {
  for (const asked of [...OURS, "cancelled"] as const) {
    assert.equal(brief(conclude({ terminal: OK, asked }).outcome), "succeeded", asked);
    const byExit = conclude({ backend: command, exit: { code: 0 }, asked });
    assert.equal(brief(byExit.outcome), "succeeded", asked);
    assert.match(brief(conclude({ backend: command, exit: { code: 1 }, asked }).outcome), /^killed /, asked);
  }
  const refused = conclude({ terminal: BAD, asked: "timeout" });
  assert.match(brief(refused.outcome), /^killed overloaded: .* while it waited because of this: 529$/);
  assert.match(brief(conclude({ exit: null, asked: "cancelled" }).outcome), /^killed cancelled: /);
});

test("Then its own last word, against the exit code; lingering is no failure", () => {
  assert.equal(brief(conclude({ terminal: OK, exit: { code: 1 } }).outcome), "succeeded");
  assert.equal(brief(conclude({ terminal: BAD, exit: { code: 0 } }).outcome), "failed overloaded: 529");
  assert.equal(brief(conclude({ terminal: OK, exit: null, stopped: "lingering" }).outcome), "succeeded");
  assert.equal(brief(conclude({ terminal: OK, exit: null }).outcome), "succeeded");
});

test("Then the exit record, and without one it crashed", () => {
  assert.equal(brief(conclude({}).outcome), "failed agent_error: the agent exited with code 1");
  assert.equal(
    brief(conclude({ exit: null }).outcome),
    "lost crashed: the process vanished without an exit record",
  );
  assert.match(
    brief(conclude({ exit: { code: null, signal: "SIGKILL" } }).outcome),
    /^lost crashed: .* SIGKILL/,
  );
});

test("F3: an agent whose gate was never opened did not run, whatever code its launcher left", () => {
  const { outcome } = conclude({ exit: { code: 75, neverRan: true } });
  assert.match(brief(outcome), /^lost interrupted: the agent was never started: the daemon ended before/);
  const unscoped = conclude({ exit: { code: 1, neverRan: true }, stderrTail: "Failed to connect to bus\n" });
  assert.match(brief(unscoped.outcome), /^lost host: .* into a scope failed: Failed to connect to bus$/);
  const setup = conclude({
    exit: { code: 77, neverRan: true },
    setup: failed("setup", "it failed: no such"),
  });
  assert.equal(brief(setup.outcome), "failed setup: it failed: no such");
  const cancelled = conclude({
    ...{ exit: { code: 143, neverRan: true }, stopped: "cancelled" as const },
    setup: failed("interrupted", "it was ended"),
  });
  assert.match(brief(cancelled.outcome), /^killed cancelled: /);
});

test("I8: usage and session are kept in every case", () => {
  for (const evidence of [{ stopped: "cancelled" as const }, { terminal: OK }, { exit: null }]) {
    const { usage, session } = conclude(evidence);
    assert.deepEqual([usage, session], [USAGE, "s"]);
  }
});

test("What the service asked to wait is passed on; a usage limit waits for its reset, within bounds", () => {
  const wait = (terminal: Terminal, now: number): number => {
    const { outcome } = conclude({ terminal, now });
    return outcome.status === "succeeded" ? -1 : outcome.retryAfterMs;
  };
  const limit = (resetAt: number | null): Terminal => ({ ...BAD, failure: "usage_limit", resetAt });
  assert.equal(wait(BAD, 0), 7);
  assert.equal(wait(limit(10_000_000), 1_000_000), 9_060_000);
  assert.equal(wait(limit(1_000), 1_000_000), 60_000);
  assert.equal(wait(limit(1e15), 0), 8 * 24 * 3_600_000);
  assert.equal(wait(limit(null), 0), 0, "decided by whoever knows of other tasks");
  const spans: Terminal = { ...BAD, failure: "usage_limit", resetAt: null, retryAfterMs: 7_200_000 };
  assert.equal(wait(spans, 0), 7_260_000);
});

test("F4: a reset that nobody named is called so", () => {
  const limit: Terminal = { ...BAD, failure: "usage_limit", reason: "limit reached", resetAt: null };
  assert.match(
    brief(conclude({ terminal: limit }).outcome),
    /limit reached \(no reset was named; it is tried again/,
  );
});

test("I9: a run that was stopped while it only waited for its service failed for the service's reason, and costs no attempt", () => {
  const limit: Terminal = { ...BAD, failure: "usage_limit", reason: "limit reached", resetAt: 10_000_000 };
  const { outcome } = conclude({ stopped: "stalled", terminal: limit, now: 1_000_000 });
  assert.ok(outcome.status === "killed");
  assert.deepEqual([outcome.failure, outcome.retryAfterMs], ["usage_limit", 9_060_000]);
  assert.match(
    outcome.reason,
    /^it was silent for too long .* while it waited because of this: limit reached$/,
  );
  assert.match(brief(conclude({ stopped: "timeout", terminal: BAD }).outcome), /^killed overloaded: /);
  const own: Terminal = { ...BAD, failure: "agent_error" };
  assert.match(brief(conclude({ stopped: "stalled", terminal: own }).outcome), /^killed stalled: /);
  assert.match(brief(conclude({ stopped: "cancelled", terminal: limit }).outcome), /^killed cancelled: /);
  assert.match(brief(conclude({ stopped: "runaway", terminal: limit }).outcome), /^killed runaway: /);
});

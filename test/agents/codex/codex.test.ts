/** Codex: every recorded transcript of 0.169.0, its rollouts, its command line, and what was not recorded. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { codex } from "../../../agents/codex/codex.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import type { Usage } from "../../../workflow/run.ts";
import { costOf, type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectSessionToughness, expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

/** No line names the model, so nobody knows the price. */
const WORKED: Expected = { end: "ok", tokens: [1012, 154, 10014, 2506], reasoning: 60, nanos: null };
const fails = (end: Expected["end"]): Expected => ({ end, tokens: [0, 0, 0, 0], nanos: 0 });
type Stop = Extract<Expected["stopped"], Expected["end"]>;
const stopped = (reason: Stop, end: Expected["end"] = reason): Expected => ({
  ...fails(end),
  stopped: reason,
});
const INTERRUPTED = fails("interrupted");
const CRASHED = fails("crashed");

const EXPECTED: Readonly<Record<string, Expected>> = {
  // It waits for the end of its stdin.
  "argv-prompt-stdin-pipe-open": stopped("stalled"),
  auth401: fails("auth"),
  "bad-flag": fails("agent_error"),
  "bad-json": fails("network"),
  "bad-sse": fails("network"),
  "builtin-openai-401": fails("auth"),
  "builtin-openai-api-key": WORKED,
  "chatgpt-401": fails("network"),
  "chatgpt-ok": WORKED,
  "chatgpt-overloaded-forever": fails("overloaded"),
  "chatgpt-rate429-forever": fails("rate_limit"),
  "codemode-sigint-in-tool": INTERRUPTED,
  "codemode-sigterm-in-tool": INTERRUPTED,
  "codex-known-model": WORKED,
  // It would wait for a network for ever; what it waits for is why it ends.
  "conn-refused": stopped("timeout", "network"),
  "env-marker-in-tool": CRASHED,
  "hang-no-answer": stopped("stalled"),
  "known-model-gpt-5.5": WORKED,
  mcp: WORKED,
  "mcp-broken": WORKED,
  "mcp-env-sigkill": CRASHED,
  "mcp-sigkill-in-tool": CRASHED,
  "mcp-sigterm-in-tool": stopped("cancelled"),
  "no-credentials": fails("auth"),
  "no-flags-sandbox-default": WORKED,
  "no-model": fails("model_unavailable"),
  "no-retries": fails("overloaded"),
  "not-a-git-repo": WORKED,
  "not-a-git-repo-no-skip": WORKED,
  "overloaded-forever": fails("overloaded"),
  "overloaded-then-ok": WORKED,
  "rate429-forever": fails("rate_limit"),
  "rate429-long-retry-after": stopped("stalled", "rate_limit"),
  "rate429-then-ok": WORKED,
  // Without knowing what the first run has used it is taken as a whole; see below.
  resume: { end: "ok", tokens: [2024, 308, 20028, 5012] },
  "resume-unknown": fails("invalid_session"),
  "sandbox-read-only": WORKED,
  "sandbox-workspace-write": WORKED,
  "sigint-group-in-tool": INTERRUPTED,
  "sigint-group-streaming": stopped("cancelled"),
  "sigint-in-tool": INTERRUPTED,
  "sigint-streaming": INTERRUPTED,
  "sigkill-in-tool": CRASHED,
  "sigterm-group-streaming": INTERRUPTED,
  "sigterm-in-retry": fails("rate_limit"),
  "sigterm-in-tool": INTERRUPTED,
  "sigterm-streaming": INTERRUPTED,
  "stdin-1mb": WORKED,
  "stdin-devnull-argv-prompt": WORKED,
  "stdin-left-open": stopped("stalled"),
  "stream-idle-timeout": stopped("stalled"),
  success: WORKED,
  // Not the format that we ask for: kept and skipped.
  "success-text": fails("agent_error"),
  "usage-limit": fails("usage_limit"),
  "x-ephemeral": WORKED,
  "x-noanalytics": WORKED,
  "x-nomem": WORKED,
  "x-noplugins": WORKED,
  "x-nosnap": WORKED,
  "x-noupdate": WORKED,
};

expectRecordings(codex, EXPECTED);
expectToughness(codex);

const ROLLOUT = rollout("session");
expectSessionToughness(codex, `${ROLLOUT}\n${rollout("session-usage-limit")}`);

function rollout(name: string): string {
  return readFileSync(new URL(`../../fixtures/codex/${name}.jsonl`, import.meta.url), "utf8");
}

function better(transcript: Transcript, text: string, since: string): Transcript {
  assert.ok(codex.sessions !== null);
  return codex.sessions.read(transcript, text, Date.parse(since));
}

function read(...lines: readonly object[]): Transcript {
  return lines.reduce<Transcript>((sum, line) => codex.read(sum, JSON.stringify(line)), codex.begin(NEW_RUN));
}

const failureOf = (terminal: Terminal | null): string =>
  terminal === null ? "none" : terminal.ok ? "ok" : terminal.failure;

/** What the first run of the recorded thread has used. */
const BEFORE: Usage = {
  ...{ model: "gpt-5.1-codex", inputTokens: 1012, outputTokens: 154, reasoningTokens: 60 },
  ...{ cacheReadTokens: 10014, cacheCreationTokens: 2506, costNanos: null, costSource: "unpriced" },
};

test("I8: of a thread's total a resumed run counts what earlier runs have not used, whatever their models were", () => {
  const { stdout } = recording("resume", "codex");
  const half = {
    ...BEFORE,
    inputTokens: 506,
    outputTokens: 77,
    cacheReadTokens: 5007,
    cacheCreationTokens: 1253,
  };
  for (const baseline of [[BEFORE], [half, { ...half, model: "another" }]]) {
    const { transcript } = fold(codex, stdout, undefined, { ...NEW_RUN, resumed: true, baseline });
    assert.deepEqual(sumOf(transcript.usage), [1012, 154, 10014, 2506]);
  }
});

test("I8: a total that is less than what was used before belongs to a thread that began anew", () => {
  const more = { ...BEFORE, inputTokens: 50_000 };
  const beginning = { ...NEW_RUN, resumed: true, baseline: [more] };
  const { transcript } = fold(codex, recording("resume", "codex").stdout, undefined, beginning);
  assert.deepEqual(sumOf(transcript.usage), [2024, 308, 20028, 5012]);
});

test("A16: tokens are priced by the model that was asked for", () => {
  const { stdout } = recording("success", "codex");
  const { transcript } = fold(codex, stdout, undefined, { ...NEW_RUN, model: "gpt-6.1-terra" });
  // 1012 x $1 + 2506 x $1.25 + 10014 x $0.05 + 154 x $5, per million.
  assert.equal(costOf(transcript.usage), 5_415_200);
});

test("A16: the rollout tells the model and every call of this run, and none of an earlier one", () => {
  const since = (moment: string): readonly Usage[] => better(codex.begin(NEW_RUN), ROLLOUT, moment).usage;
  assert.deepEqual(since("2026-11-21T05:06:00Z"), [BEFORE]);
  assert.deepEqual(sumOf(since("2026-11-21T04:52:00Z")), [2024, 308, 20028, 5012]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  assert.equal(better(codex.begin(NEW_RUN), ROLLOUT, "2026-11-21T04:52:00Z").model, "gpt-5.1-codex");
});

test("A16: the rollout tells what an interrupted run has used, once, and that it was interrupted", () => {
  const { stdout } = recording("sigint-streaming", "codex");
  const { transcript } = fold(codex, stdout);
  assert.deepEqual(transcript.usage, []);
  const bettered = better(transcript, rollout("session-sigint"), "2026-11-21T05:01:00Z");
  assert.deepEqual(sumOf(bettered.usage), [1001, 101, 4007, 2003]);
  assert.equal(failureOf(bettered.terminal), "interrupted");
  const waiting = read({ type: "error", message: "Reconnecting... 1/5 (Connection failed: no)" });
  const interrupted = better(waiting, rollout("session-sigint"), "2026-11-21T05:01:00Z");
  const { terminal } = codex.conclude(interrupted, { ...SILENT_END, exitCode: 1 });
  assert.equal(failureOf(terminal), "network");
});

test("A12: the rollout tells to the second when a usage limit resets, and names it in a field", () => {
  const text = rollout("session-usage-limit");
  const failed = read({ type: "turn.failed", error: { message: "an unknown sentence" } });
  assert.equal(failureOf(failed.terminal), "agent_error");
  const { terminal } = better(failed, text, "2026-11-21T05:07:00Z");
  assert.ok(terminal !== null && !terminal.ok);
  assert.deepEqual([terminal.failure, terminal.resetAt], ["usage_limit", 1_795_244_872_000]);
  const quota = read({ type: "turn.failed", error: { message: "Quota exceeded. Check your plan" } });
  assert.equal(failureOf(better(quota, text, "2026-11-21T05:07:00Z").terminal), "billing");
  // A limit that an earlier run met is not this one's.
  assert.equal(failureOf(better(failed, text, "2026-11-21T06:00:00Z").terminal), "agent_error");
  const both = text.replace('"used_percent": 40.0', '"used_percent": 100.0');
  const later = better(failed, both, "2026-11-21T05:07:00Z").terminal;
  assert.equal(later?.ok === false ? later.resetAt : null, 1_795_331_272_000);
  const neither = text.replace('"used_percent": 100.0', '"used_percent": 99.0');
  const unknown = better(failed, neither, "2026-11-21T05:07:00Z").terminal;
  assert.equal(unknown?.ok === false ? unknown.resetAt : 0, null);
});

test("A12: without a rollout the time of day in the sentence is the next one after the end", () => {
  const { stdout, ending } = recording("usage-limit", "codex");
  const endedAt = Date.parse("2026-11-21T04:55:34Z");
  const { terminal } = codex.conclude(fold(codex, stdout).transcript, { ...ending, endedAt });
  assert.equal(terminal.ok ? null : terminal.resetAt, Date.parse("2026-11-21T06:55:00Z"));
});

test("A12: a notice of another try is no failure, and what went well since makes it forgotten", () => {
  const notice = {
    type: "error",
    message: "Reconnecting... 2/5 (unexpected status 503 Service Unavailable: no)",
  };
  const item = { type: "item.completed", item: { id: "i", type: "agent_message", text: "Hello" } };
  const died = (transcript: Transcript, exitCode: number | null, signal: string | null): string =>
    failureOf(codex.conclude(transcript, { ...SILENT_END, exitCode, signal }).terminal);
  const started = { type: "thread.started", thread_id: "t" };
  assert.equal(read(started, notice).terminal, null);
  assert.equal(died(read(started, notice), 1, null), "server_error");
  assert.equal(died(read(started, notice), null, "SIGKILL"), "crashed");
  assert.equal(died(read(started, notice, item), 1, null), "interrupted");
  assert.equal(died(read(started), 0, null), "agent_error");
  const panic = { ...SILENT_END, exitCode: 1, stderrTail: "Error: thread 'main' panicked\n" };
  assert.equal(failureOf(codex.conclude(read(started), panic).terminal), "agent_error");
});

test("A12: sentences that were not recorded fall to the class they name", () => {
  const classes: Readonly<Record<string, string>> = {
    "Quota exceeded. Check your plan and billing details.": "billing",
    "unexpected status 403 Forbidden: no": "forbidden",
    "unexpected status 404 Not Found: no": "model_unavailable",
    "unexpected status 500 Internal Server Error: no": "server_error",
    "exceeded retry limit, last status: 503 Service Unavailable": "server_error",
    "Codex ran out of room in the model's context window. Start a new thread.": "context_overflow",
    "unexpected status 400 Bad Request: You've hit your usage limit": "agent_error",
    "something else": "agent_error",
  };
  for (const [message, failure] of Object.entries(classes)) {
    const { terminal } = read({ type: "turn.failed", error: { message } });
    assert.equal(failureOf(terminal), failure, message);
    assert.equal(terminal?.ok === false ? terminal.reason : "", message);
  }
});

test("I13: a usage limit that the agent or a tool quotes parks nobody", () => {
  const text = "You've hit your usage limit. Try again at 7:07 AM.";
  const items = [
    { id: "a", type: "agent_message", text },
    { id: "b", type: "command_execution", command: "cat", aggregated_output: text, exit_code: 1 },
    { id: "c", type: "error", message: text },
  ].map((item) => ({ type: "item.completed", item }));
  const transcript = read({ type: "thread.started", thread_id: "t" }, ...items);
  assert.equal(transcript.terminal, null);
  const { terminal } = codex.conclude(transcript, {
    ...SILENT_END,
    exitCode: 1,
    stderrTail: `Error: ${text}`,
  });
  assert.equal(failureOf(terminal), "agent_error");
});

test("A turn that begins after the last one takes the last word back", () => {
  const done = { type: "turn.completed", usage: { input_tokens: 5 } };
  assert.equal(read(done).terminal?.ok, true);
  assert.equal(read(done, { type: "turn.started" }).terminal, null);
});

test("A tool is open from its beginning to its end, or the end of the turn", () => {
  const item = { id: "i", type: "command_execution", command: "make" };
  const begun = { type: "item.started", item };
  assert.equal(read(begun, begun).openTools, 1);
  assert.equal(read(begun, { type: "item.completed", item }).openTools, 0);
  assert.equal(read(begun, { type: "turn.failed", error: {} }).openTools, 0);
});

test("Retries and repeated commands make a transcript idle, and anything new ends that", () => {
  const notice = { type: "error", message: "Reconnecting... 1/5 (no)" };
  const make = (id: string, output: string): readonly object[] => {
    const item = { id, type: "command_execution", command: "make" };
    return [
      { type: "item.started", item: { ...item, aggregated_output: "" } },
      { type: "item.completed", item: { ...item, aggregated_output: output } },
    ];
  };
  assert.equal(read(notice, notice).idle, 2);
  assert.equal(read(notice, ...make("a", "ok")).idle, 0);
  assert.equal(read(...make("a", "ok"), ...make("b", "ok"), ...make("c", "ok")).idle, 2);
  assert.equal(read(...make("a", "ok"), ...make("b", "another end")).idle, 0);
});

test("A17: model, effort and session become arguments, permissions a sandbox, and the prompt comes on stdin", () => {
  const invocation = invoke(codex, { model: "gpt-6.1-terra", effort: "low", args: ["-c", "a=1"] }, "01a1");
  assert.deepEqual(invocation.argv, [
    ...["codex", "exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
    ...["--model", "gpt-6.1-terra", "-c", 'model_reasoning_effort="low"', "-c", "analytics.enabled=false"],
    ...["-c", "a=1", "resume", "01a1"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  const sandbox = (profile: Parameters<typeof invoke>[1]): readonly string[] =>
    invoke(codex, profile).argv.slice(4, 6);
  assert.deepEqual(sandbox({ permissions: "workspace" }), ["--sandbox", "workspace-write"]);
  assert.deepEqual(sandbox({ permissions: "read_only" }), ["--sandbox", "read-only"]);
  assert.deepEqual(sandbox({ args: ["--sandbox=read-only"] }), ["-c", "analytics.enabled=false"]);
});

test("A17: servers of the profile become settings, with the mark of the run, because it clears their environment", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ['a "b"', "c"], env: { KEY: "k" } } };
  const { argv } = invoke(codex, { mcp });
  assert.deepEqual(argv.slice(-8), [
    ...[
      "-c",
      'mcp_servers.tracker.command="/usr/bin/node"',
      "-c",
      'mcp_servers.tracker.args=["a \\"b\\"","c"]',
    ],
    ...["-c", 'mcp_servers.tracker.env.KEY="k"', "-c", 'mcp_servers.tracker.env.CHARGEHAND_RUN="r1"'],
  ]);
});

test("Its rollouts are below its home, wherever that is", () => {
  const { sessions } = codex;
  assert.ok(sessions !== null);
  const where = (env: Readonly<Record<string, string>>): string =>
    sessions.where({ env, cwd: "/w", session: "01a1" }).directory;
  assert.equal(where({ HOME: "/home/a" }), "/home/a/.codex/sessions");
  assert.equal(where({ HOME: "/home/a", CODEX_HOME: "/srv/codex" }), "/srv/codex/sessions");
  const { isSession, folders } = sessions.where({ env: {}, cwd: "/w", session: "01a1" });
  assert.equal(folders.length, 3);
  assert.ok(isSession("rollout-2026-11-21T05-07-52-01a1.jsonl"));
  assert.ok(!isSession("rollout-2026-11-21T05-07-52-01a2.jsonl"));
});

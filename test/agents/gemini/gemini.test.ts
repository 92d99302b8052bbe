/** Gemini CLI: every recorded transcript of 0.61.0, its chats, its command line, and what was not recorded. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { gemini } from "../../../agents/gemini/gemini.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import type { Usage } from "../../../workflow/run.ts";
import { type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectSessionToughness, expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";

/** 3518 x $1.25 + 10014 x $0.125 + 154 x $10, per million. */
const WORKED: Expected = { end: "ok", tokens: [3518, 154, 10014, 0], reasoning: 60, nanos: 7_189_250 };
const fails = (end: Expected["end"]): Expected => ({ end, tokens: [0, 0, 0, 0], nanos: 0 });
type Stop = Extract<Expected["stopped"], Expected["end"]>;
const stopped = (reason: Stop, end: Expected["end"] = reason): Expected => ({
  ...fails(end),
  stopped: reason,
});
const INTERRUPTED = fails("interrupted");
const CRASHED = fails("crashed");

const EXPECTED: Readonly<Record<string, Expected>> = {
  "argv-prompt-stdin-pipe-open": WORKED,
  auth401: fails("auth"),
  // Not the format that we ask for: nothing of it is a transcript.
  "auth401-json": fails("agent_error"),
  "bad-flag": fails("agent_error"),
  "bad-json": fails("server_error"),
  "bad-sse": fails("server_error"),
  "conn-refused": fails("network"),
  "env-marker-in-tool": CRASHED,
  "hang-no-answer": stopped("stalled"),
  "max-turns": { end: "turn_limit", tokens: [9012, 303, 12021, 0], reasoning: 120 },
  mcp: WORKED,
  "mcp-sigkill-in-tool": CRASHED,
  "mcp-sigterm-in-tool": INTERRUPTED,
  "no-credentials": fails("auth"),
  "no-model": fails("model_unavailable"),
  "no-relaunch": WORKED,
  "no-yolo": WORKED,
  "not-a-git-repo": WORKED,
  "overloaded-forever": fails("overloaded"),
  "overloaded-then-ok": WORKED,
  // These wait for minutes or hours, and say so on stderr only. What they wait for is why they end.
  "rate429-forever": { ...stopped("timeout", "rate_limit"), retryAfterMs: 2_000 },
  "rate429-forever-json": stopped("timeout", "rate_limit"),
  "rate429-long-retry-after": { ...fails("rate_limit"), retryAfterMs: 3_600_000 },
  "rate429-then-ok": WORKED,
  resume: WORKED,
  "resume-latest": WORKED,
  "session-id": WORKED,
  "sigint-group-in-tool": INTERRUPTED,
  "sigint-group-streaming": INTERRUPTED,
  // Its wrapper ignores signals. We start it without one.
  "sigint-in-tool": stopped("cancelled"),
  "sigint-in-tool-no-relaunch": INTERRUPTED,
  "sigint-streaming": stopped("cancelled"),
  "sigkill-in-tool": CRASHED,
  "sigterm-group-in-tool": INTERRUPTED,
  "sigterm-group-streaming": stopped("cancelled"),
  "sigterm-in-tool": stopped("cancelled"),
  "sigterm-in-tool-no-relaunch": INTERRUPTED,
  "sigterm-streaming": stopped("cancelled"),
  "sigterm-streaming-no-relaunch": INTERRUPTED,
  "stdin-devnull-argv-prompt": WORKED,
  "stdin-left-open": stopped("stalled"),
  success: WORKED,
  "success-json": fails("agent_error"),
  "success-text": fails("agent_error"),
  "usage-limit": stopped("stalled", "usage_limit"),
  "usage-limit-json": stopped("stalled", "usage_limit"),
};

expectRecordings(gemini, EXPECTED);
expectToughness(gemini);

const CHAT = readFileSync(new URL("../../fixtures/gemini/session.jsonl", import.meta.url), "utf8");
expectSessionToughness(gemini, CHAT);

function read(...lines: readonly object[]): Transcript {
  return lines.reduce<Transcript>(
    (sum, line) => gemini.read(sum, JSON.stringify(line)),
    gemini.begin(NEW_RUN),
  );
}

const failureOf = (terminal: Terminal | null): string =>
  terminal === null ? "none" : terminal.ok ? "ok" : terminal.failure;

const says = (content: string): object => ({ type: "message", role: "assistant", content, delta: true });
const uses = (tool_id: string, command = "make"): object => ({
  ...{ type: "tool_use", tool_name: "run_shell_command", tool_id, parameters: { command } },
});
const answers = (tool_id: string): object => ({ type: "tool_result", tool_id, status: "success" });
const error = (message: string): object => ({ type: "error", severity: "error", message });
const SUCCESS = { type: "result", status: "success", stats: {} };
const failure = (message: string): object => ({
  type: "result",
  status: "error",
  error: { type: "unknown", message },
});

test("A24: the summary is what was said since the last tool, put together", () => {
  const { terminal } = read(says("First."), uses("a"), answers("a"), says("All "), says("done."), SUCCESS);
  assert.deepEqual(terminal, { ok: true, summary: "All done." });
});

test("A12: a success without an answer, or with an error after it, is a stream that broke off", () => {
  assert.equal(failureOf(read(SUCCESS).terminal), "server_error");
  assert.equal(
    failureOf(read(says("I will look."), uses("a"), answers("a"), SUCCESS).terminal),
    "server_error",
  );
  assert.equal(
    failureOf(read(says("I wi"), error("the model sent nothing"), SUCCESS).terminal),
    "server_error",
  );
  assert.equal(failureOf(read(error("the model sent nothing"), says("Done."), SUCCESS).terminal), "ok");
  assert.equal(
    failureOf(read(says("Hm."), error("Loop detected, stopping execution"), SUCCESS).terminal),
    "runaway",
  );
  assert.equal(
    failureOf(read(says("Hm."), error("Maximum session turns exceeded"), SUCCESS).terminal),
    "turn_limit",
  );
});

test("A12: a result without a reason has it from the error before", () => {
  const { terminal } = read(error("The model is overloaded."), {
    type: "result",
    status: "error",
    stats: {},
  });
  assert.equal(failureOf(terminal), "overloaded");
  assert.equal(failureOf(read({ type: "result", status: "error" }).terminal), "agent_error");
});

test("A12: what nothing else tells is told by the exit code, the HTTP status & 255", () => {
  const ends = (message: string, exitCode: number): string =>
    failureOf(gemini.conclude(read(failure(message)), { ...SILENT_END, exitCode }).terminal);
  assert.equal(ends("[API Error: no]", 147), "forbidden");
  assert.equal(ends("[API Error: no]", 173), "rate_limit");
  assert.equal(ends("[API Error: no]", 244), "server_error");
  assert.equal(ends("[API Error: no]", 247), "server_error");
  assert.equal(ends("[API Error: no]", 144), "agent_error");
  assert.equal(ends("[API Error: no]", 1), "agent_error");
  assert.equal(ends("[API Error: The model is overloaded.]", 247), "overloaded");
  const silent = (exitCode: number): string =>
    failureOf(gemini.conclude(gemini.begin(NEW_RUN), { ...SILENT_END, exitCode }).terminal);
  assert.deepEqual([41, 52, 53, 55, 130, 127].map(silent), [
    ...["auth", "policy", "turn_limit", "policy", "interrupted", "program_missing"],
  ]);
});

test("A12: sentences that were not recorded fall to the class they name", () => {
  const quoted = (code: number, message: string): string =>
    `[API Error: ${JSON.stringify({ error: { code, message, status: "X" } })}]`;
  const classes: Readonly<Record<string, string>> = {
    "[API Error: You have exhausted your daily quota on this model.]": "usage_limit",
    "[API Error: You exceeded your current quota, please check your plan and billing details.]": "billing",
    "[API Error: exception TypeError: terminated]": "network",
    [quoted(403, "Permission denied")]: "forbidden",
    [quoted(500, "Internal error")]: "server_error",
    [quoted(400, "The input token count (2000000) exceeds the maximum number of tokens allowed")]:
      "context_overflow",
    [quoted(400, "Bad argument")]: "agent_error",
  };
  for (const [message, name] of Object.entries(classes))
    assert.equal(failureOf(read(failure(message)).terminal), name, message);
});

test("A12: a session that it cannot resume is said so, whatever the reason", () => {
  const reasons = ["No previous sessions found for this project.", 'Invalid session identifier "5327".'];
  for (const reason of reasons) {
    const end = { ...SILENT_END, exitCode: 42, stderrTail: `Error resuming session: ${reason}\n` };
    assert.equal(failureOf(gemini.conclude(gemini.begin(NEW_RUN), end).terminal), "invalid_session");
  }
  const other = { ...SILENT_END, exitCode: 42, stderrTail: "No input provided via stdin.\n" };
  assert.equal(failureOf(gemini.conclude(gemini.begin(NEW_RUN), other).terminal), "agent_error");
});

const NOTICE =
  "Attempt 1 failed: You have exhausted your capacity on this model. Your quota will reset after 2h0m0s.. Retrying after 7877867ms...\n";

test("A12: a wait for hours is a usage limit with its reset, until the model has answered since", () => {
  const end = { ...SILENT_END, exitCode: 0, endedAt: 1_000, stderrTail: `${NOTICE}[STARTUP] something\n` };
  const waiting = gemini.conclude(gemini.begin(NEW_RUN), end).terminal;
  assert.deepEqual([failureOf(waiting), waiting.ok ? 0 : waiting.resetAt], ["usage_limit", 7_201_000]);
  assert.equal(failureOf(gemini.conclude(read(says("Hello")), end).terminal), "interrupted");
  const last = { ...end, stderrTail: `something\n${NOTICE}` };
  assert.equal(failureOf(gemini.conclude(read(says("Hello")), last).terminal), "usage_limit");
  assert.equal(failureOf(gemini.conclude(read(uses("a")), last).terminal), "interrupted");
});

test("I13: a quota that the model or a tool quotes parks nobody", () => {
  const text = "You have exhausted your daily quota on this model.";
  const quoted = [says(text), uses("a", text), { ...answers("a"), output: text, status: "error" }];
  assert.equal(failureOf(read(...quoted).terminal), "none");
  assert.equal(failureOf(read(...quoted, says(text), SUCCESS).terminal), "ok");
  assert.equal(failureOf(read(...quoted, failure("[API Error: no]")).terminal), "agent_error");
});

test("A16: its chat tells every call of this run once, and none of an earlier one", () => {
  const { sessions } = gemini;
  assert.ok(sessions !== null);
  const since = (moment: string): readonly Usage[] =>
    sessions.read(gemini.begin(NEW_RUN), CHAT, Date.parse(moment)).usage;
  const [row, ...others] = since("2026-11-21T05:23:28Z");
  assert.deepEqual(others, []);
  assert.deepEqual(row, {
    ...{ model: "gemini-2.5-pro", inputTokens: 3518, outputTokens: 154, reasoningTokens: 60 },
    ...{ cacheReadTokens: 10014, cacheCreationTokens: 0, costNanos: 7_189_250, costSource: "priced" },
  });
  assert.deepEqual(sumOf(since("2026-11-21T05:23:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(since("2026-11-22T00:00:00Z"), []);
  const place = sessions.where({ env: { HOME: "/home/a" }, cwd: "/w", session: "53271db6-f444" });
  assert.deepEqual([place.directory, place.folders.length], ["/home/a/.gemini/tmp", 2]);
  assert.ok(place.isSession("session-2026-11-21T04-52-53271db6.jsonl"));
  assert.ok(!place.isSession("session-2026-11-21T04-52-53271db7.jsonl"));
});

test("A16: figures without models belong to the model of the run", () => {
  const stats = { input_tokens: 10, cached: 4, output_tokens: 3, total_tokens: 15 };
  const { usage } = read({ type: "init", model: "gemini-2.5-pro" }, { ...SUCCESS, stats });
  assert.deepEqual(sumOf(usage), [6, 5, 4, 0]);
  assert.equal(usage[0]?.reasoningTokens, 2);
});

test("Errors and repeated tool calls make a transcript idle, and anything new ends that", () => {
  assert.equal(read(error("no"), error("no")).idle, 2);
  assert.equal(read(error("no"), says("Hello")).idle, 0);
  assert.equal(read(uses("a"), answers("a"), uses("b"), answers("b"), uses("c")).idle, 2);
  assert.equal(read(uses("a"), uses("b"), uses("c", "other")).idle, 0);
  assert.equal(read(uses("a"), uses("b")).openTools, 2);
  assert.equal(read(uses("a"), uses("b"), answers("a")).openTools, 1);
});

test("A17: model and session become arguments, permissions a mode, and the prompt comes on stdin", () => {
  const invocation = invoke(gemini, { model: "gemini-2.5-pro", effort: "high" }, "5327");
  assert.deepEqual(invocation.argv, [
    ...["gemini", "--output-format", "stream-json", "--skip-trust", "--approval-mode", "yolo"],
    ...["--model", "gemini-2.5-pro", "--resume", "5327"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.deepEqual(invocation.env, { GEMINI_CLI_NO_RELAUNCH: "true" });
  assert.deepEqual(invocation.files, {});
  const mode = (profile: Parameters<typeof invoke>[1]): string | undefined => invoke(gemini, profile).argv[5];
  assert.equal(mode({ permissions: "workspace" }), "auto_edit");
  assert.equal(mode({ permissions: "read_only" }), "plan");
  assert.equal(mode({ permissions: "read_only", args: ["-y"] }), undefined);
});

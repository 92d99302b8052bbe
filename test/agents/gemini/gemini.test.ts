/** Gemini CLI: every recorded transcript of 0.61.0, its chats, its command line, and what was not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { gemini } from "../../../agents/gemini/gemini.ts";
import { type Expected, expectRecordings, failureOf } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
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

test("A12: a session that it cannot resume is said so, whatever the reason", () => {
  const reasons = ["No previous sessions found for this project.", 'Invalid session identifier "5327".'];
  for (const reason of reasons) {
    const end = { ...SILENT_END, exitCode: 42, stderrTail: `Error resuming session: ${reason}\n` };
    assert.equal(failureOf(gemini.conclude(gemini.begin(NEW_RUN), end).terminal), "invalid_session");
  }
  const other = { ...SILENT_END, exitCode: 42, stderrTail: "No input provided via stdin.\n" };
  assert.equal(failureOf(gemini.conclude(gemini.begin(NEW_RUN), other).terminal), "agent_error");
});

test("A17: model and session become arguments, permissions a mode, and the prompt comes on stdin", () => {
  const invocation = invoke(gemini, { model: "gemini-2.5-pro", effort: "high" }, "5327");
  assert.deepEqual(invocation.argv, [
    ...["gemini", "--output-format", "stream-json", "--skip-trust"],
    ...["--include-directories=/run/asked", "--approval-mode", "yolo"],
    ...["--model=gemini-2.5-pro", "--resume=5327"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.deepEqual(invocation.env, { GEMINI_CLI_NO_RELAUNCH: "true" });
  assert.deepEqual(invocation.files, {});
  const mode = (profile: Parameters<typeof invoke>[1]): string | undefined => invoke(gemini, profile).argv[6];
  assert.equal(mode({ permissions: "workspace" }), "auto_edit");
  assert.equal(mode({ permissions: "read_only" }), "plan");
  assert.equal(mode({ permissions: "read_only", args: ["-y"] }), undefined);
});

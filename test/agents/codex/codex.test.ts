/** Codex: every recorded transcript of 0.169.0, its rollouts, its command line, and what was not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { codex } from "../../../agents/codex/codex.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { type Expected, expectRecordings } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { CONTEXT, invoke, PROFILE } from "../profile.ts";
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

test("A12: without a rollout the time of day in the sentence is the next one after the end", () => {
  const { stdout, ending } = recording("usage-limit", "codex");
  const endedAt = Date.parse("2026-11-21T04:55:34Z");
  const { terminal } = codex.conclude(fold(codex, stdout).transcript, { ...ending, endedAt });
  assert.equal(terminal.ok ? null : terminal.resetAt, Date.parse("2026-11-21T06:55:00Z"));
});

test("A17: model, effort and session become arguments, permissions a sandbox, and the prompt comes on stdin", () => {
  const invocation = invoke(codex, { model: "gpt-6.1-terra", effort: "low", args: ["-c", "a=1"] }, "01a1");
  assert.deepEqual(invocation.argv, [
    ...["codex", "exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"],
    ...["--model=gpt-6.1-terra", "-c", 'model_reasoning_effort="low"', "-c", "analytics.enabled=false"],
    ...["-c", "a=1", "resume", "01a1"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  const sandbox = (profile: Parameters<typeof invoke>[1]): readonly string[] =>
    invoke(codex, profile).argv.slice(4, 6);
  assert.deepEqual(sandbox({ permissions: "workspace" }), ["--sandbox", "workspace-write"]);
  assert.deepEqual(sandbox({ permissions: "read_only" }), ["--sandbox", "read-only"]);
  assert.deepEqual(sandbox({ args: ["--sandbox=read-only"] }), ["-c", "analytics.enabled=false"]);
});

test("I14: inside walls its own are off, and the flag for that is given once", () => {
  const off = "--dangerously-bypass-approvals-and-sandbox";
  const argvOf = (profile: Partial<AgentProfile>): readonly string[] =>
    codex.invoke({ ...CONTEXT, profile: { ...PROFILE, ...profile }, walled: true }).argv;
  for (const profile of [
    { permissions: "read_only" },
    { args: ["--sandbox=read-only"] },
    { args: [off] },
  ] as const)
    assert.equal(argvOf(profile).filter((word) => word === off).length, 1);
});

/** pi: every recorded transcript of 0.87.1, its command line, and failures that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { pi } from "../../../agents/pi/pi.ts";
import { type Expected, expectRecordings } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const WORKED: Expected = { end: "ok", tokens: [1012, 154, 10014, 2506], nanos: 17_747_700 };

const NOTHING_USED = { tokens: [0, 0, 0, 0], nanos: 0 } as const;
const silent: Expected = { end: "timeout", stopped: "timeout", ...NOTHING_USED };
const fails = (end: Expected["end"]): Expected => ({ end, ...NOTHING_USED });

const inTool: Expected = {
  end: "cancelled",
  stopped: "cancelled",
  tokens: [1001, 101, 4007, 2003],
  nanos: 13_231_350,
};

/** The answer that streams counts with its newest figures: of its 53 tokens of output one was told. */
const streaming: Expected = {
  end: "cancelled",
  stopped: "cancelled",
  tokens: [1012, 102, 10014, 2506],
  nanos: 16_967_700,
};

expectRecordings(pi, {
  "argv-prompt-stdin-pipe-open": silent,
  auth401: fails("auth"),
  // Text output is never asked for; there is nothing to be read in it.
  "auth401-text": fails("agent_error"),
  "bad-flag": fails("agent_error"),
  "bad-json": fails("server_error"),
  "bad-model-name": WORKED,
  "bad-sse": fails("server_error"),
  "conn-refused": fails("network"),
  "env-marker-in-tool": inTool,
  "hang-no-answer": silent,
  "no-model": fails("model_unavailable"),
  "not-a-git-repo": WORKED,
  "overloaded-forever": fails("overloaded"),
  "overloaded-then-ok": WORKED,
  "rate429-forever": fails("rate_limit"),
  "rate429-long-retry-after": fails("rate_limit"),
  "rate429-then-ok": WORKED,
  resume: WORKED,
  "session-id": WORKED,
  "sigint-group-in-tool": inTool,
  "sigint-group-streaming": streaming,
  "sigint-in-tool": inTool,
  "sigint-streaming": streaming,
  "sigkill-in-tool": inTool,
  "sigterm-group-in-tool": inTool,
  "sigterm-group-streaming": streaming,
  "sigterm-in-tool": inTool,
  "sigterm-streaming": streaming,
  "stdin-1mb": WORKED,
  "stdin-devnull-argv-prompt": WORKED,
  "stdin-left-open": silent,
  success: WORKED,
  "success-chat": { end: "ok", tokens: [3518, 154, 10014, 0], reasoning: 60, nanos: 15_868_200 },
  "success-responses": { end: "ok", tokens: [1012, 154, 10014, 2506], reasoning: 60, nanos: 17_747_700 },
  "success-text": fails("agent_error"),
  // With an API key a limit looks like any 429, and the program does not pass on the headers.
  "usage-limit": fails("rate_limit"),
});

test("pi exits 0 on every failure of the API, and a signal from outside is an interruption", () => {
  assert.equal(recording("auth401", "pi").ending.exitCode, 0);
  for (const name of ["sigint-in-tool", "sigterm-streaming"]) {
    const { stdout, ending } = recording(name, "pi");
    const { terminal } = pi.conclude(fold(pi, stdout).transcript, ending);
    assert.equal(terminal.ok ? "ok" : terminal.failure, "interrupted", name);
  }
});

test("A17: model, effort and session become arguments, and the prompt comes on stdin", () => {
  const invocation = invoke(pi, { model: "anthropic/claude-sonnet-5", effort: "high" }, "s-1");
  assert.deepEqual(invocation.argv, [
    ...["pi", "--mode", "json", "--model", "anthropic/claude-sonnet-5"],
    ...["--thinking", "high", "--session", "s-1"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
});

test("A17: an agent that may not do everything has no shell, and one that may only read no tool that writes", () => {
  const tools = (profile: Parameters<typeof invoke>[1]): string =>
    invoke(pi, profile).argv.slice(3).join(" ");
  assert.equal(tools({}), "");
  assert.equal(tools({ permissions: "workspace" }), "--tools read,edit,write,grep,find,ls");
  assert.equal(tools({ permissions: "read_only" }), "--tools read,grep,find,ls");
  assert.equal(tools({ permissions: "read_only", args: ["-t", "bash"] }), "-t bash");
});

expectToughness(pi);

/** pi: every recorded transcript of 0.87.1, its command line, and failures that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { pi } from "../../../agents/pi/pi.ts";
import type { Failure, Terminal } from "../../../agents/terminal.ts";
import { type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const WORKED: Expected = { end: "ok", tokens: [1012, 154, 10014, 2506], nanos: 17_747_700 };
const NOTHING_USED = { tokens: [0, 0, 0, 0], nanos: 0 } as const;
const fails = (end: Expected["end"]): Expected => ({ end, ...NOTHING_USED });
const silent: Expected = { end: "timeout", stopped: "timeout", ...NOTHING_USED };
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

const answer = (more: object): object => ({
  type: "message_end",
  message: {
    role: "assistant",
    model: "m1",
    content: [],
    timestamp: 1_795_236_852_000,
    usage: { input: 5, output: 1 },
    ...more,
  },
});
const read = (...lines: readonly object[]): Transcript =>
  lines.reduce<Transcript>((sum, line) => pi.read(sum, JSON.stringify(line)), pi.begin(NEW_RUN));
function terminalOf(more: object): Terminal {
  const { terminal } = read(answer(more), { type: "agent_settled" });
  assert.ok(terminal !== null);
  return terminal;
}
function errorOf(errorMessage: string): Failure {
  const terminal = terminalOf({ stopReason: "error", errorMessage });
  assert.ok(!terminal.ok);
  return terminal;
}

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(errorOf("403 forbidden").failure, "forbidden");
  assert.equal(errorOf("503 Service Unavailable").failure, "server_error");
  assert.equal(errorOf("terminated").failure, "network");
  assert.equal(errorOf('429 {"error":{"code":"insufficient_quota"}}').failure, "billing");
  assert.equal(errorOf("429 You exceeded your current quota, please check your plan").failure, "billing");
  assert.equal(errorOf("429 You exceeded your current quota. Please retry in 7s").failure, "rate_limit");
  assert.equal(
    errorOf('400 {"error":{"message":"prompt is too long: 210000 tokens"}}').failure,
    "context_overflow",
  );
  assert.equal(errorOf("400 bad request").failure, "agent_error");
  const limit = errorOf('429 {"error":{"type":"usage_limit_reached","resets_at":1795245063}}');
  assert.deepEqual([limit.failure, limit.resetAt], ["usage_limit", 1_795_245_063_000]);
  const openai = errorOf('OpenAI API error (429): {"type":"usage_limit_reached","resets_at":1795265175}');
  assert.deepEqual([openai.failure, openai.resetAt], ["usage_limit", 1_795_265_175_000]);
  const named = errorOf('OpenAI API error (429): {"type":"usage_limit_reached","resets_at":1795245063}');
  assert.deepEqual([named.failure, named.resetAt], ["usage_limit", 1_795_245_063_000]);
  assert.equal(errorOf("Mistral API error (503): unavailable").failure, "server_error");
  const chatgpt = errorOf("You have hit your ChatGPT usage limit (plus plan). Try again in ~42 min.");
  assert.deepEqual([chatgpt.failure, chatgpt.resetAt], ["usage_limit", 1_795_236_852_000 + 42 * 60_000]);
  assert.equal(errorOf("You have hit your ChatGPT usage limit (plus plan).").failure, "rate_limit");
  assert.equal(errorOf("429 Rate limit reached. Please try again in 2s.").retryAfterMs, 2_000);
  const reason = (stopReason: string): string => {
    const terminal = terminalOf({ stopReason });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.deepEqual(["stop", "toolUse", "aborted", "length", "deferred"].map(reason), [
    ...["ok", "ok", "interrupted", "agent_error", "agent_error"],
  ]);
});

test("I13: what a model says is never read as an error", () => {
  const content = [{ type: "text", text: '429 {"error":{"type":"usage_limit_reached"}}' }];
  assert.deepEqual(terminalOf({ stopReason: "stop", content }).ok, true);
});

test("The last word is said when it is settled; until then it may try again, and without that word the last answer counts", () => {
  const failed = answer({ stopReason: "error", errorMessage: "529" });
  const ended = read(failed, { type: "agent_end", willRetry: false });
  assert.equal(ended.terminal, null);
  const { terminal } = pi.conclude(ended, { ...SILENT_END, exitCode: 0 });
  assert.equal(terminal.ok ? "ok" : terminal.failure, "overloaded");
  assert.equal(read(failed, { type: "agent_settled" }, { type: "agent_start" }).terminal, null);
  const silent = pi.conclude(read(), { ...SILENT_END, exitCode: 0 }).terminal;
  assert.equal(silent.ok ? "ok" : silent.reason, "pi exited without an answer");
  const begun = read(answer({ stopReason: "toolUse" }), {
    type: "message_start",
    message: { role: "assistant" },
  });
  assert.equal(
    pi.conclude(begun, { ...SILENT_END, exitCode: 0 }).terminal.ok,
    false,
    "it ended in an answer",
  );
  const lost = pi.conclude(read(), {
    ...SILENT_END,
    exitCode: 1,
    stderrTail: "No session found matching 'x'",
  });
  assert.equal(lost.terminal.ok ? "ok" : lost.terminal.failure, "invalid_session");
});

test("A16: an answer that streams counts with its newest figures, once", () => {
  const start = {
    type: "message_start",
    message: { role: "assistant", model: "m1", usage: { input: 5, output: 1 } },
  };
  const update = (output: number): object => ({ type: "message_update", usage: { input: 5, output } });
  assert.deepEqual(sumOf(read(start, update(3), update(9)).usage), [5, 9, 0, 0]);
  assert.deepEqual(sumOf(read(start, update(9), answer({ stopReason: "stop" })).usage), [5, 1, 0, 0]);
  assert.deepEqual(sumOf(read(start, update(9), start).usage), [10, 10, 0, 0], "its end was lost");
  const compaction = { type: "compaction_end", result: { usage: { input: 100, output: 10 } } };
  assert.deepEqual(sumOf(read(compaction).usage), [100, 10, 0, 0]);
});

test("A16: a cost of 0 for tokens that were used is no cost: our list decides, or nobody", () => {
  const row = (model: string): unknown => {
    const usage = { input: 1_000_000, output: 0, cost: { total: 0 } };
    const [used] = read(answer({ model, usage, stopReason: "stop" })).usage;
    return [used?.costNanos, used?.costSource];
  };
  assert.deepEqual(row("gpt-5.5"), [10_000_000_000, "priced"]);
  assert.deepEqual(row("llama-at-home"), [null, "unpriced"]);
});

test("Open tools are those begun and not ended; a new answer proves that all have ended", () => {
  const begin = (toolCallId: string): object => ({ type: "tool_execution_start", toolCallId });
  const end = (toolCallId: string): object => ({ type: "tool_execution_end", toolCallId });
  assert.equal(read(begin("a"), begin("b")).openTools, 2);
  assert.equal(read(begin("a"), begin("b"), end("a")).openTools, 1);
  const next = { type: "message_start", message: { role: "assistant" } };
  assert.equal(read(begin("a"), begin("b"), next).openTools, 0);
});

test("Answers that failed make a transcript idle, and anything new ends that", () => {
  const failed = answer({ stopReason: "error" });
  assert.equal(read(failed, failed).idle, 2);
  const delta = { type: "message_update", assistantMessageEvent: { type: "text_delta", delta: "so" } };
  assert.equal(read(failed, failed, delta).idle, 0);
  assert.equal(read(failed, { type: "tool_execution_end" }).idle, 0);
});

expectToughness(pi);

/** Claude Code's command line, its open tools and turns, and the failure classes that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";

const ASKED: Partial<AgentProfile> = { model: "sonnet", effort: "high" };

function argv(profile: Partial<AgentProfile>, session: string | null = null): readonly string[] {
  return invoke(claude, { ...ASKED, ...profile }, session).argv;
}

test("A17: model and effort become arguments, and the prompt comes on stdin and never in argv", () => {
  const invocation = invoke(claude, ASKED);
  assert.deepEqual(invocation.argv, [
    ...["claude", "-p", "--output-format", "stream-json", "--verbose"],
    ...["--model", "sonnet", "--effort", "high", "--dangerously-skip-permissions"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.equal(invocation.env["DISABLE_AUTOUPDATER"], "1");
  assert.equal(invocation.env["IS_SANDBOX"], undefined);
});

test("A session is resumed, and a program named in the profile is started", () => {
  const args = argv({ program: "/opt/claude", model: null, effort: null }, "47fd4724");
  assert.deepEqual(args.slice(0, 1), ["/opt/claude"]);
  assert.deepEqual(args.slice(-3), ["--dangerously-skip-permissions", "--resume", "47fd4724"]);
});

test("A profile with a permission flag of its own keeps it, alone", () => {
  for (const args of [
    ["--permission-mode", "plan"],
    ["--permission-mode=plan"],
    ["--allowedTools", "Edit"],
  ]) {
    assert.ok(!argv({ args }).includes("--dangerously-skip-permissions"), args.join(" "));
  }
  assert.ok(argv({ args: ["--max-turns", "5"] }).includes("--dangerously-skip-permissions"));
});

test("A17: permissions become a mode, and servers of the profile a file that is the only one believed", () => {
  assert.deepEqual(argv({ permissions: "workspace" }).slice(-2), ["--permission-mode", "acceptEdits"]);
  assert.deepEqual(argv({ permissions: "read_only" }).slice(-2), ["--permission-mode", "plan"]);
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  const invocation = invoke(claude, { mcp });
  assert.deepEqual(invocation.argv.slice(-3), ["--mcp-config", "/run/mcp.json", "--strict-mcp-config"]);
  assert.deepEqual(JSON.parse(invocation.files["mcp.json"] ?? ""), { mcpServers: mcp });
  assert.deepEqual(invoke(claude).files, {});
});

test("Retries and errors make a transcript idle, and anything new ends that; repeated tool calls are not judged", () => {
  const retry = { type: "system", subtype: "api_retry", attempt: 1 };
  const synthetic = { type: "assistant", error: "rate_limit", message: { model: "<synthetic>" } };
  assert.equal(read(retry, retry, synthetic).idle, 3);
  assert.equal(read(retry, assistant("m1", ["a"])).idle, 0);
  assert.equal(read(assistant("m1", ["a"]), retry, answer("a")).idle, 0);
  assert.equal(read(assistant("m1", ["a"]), assistant("m2", ["a"]), assistant("m3", ["a"])).idle, 0);
});

const assistant = (id: string, tools: readonly string[], parent: string | null = null): object => ({
  type: "assistant",
  parent_tool_use_id: parent,
  message: {
    id,
    model: "claude-sonnet-5-5",
    content: tools.map((tool) => ({ type: "tool_use", id: tool, name: "Bash", input: {} })),
    usage: { input_tokens: 10, output_tokens: 1 },
  },
});
const answer = (tool: string): object => ({
  type: "user",
  message: { content: [{ type: "tool_result", tool_use_id: tool, content: "done" }] },
});

function read(...lines: readonly object[]): Transcript {
  return lines.reduce<Transcript>(
    (sum, line) => claude.read(sum, JSON.stringify(line)),
    claude.begin(NEW_RUN),
  );
}

test("Open tools are those begun and not answered, subagents' included", () => {
  const steps: readonly (readonly [object, number])[] = [
    [assistant("m1", ["a"]), 1],
    [assistant("m1", ["b"]), 2],
    [answer("a"), 1],
    [assistant("s1", ["c"], "b"), 2],
    [answer("nobody's"), 2],
    [answer("b"), 0],
    [assistant("m2", ["d"]), 1],
    [assistant("m3", []), 0],
  ];
  let transcript = claude.begin(NEW_RUN);
  for (const [line, open] of steps) {
    transcript = claude.read(transcript, JSON.stringify(line));
    assert.equal(transcript.openTools, open, JSON.stringify(line));
  }
  assert.equal(transcript.usage[0]?.inputTokens, 40);
});

const since = (tokens: number): object => ({
  "claude-sonnet-5-5": { inputTokens: tokens, outputTokens: 0, costUSD: tokens / 1_000, costBasis: "list" },
});
const result = (more: object): object => ({
  type: "result",
  is_error: false,
  subtype: "success",
  result: "done",
  ...more,
});

test("A16: several results in one process add up, and a turn begun after a result takes back its last word", () => {
  const first = read(assistant("m1", []), result({ model_usage_since_last_result: since(10) }));
  assert.equal(first.terminal?.ok, true);
  const second = claude.read(first, JSON.stringify(assistant("m2", [])));
  assert.equal(second.terminal, null);
  assert.equal(second.usage[0]?.inputTokens, 20);
  const third = claude.read(second, JSON.stringify(result({ model_usage_since_last_result: since(12) })));
  assert.deepEqual(
    [third.terminal?.ok, third.usage[0]?.inputTokens, third.usage[0]?.costNanos],
    [true, 22, 22_000_000],
  );
});

function failureOf(...lines: readonly object[]): string {
  const { terminal } = read(...lines);
  return terminal === null || terminal.ok ? "none" : terminal.failure;
}
const apiError = (more: object): object =>
  result({
    is_error: true,
    terminal_reason: "api_error",
    api_error_status: null,
    result: "API Error",
    ...more,
  });
const limited = (status: string): object => ({
  type: "rate_limit_event",
  rate_limit_info: { status, resetsAt: 1_795_245_063 },
});

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(failureOf(result({ is_error: true, subtype: "error_max_turns" })), "turn_limit");
  assert.equal(failureOf(result({ is_error: true, terminal_reason: "prompt_too_long" })), "context_overflow");
  assert.equal(failureOf(apiError({ api_error_status: 403 })), "forbidden");
  for (const status of [500, 502, 503, 504])
    assert.equal(failureOf(apiError({ api_error_status: status })), "server_error");
  assert.equal(
    failureOf(apiError({ api_error_status: 400, result: "prompt is too long: 210000 tokens" })),
    "context_overflow",
  );
  assert.equal(failureOf(apiError({ api_error_status: 400, result: "bad request" })), "agent_error");
  assert.equal(failureOf(apiError({ result: "Request timed out" })), "network");
  assert.equal(failureOf(result({ is_error: true })), "agent_error");
});

test("A 429 is a usage limit only with a structured field: a rejection, or the program's own name for it", () => {
  const text = "You've hit your 5-hour limit · resets 7:11am (UTC)";
  assert.equal(failureOf(apiError({ api_error_status: 429, result: text })), "rate_limit");
  assert.equal(
    failureOf(limited("allowed"), apiError({ api_error_status: 429, result: text })),
    "rate_limit",
  );
  assert.equal(failureOf(limited("rejected"), apiError({ api_error_status: 429 })), "usage_limit");
  assert.equal(
    failureOf(limited("rejected"), limited("allowed"), apiError({ api_error_status: 429 })),
    "rate_limit",
  );
  assert.equal(failureOf(limited("rejected"), result({})), "none");
  const bare = { type: "rate_limit_event", rate_limit_info: { status: "rejected", isUsingOverage: false } };
  assert.equal(failureOf(bare, apiError({ api_error_status: 429 })), "rate_limit");
  const named = {
    type: "rate_limit_event",
    rate_limit_info: { status: "rejected", rateLimitType: "five_hour" },
  };
  assert.equal(failureOf(named, apiError({ api_error_status: 429 })), "usage_limit");
});

test("I13: an agent that quotes the words of an error in its answer fails no differently for it", () => {
  const quote =
    "Credit balance is too low. Not logged in. You've hit your usage limit. No conversation found";
  assert.equal(failureOf(result({ is_error: true, result: quote })), "agent_error");
  assert.equal(failureOf(result({ result: quote })), "none");
});

test("`subtype: success` with `is_error` is a failure", () => {
  assert.equal(
    failureOf(result({ is_error: true, terminal_reason: "api_error", api_error_status: 529 })),
    "overloaded",
  );
});

test("The exit code breaks the tie only where nothing was said", () => {
  const silent = { ...SILENT_END, exitCode: 0 };
  const conclude = (transcript: Transcript, ending: object): unknown => {
    const { terminal } = claude.conclude(transcript, { ...silent, ...ending });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.equal(conclude(read(result({})), { exitCode: 1 }), "ok");
  assert.equal(conclude(read(), { exitCode: 0 }), "agent_error");
  const begun = read({ type: "system", subtype: "init", session_id: "s" });
  assert.equal(conclude(begun, { exitCode: 0 }), "interrupted");
  assert.equal(conclude(begun, { exitCode: 1 }), "agent_error");
  assert.equal(conclude(read(), { exitCode: 127 }), "program_missing");
  assert.equal(conclude(read(), { exitCode: null, signal: "SIGKILL" }), "crashed");
  assert.equal(
    conclude(read(), { exitCode: 1, stderrTail: "No conversation found with session ID: x" }),
    "invalid_session",
  );
});

test("A16: output is estimated from all that a call said, and messages without an id are calls of their own", () => {
  const text = (id: string, length: number, more: object = {}): object => ({
    type: "assistant",
    message: {
      ...(id !== "" && { id }),
      model: "claude-sonnet-5-5",
      content: [{ type: "text", text: "x".repeat(length) }],
      usage: { input_tokens: 10, output_tokens: 1 },
      ...more,
    },
  });
  assert.equal(read(text("m", 400), text("m", 400)).usage[0]?.outputTokens, 200);
  assert.equal(read(text("m", 0)).usage[0]?.outputTokens, 1);
  const final = { stop_reason: "end_turn", usage: { input_tokens: 10, output_tokens: 33 } };
  assert.equal(read(text("m", 400, final)).usage[0]?.outputTokens, 33);
  assert.equal(read(text("", 0), text("", 0)).usage[0]?.inputTokens, 20);
});

expectToughness(claude);

test("A12: a word that every object knows is no name of a failure", () => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    assert.equal(failureOf(result({ is_error: true, terminal_reason: word, subtype: word })), "agent_error");
    const synthetic = { type: "assistant", error: word, message: { model: "<synthetic>", content: [] } };
    assert.equal(failureOf(synthetic, result({ is_error: true })), "agent_error");
  }
});

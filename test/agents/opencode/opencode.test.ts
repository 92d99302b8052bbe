/** OpenCode: every recorded transcript of 1.18.33, its command line, and failures that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import type { Failure } from "../../../agents/terminal.ts";
import { type Expected, expectRecordings } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

const MODEL = "anthropic/claude-sonnet-4-5";
const BEGINNING = { ...NEW_RUN, model: MODEL };
const WORKED: Expected = { end: "ok", tokens: [1012, 154, 10014, 2506], nanos: 17_747_700 };
const NOTHING_USED = { tokens: [0, 0, 0, 0], nanos: 0 } as const;
const fails = (end: Expected["end"]): Expected => ({ end, ...NOTHING_USED });
/** Killed by whoever recorded it, before a first line. */
const silent: Expected = { end: "timeout", stopped: "timeout", ...NOTHING_USED };
/** Only finished steps tell their tokens; a tool that runs belongs to an unfinished one. */
const inTool: Expected = { end: "cancelled", stopped: "cancelled", ...NOTHING_USED };
const streaming: Expected = {
  end: "cancelled",
  stopped: "cancelled",
  tokens: [1001, 101, 4007, 2003],
  nanos: 13_231_350,
};

expectRecordings(
  opencode,
  {
    "argv-prompt-stdin-pipe-open": silent,
    auth401: fails("auth"),
    "bad-flag": fails("agent_error"),
    "bad-json": { end: "runaway", stopped: "runaway", ...NOTHING_USED },
    // It says "Unexpected server error", and so it may be.
    "bad-model-name": fails("agent_error"),
    "bad-sse": fails("server_error"),
    "conn-refused": fails("network"),
    "env-marker-in-tool": inTool,
    "hang-no-answer": silent,
    mcp: WORKED,
    "mcp-sigkill-in-tool": inTool,
    "mcp-sigterm-in-tool": inTool,
    "no-model": fails("model_unavailable"),
    "not-a-git-repo": { end: "ok" },
    "overloaded-forever": fails("overloaded"),
    "overloaded-then-ok": WORKED,
    "permission-ask": WORKED,
    "rate429-forever": { ...fails("rate_limit"), retryAfterMs: 2_000 },
    "rate429-long-retry-after": silent,
    "rate429-then-ok": WORKED,
    resume: WORKED,
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
    // Chat completions tell no cache writes: they are fresh input. Output here is 94 and 60 of reasoning.
    "success-openai-compatible": {
      end: "ok",
      tokens: [3518, 154, 10014, 0],
      reasoning: 60,
      nanos: 6_059_400,
    },
    "success-openai-responses": {
      end: "ok",
      tokens: [1012, 154, 10014, 2506],
      reasoning: 60,
      nanos: 4_056_750,
    },
    // Text output is never asked for; there is nothing to be read in it.
    "success-text": fails("agent_error"),
    "usage-limit": silent,
    "variant-high": WORKED,
  },
  { beginning: BEGINNING },
);

test("A signal from outside is an interruption, whatever was said before", () => {
  for (const name of ["sigint-in-tool", "sigterm-streaming"]) {
    const { stdout, ending } = recording(name, "opencode");
    const { terminal } = opencode.conclude(fold(opencode, stdout).transcript, ending);
    assert.equal(terminal.ok ? "ok" : terminal.failure, "interrupted", name);
  }
});

test("A17: model, effort and session become arguments, and the prompt comes on stdin", () => {
  const invocation = invoke(opencode, { model: MODEL, effort: "high" }, "ses_1");
  assert.deepEqual(invocation.argv, [
    ...["opencode", "run", "--format", "json", "--print-logs", "--log-level", "ERROR", "--auto"],
    ...["--model", MODEL, "--variant", "high", "--session", "ses_1"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.deepEqual(configOf(invocation.env), {
    $schema: "https://opencode.ai/config.json",
    autoupdate: false,
    share: "disabled",
  });
});

test("A17: an agent that may not do everything has no shell, and one that may only read edits nothing", () => {
  const denied = (permissions: "workspace" | "read_only", args: readonly string[] = []): unknown =>
    configOf(invoke(opencode, { permissions, args }).env)["permission"];
  assert.deepEqual(denied("workspace"), { bash: "deny", external_directory: "deny" });
  assert.deepEqual(denied("read_only"), { bash: "deny", external_directory: "deny", edit: "deny" });
  assert.equal(denied("read_only", ["--auto"]), undefined);
  const { argv } = invoke(opencode, { args: ["--auto"] });
  assert.equal(argv.filter((arg) => arg === "--auto").length, 1);
});

test("A17: servers of the profile are configured as local ones", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  assert.deepEqual(configOf(invoke(opencode, { mcp }).env)["mcp"], {
    tracker: {
      type: "local",
      command: ["/usr/bin/node", "server.js"],
      environment: { KEY: "k" },
      enabled: true,
    },
  });
});

function configOf(env: Readonly<Record<string, string>>): Record<string, unknown> {
  return JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "{}");
}

const read = (...lines: readonly object[]): Transcript =>
  lines.reduce<Transcript>(
    (sum, line) => opencode.read(sum, JSON.stringify(line)),
    opencode.begin(BEGINNING),
  );
const error = (data: object, name = "APIError"): object => ({
  type: "error",
  timestamp: 1_795_236_852_000,
  error: { name, data: { message: "no", ...data } },
});
function terminalOf(...lines: readonly object[]): Failure {
  const { terminal } = read(...lines);
  assert.ok(terminal !== null && !terminal.ok);
  return terminal;
}
const step = (reason: string): object => ({
  type: "step_finish",
  part: { reason, tokens: { input: 5, output: 1, cache: {} }, cost: 0 },
});

test("I9: a 429 is a usage limit if a header says so, or if it lasts for hours, and its reset is a moment", () => {
  const unified = terminalOf(
    error({ statusCode: 429, responseHeaders: { "anthropic-ratelimit-unified-reset": "1795245063" } }),
  );
  assert.deepEqual([unified.failure, unified.resetAt], ["usage_limit", 1_795_245_063_000]);
  const long = terminalOf(error({ statusCode: 429, responseHeaders: { "retry-after": "7200" } }));
  assert.deepEqual([long.failure, long.resetAt], ["usage_limit", 1_795_244_052_000]);
  const body = JSON.stringify({ error: { type: "usage_limit_reached", resets_in_seconds: 60 } });
  const named = terminalOf(error({ statusCode: 429, responseBody: body }));
  assert.deepEqual([named.failure, named.resetAt], ["usage_limit", 1_795_236_912_000]);
  const text = terminalOf(error({ statusCode: 429, message: "You've hit your usage limit" }));
  assert.deepEqual([text.failure, text.resetAt], ["rate_limit", null]);
});

test("Failures that were not recorded are classified from the table of facts", () => {
  assert.equal(terminalOf(error({ statusCode: 403 })).failure, "forbidden");
  assert.equal(terminalOf(error({ statusCode: 503, isRetryable: true })).failure, "server_error");
  assert.equal(terminalOf(error({}, "ContextOverflowError")).failure, "context_overflow");
  assert.equal(terminalOf(error({ message: "Your credit balance is too low" })).failure, "billing");
  assert.equal(terminalOf(error({ isRetryable: true })).failure, "server_error");
  assert.equal(terminalOf(step("length")).reason, "the model's answer was cut off at its longest");
});

test("A step after an error, or after a last word, takes it back", () => {
  assert.equal(read(error({ statusCode: 529 }), { type: "step_start" }).terminal, null);
  assert.equal(read(step("stop"), { type: "step_start" }).terminal, null);
  assert.equal(read(step("stop")).terminal?.ok, true);
});

test("A16: a cost of 0 for tokens that were used is no cost: our list decides, or nobody", () => {
  const [row] = read(step("stop")).usage;
  assert.deepEqual([row?.costNanos, row?.costSource], [30_000, "priced"]);
  const own = opencode.read(opencode.begin({ ...NEW_RUN, model: "mine/m1" }), JSON.stringify(step("stop")));
  assert.deepEqual([own.usage[0]?.model, own.usage[0]?.costSource], ["m1", "unpriced"]);
});

test("Inside a step it may be in a tool, and may be silent for longer", () => {
  assert.equal(read({ type: "step_start" }).openTools, 1);
  assert.equal(read({ type: "step_start" }, step("tool-calls")).openTools, 0);
});

test("An exit without a last word is judged by its code, and a session that is gone is named so", () => {
  const end = (more: object): string => {
    const { terminal } = opencode.conclude(read(), { ...SILENT_END, ...more });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.equal(end({ exitCode: 0 }), "agent_error");
  assert.equal(end({ exitCode: 1, stderrTail: "Error: Session not found" }), "invalid_session");
  assert.equal(end({ exitCode: 127 }), "program_missing");
});

const logged = (mode: string, said: string, time = "2026-11-21T10:35:17.757Z"): string =>
  `timestamp=${time} level=ERROR run=05421c2f message="stream error" providerID=anthropic session.id=ses_e0 small=false agent=build mode=${mode} error.error="AI_APICallError: ${said}"\n`;

test("I9: what it sleeps through is in its log; a run that was stopped for its silence has its reason", () => {
  const end = (stderrTail: string, transcript = read()): string => {
    const { terminal } = opencode.conclude(transcript, { ...SILENT_END, exitCode: 143, stderrTail });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.equal(end(logged("primary", "This request would exceed your account's rate limit.")), "rate_limit");
  assert.equal(end(logged("primary", "Overloaded")), "overloaded");
  assert.equal(end(logged("primary", "Cannot connect to API")), "network");
  assert.equal(end(logged("primary", "something else")), "interrupted");
  // The session's title is made by another model, and nothing depends on it.
  assert.equal(end(logged("title", "Overloaded")), "interrupted");
  const later = { type: "step_start", timestamp: Date.parse("2026-11-21T10:36:00Z") };
  assert.equal(end(logged("primary", "Overloaded"), read(later)), "interrupted", "it got over it");
});

test("Steps without progress make a transcript idle, and text or a tool's result ends that", () => {
  const { transcript } = fold(opencode, recording("bad-json", "opencode").stdout);
  assert.equal(transcript.idle, transcript.lines);
  const said = { type: "text", part: { text: "so far" } };
  assert.equal(read(step("unknown"), step("unknown"), said).idle, 0);
  assert.equal(read(step("unknown"), { type: "tool_use", part: {} }).idle, 0);
});

expectToughness(opencode);

test("A12: a word that every object knows is no name of a failure", () => {
  for (const word of ["constructor", "toString", "__proto__"]) {
    assert.equal(terminalOf(error({ message: "what is this" }, word)).failure, "agent_error");
    assert.match(terminalOf(step(word)).reason, /^the model stopped for the reason/);
  }
});

/** Qwen Code: every recorded transcript of 0.24.4, its command line, its session file, and what was not recorded. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import type { Terminal } from "../../../agents/terminal.ts";
import type { Usage } from "../../../workflow/run.ts";
import { type Expected, expectRecordings, sumOf } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, NEW_RUN, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";

/** The list has no price for this model. */
const WORKED: Expected = { end: "ok", tokens: [3518, 154, 10014, 0], nanos: null };
const fails = (end: Expected["end"]): Expected => ({ end, tokens: [0, 0, 0, 0], nanos: 0 });
const inTool: Expected = { end: "cancelled", stopped: "cancelled", tokens: [3004, 101, 4007, 0] };

/** What the first run of the recorded session has used. */
const BEFORE: Usage = {
  model: "qwen3-coder-plus",
  inputTokens: 3518,
  outputTokens: 154,
  cacheReadTokens: 10014,
  cacheCreationTokens: 0,
  reasoningTokens: 60,
  costNanos: null,
  costSource: "unpriced",
};
const RESUMED = { ...NEW_RUN, resumed: true, baseline: [BEFORE] };

const EXPECTED: Readonly<Record<string, Expected>> = {
  auth401: fails("auth"),
  "bad-flag": fails("agent_error"),
  "bad-json": fails("server_error"),
  forbidden: fails("forbidden"),
  "max-tool-calls": { end: "turn_limit", tokens: [6008, 202, 8014, 0] },
  "max-turns": { end: "turn_limit", tokens: [6008, 202, 8014, 0] },
  "no-model": fails("model_unavailable"),
  "overloaded-then-ok": WORKED,
  // Both wait for minutes and are ended here; why, only stderr tells.
  quota: { ...fails("billing"), stopped: "lingering" },
  "rate429-forever": { ...fails("rate_limit"), stopped: "lingering" },
  // Its result tells the total of the session, 27064 and 308, of which the first run has used one half.
  resume: WORKED,
  "resume-unknown": fails("invalid_session"),
  "sigint-group-in-tool": inTool,
  "sigkill-in-tool": inTool,
  "sigterm-group-in-tool": inTool,
  success: WORKED,
  "too-long": fails("context_overflow"),
  truncate: { end: "runaway", stopped: "runaway" },
};

expectRecordings(qwen, EXPECTED, { beginning: RESUMED });

/** With a model that the list knows. */
const PRICED: Expected = { ...WORKED, nanos: 13_608_500 };
/** Ended by whoever recorded it, while it still tried without a word. */
const trying: Expected = { ...fails("timeout"), stopped: "timeout" };

expectRecordings(
  qwen,
  {
    auth401: fails("auth"),
    "conn-refused": fails("network"),
    "no-model": fails("model_unavailable"),
    overloaded: trying,
    quota: trying,
    rate429: trying,
    "rate429-forever": { ...fails("rate_limit"), stopped: "lingering" },
    "rate429-long": trying,
    resume: PRICED,
    "resume-unknown": fails("invalid_session"),
    "sigint-in-tool": inTool,
    "sigkill-in-tool": inTool,
    "sigterm-in-tool": inTool,
    // The answer that streams is printed with no figures; the session file has none either.
    "sigterm-streaming": inTool,
    success: PRICED,
    "too-long": fails("context_overflow"),
    "usage-limit": trying,
  },
  { folder: "qwen-recorded", beginning: RESUMED },
);

test("A24: a resumed run counts only itself, with and without knowing what was used before", () => {
  const { stdout } = recording("resume", "qwen");
  for (const baseline of [[BEFORE], []]) {
    const { transcript } = fold(qwen, stdout, undefined, { ...RESUMED, baseline });
    assert.deepEqual(sumOf(transcript.usage), [3518, 154, 10014, 0]);
  }
  const first = fold(qwen, recording("success", "qwen").stdout, undefined, NEW_RUN);
  assert.deepEqual(sumOf(first.transcript.usage), [3518, 154, 10014, 0]);
});

test("A24: a total that knows of more calls than were printed counts, one that knows of fewer does not", () => {
  const result = (input: number): object => ({
    type: "result",
    subtype: "success",
    is_error: false,
    usage: { input_tokens: input, output_tokens: 20, cache_read_input_tokens: 0 },
  });
  assert.deepEqual(sumOf(read(call("m", 100, 10), result(150)).usage), [150, 20, 0, 0]);
  assert.deepEqual(sumOf(read(call("m", 100, 10), result(50)).usage), [100, 20, 0, 0]);
});

test("A signal from outside is an interruption", () => {
  for (const name of ["sigint-group-in-tool", "sigterm-group-in-tool"]) {
    const { stdout, ending } = recording(name, "qwen");
    const { terminal } = qwen.conclude(fold(qwen, stdout).transcript, ending);
    assert.equal(terminal.ok ? "ok" : terminal.failure, "interrupted", name);
  }
});

test("A17: model and session become arguments, permissions a mode, and the prompt comes on stdin", () => {
  const invocation = invoke(qwen, { model: "qwen3-coder-plus", effort: "high" }, "6b04");
  assert.deepEqual(invocation.argv, [
    ...["qwen", "--output-format", "stream-json", "--approval-mode", "yolo"],
    ...["--model", "qwen3-coder-plus", "--resume", "6b04"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  const mode = (profile: Parameters<typeof invoke>[1]): string | undefined => invoke(qwen, profile).argv[4];
  assert.equal(mode({ permissions: "workspace" }), "auto-edit");
  assert.equal(mode({ permissions: "read_only" }), "plan");
  assert.equal(mode({ permissions: "read_only", args: ["-y"] }), undefined);
});

test("A17: servers of the profile are told by a file in the run's directory", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  const { argv, files } = invoke(qwen, { mcp });
  assert.deepEqual(argv.slice(-2), ["--mcp-config", "/run/mcp.json"]);
  assert.deepEqual(JSON.parse(files["mcp.json"] ?? ""), { mcpServers: mcp });
});

function call(id: string, input: number, output: number, text = `${id} ${input}`): object {
  return {
    type: "assistant",
    message: {
      id,
      model: "m",
      content: [{ type: "text", text }],
      usage: { input_tokens: input, output_tokens: output },
    },
  };
}
function read(...lines: readonly object[]): Transcript {
  return lines.reduce<Transcript>((sum, line) => qwen.read(sum, JSON.stringify(line)), qwen.begin(NEW_RUN));
}

test("A16: another line of the same call says its figures again, and does not add to them", () => {
  assert.deepEqual(sumOf(read(call("a", 5, 1), call("a", 5, 3), call("b", 7, 1)).usage), [12, 4, 0, 0]);
});

const retry = (delayMs: number): object => ({ type: "system", subtype: "retry", data: { delayMs } });

test("Waiting for minutes is its last word, unless it goes on; short waits are its own", () => {
  assert.equal(read(retry(59_000)).terminal, null);
  assert.equal(read(retry(60_000)).terminal?.ok, false);
  assert.equal(read(retry(60_000), call("a", 5, 1)).terminal, null);
  const failure = (stderrTail: string): string => {
    const { terminal }: { terminal: Terminal } = qwen.conclude(read(retry(60_000)), {
      ...SILENT_END,
      stderrTail,
    });
    return terminal.ok ? "ok" : terminal.failure;
  };
  assert.equal(failure(""), "server_error");
  const because = (said: string): string => failure(`Retrying in 60s (attempt 1/10): [API Error: ${said}]\n`);
  assert.equal(because("529 Overloaded"), "overloaded");
  assert.equal(because("503 The server is currently overloaded. Please try again later."), "overloaded");
  assert.equal(because("429 The usage limit has been reached"), "usage_limit");
  assert.equal(because("429 You said: the usage limit has been reached"), "rate_limit");
});

test("I13: an API error is believed in the result and on stderr, never in an answer", () => {
  const quoted = read(call("a", 5, 1, "[API Error: 429 insufficient_quota]"));
  const { terminal } = qwen.conclude(quoted, { ...SILENT_END, exitCode: 0 });
  assert.equal(terminal.ok ? "ok" : terminal.reason, "qwen exited without a result");
});

test("Advice for people behind an API error does not hide it", () => {
  const message = "[API Error: 429 Too many requests]\nPossible quota limitations in place. Please wait.";
  const result = { type: "result", subtype: "error_during_execution", is_error: true, error: { message } };
  const { terminal } = read(result);
  assert.deepEqual(terminal?.ok === false ? [terminal.failure, terminal.reason] : [], [
    "rate_limit",
    message,
  ]);
});

test("A cut stream that makes it call the same tool for ever makes a transcript idle; new work ends that", () => {
  const { transcript } = fold(qwen, recording("truncate", "qwen").stdout);
  assert.ok(transcript.idle > transcript.lines / 2, `${transcript.idle} of ${transcript.lines}`);
  assert.equal(read(retry(1), retry(1)).idle, 2);
  assert.equal(read(retry(1), call("a", 5, 1)).idle, 0);
  assert.equal(read(call("a", 5, 1, "same"), call("b", 5, 1, "same")).idle, 1);
});

test("A16: its session file tells reasoning and every call of this run, and none of an earlier one", () => {
  const text = readFileSync(new URL("../../fixtures/qwen/session.jsonl", import.meta.url), "utf8");
  const { sessions } = qwen;
  assert.ok(sessions !== null);
  const usageSince = (since: string): readonly Usage[] =>
    sessions.read(qwen.begin(NEW_RUN), text, Date.parse(since)).usage;
  assert.deepEqual(usageSince("2026-11-21T05:23:00Z"), [BEFORE]);
  assert.deepEqual(sumOf(usageSince("2026-11-21T04:53:00Z")), [7036, 308, 20028, 0]);
  assert.deepEqual(usageSince("2026-11-22T00:00:00Z"), []);
  const place = { env: { HOME: "/home/a" }, cwd: "/srv/w/SHOP-1", session: "s" };
  assert.equal(sessions.where(place).directory, "/home/a/.qwen/projects/-srv-w-SHOP-1/chats");
});

expectToughness(qwen);

/** OpenCode: every recorded transcript of 1.18.33, its command line, and failures that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { type Expected, expectRecordings } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, SILENT_END } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { BEGINNING, MODEL, read } from "./lines.ts";

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
    ...[`--model=${MODEL}`, "--variant=high", "--session=ses_1"],
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

expectToughness(opencode);

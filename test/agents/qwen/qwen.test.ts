/** Qwen Code: every recorded transcript of 0.24.4, its command line, its session file, and what was not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { type Expected, expectRecordings } from "../expected.ts";
import { expectToughness } from "../mangled.ts";
import { invoke } from "../profile.ts";
import { fold, recording } from "../transcripts.ts";
import { RESUMED } from "./lines.ts";

/** The list has no price for this model. */
const WORKED: Expected = { end: "ok", tokens: [3518, 154, 10014, 0], nanos: null };

const fails = (end: Expected["end"]): Expected => ({ end, tokens: [0, 0, 0, 0], nanos: 0 });

const inTool: Expected = { end: "cancelled", stopped: "cancelled", tokens: [3004, 101, 4007, 0] };

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
    ...["qwen", "--output-format", "stream-json"],
    ...["--include-directories=/run/asked", "--approval-mode", "yolo"],
    ...["--model=qwen3-coder-plus", "--resume=6b04"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  const mode = (profile: Parameters<typeof invoke>[1]): string | undefined => invoke(qwen, profile).argv[5];
  assert.equal(mode({ permissions: "workspace" }), "auto-edit");
  assert.equal(mode({ permissions: "read_only" }), "plan");
  assert.equal(mode({ permissions: "read_only", args: ["-y"] }), undefined);
});

test("A17: servers of the profile are told by a file in the run's directory", () => {
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  const { argv, files } = invoke(qwen, { mcp });
  assert.deepEqual(argv.slice(-1), ["--mcp-config=/run/mcp.json"]);
  assert.deepEqual(JSON.parse(files["mcp.json"] ?? ""), { mcpServers: mcp });
});

expectToughness(qwen);

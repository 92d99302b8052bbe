/** Claude Code's command line, its open tools and turns, and the failure classes that were not recorded. */

import assert from "node:assert/strict";
import test from "node:test";
import type { Transcript } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import { expectToughness } from "../mangled.ts";
import { invoke, SILENT_END } from "../profile.ts";
import { read, result } from "./lines.ts";

const ASKED: Partial<AgentProfile> = { model: "sonnet", effort: "high" };

function argv(profile: Partial<AgentProfile>, session: string | null = null): readonly string[] {
  return invoke(claude, { ...ASKED, ...profile }, session).argv;
}

test("A17: model and effort become arguments, and the prompt comes on stdin and never in argv", () => {
  const invocation = invoke(claude, ASKED);
  assert.deepEqual(invocation.argv, [
    ...["claude", "-p", "--output-format", "stream-json", "--verbose"],
    ...["--model=sonnet", "--effort=high", "--dangerously-skip-permissions", "--add-dir=/run/asked"],
  ]);
  assert.equal(invocation.stdin, "/run/prompt.md");
  assert.equal(invocation.env["DISABLE_AUTOUPDATER"], "1");
  assert.equal(invocation.env["IS_SANDBOX"], undefined);
});

test("A session is resumed, and a program named in the profile is started", () => {
  const args = argv({ program: "/opt/claude", model: null, effort: null }, "47fd4724");
  assert.deepEqual(args.slice(0, 1), ["/opt/claude"]);
  assert.deepEqual(args.slice(-3), [
    "--dangerously-skip-permissions",
    "--add-dir=/run/asked",
    "--resume=47fd4724",
  ]);
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
  assert.deepEqual(argv({ permissions: "workspace" }).slice(-3, -1), ["--permission-mode", "acceptEdits"]);
  assert.deepEqual(argv({ permissions: "read_only" }).slice(-3, -1), ["--permission-mode", "plan"]);
  const mcp = { tracker: { command: "/usr/bin/node", args: ["server.js"], env: { KEY: "k" } } };
  const invocation = invoke(claude, { mcp });
  assert.deepEqual(invocation.argv.slice(-2), ["--mcp-config=/run/mcp.json", "--strict-mcp-config"]);
  assert.deepEqual(JSON.parse(invocation.files["mcp.json"] ?? ""), { mcpServers: mcp });
  assert.deepEqual(invoke(claude).files, {});
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

expectToughness(claude);

/** Calls of tools: counted where their line is read, and found again by the same line. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { codex } from "../../../agents/codex/codex.ts";
import { command } from "../../../agents/command/command.ts";
import { copilot } from "../../../agents/copilot/copilot.ts";
import { countTool, OTHER_TOOLS, toolName } from "../../../agents/dialect/tools.ts";
import { gemini } from "../../../agents/gemini/gemini.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";
import { toolCallsIn, writeTranscript } from "../../../agents/transcript.ts";
import { TOOL_CHARS_MAX, TOOLS_MAX } from "../../../workflow/limits.ts";
import { fold, recording } from "../transcripts.ts";

const PROGRAMS: readonly (readonly [Backend, folder: string, name: string, tool: string])[] = [
  [claude, "claude", "success", "Bash"],
  [command, "claude", "success", "Bash"],
  [codex, "codex", "success", "command_execution"],
  [gemini, "gemini", "success", "run_shell_command"],
  [opencode, "opencode", "success", "bash"],
  [pi, "pi", "success", "bash"],
  [qwen, "qwen", "success", "run_shell_command"],
];

for (const [backend, folder, name, tool] of PROGRAMS) {
  test(`A16: what ${backend.name} calls is counted, and its lines are found by the name`, () => {
    const { stdout } = recording(name, folder);
    const { transcript } = fold(backend, stdout);
    const lines = Buffer.from(stdout).toString("utf8").split("\n");
    const found = lines.flatMap((line) => [...backend.toolsIn(line)]);
    assert.deepEqual(toolCallsIn(writeTranscript(transcript)), [[tool, 1]]);
    assert.deepEqual(found, [tool]);
  });
}

test("A16: Copilot tells a call when it begins", () => {
  const line = '{"type":"tool.execution_start","data":{"toolName":"bash","toolCallId":"a"}}';
  assert.deepEqual(copilot.toolsIn(line), ["bash"]);
  assert.deepEqual(copilot.toolsIn(line.replace("start", "complete")), []);
});

test("A16: a tool of a server goes by both names, and words are no calls", () => {
  const item = (more: object): string =>
    JSON.stringify({ type: "item.completed", item: { id: "i", ...more } });
  assert.deepEqual(codex.toolsIn(item({ type: "mcp_tool_call", server: "docs", tool: "find" })), [
    "docs.find",
  ]);
  assert.deepEqual(codex.toolsIn(item({ type: "agent_message", text: "hi" })), []);
  assert.deepEqual(codex.toolsIn(item({ type: "error" })), []);
});

test("I13: a name is one short line of what people see, whatever a model made up", () => {
  assert.equal(toolName("\u001b[31mBash\u202e\n"), "[31mBash");
  assert.equal(toolName("x".repeat(100_000)).length, TOOL_CHARS_MAX);
  for (const nothing of ["", " \n", "\u0007", null, 7, {}]) assert.equal(toolName(nothing), OTHER_TOOLS);
});

test("I13: so many names are counted apart, and the rest together", () => {
  let counts: ReturnType<typeof countTool> = [];
  for (let n = 0; n < TOOLS_MAX * 3; n += 1) counts = countTool(counts, `tool${n}`);
  assert.equal(counts.length, TOOLS_MAX);
  assert.equal(
    counts.reduce((sum, [, count]) => sum + count, 0),
    TOOLS_MAX * 3,
  );
  assert.deepEqual(countTool(counts, "tool0")[0], ["tool0", 2]);
});

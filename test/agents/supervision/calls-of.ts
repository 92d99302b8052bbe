/** One tool call with its result, as each program prints it: with ids of its own each time, as real ones have. */

import type { Backend } from "../../../agents/backend.ts";
import { claude } from "../../../agents/claude/claude.ts";
import { codex } from "../../../agents/codex/codex.ts";
import { command } from "../../../agents/command/command.ts";
import { copilot } from "../../../agents/copilot/copilot.ts";
import { gemini } from "../../../agents/gemini/gemini.ts";
import { opencode } from "../../../agents/opencode/opencode.ts";
import { pi } from "../../../agents/pi/pi.ts";
import { qwen } from "../../../agents/qwen/qwen.ts";

export interface ToolCall {
  /** Makes ids, times and figures that differ from call to call. */
  readonly n: number;
  readonly does: string;
  readonly gets: string;
}

type Lines = (call: ToolCall) => readonly object[];

const claudeLike: Lines = ({ n, does, gets }) => [
  {
    type: "assistant",
    parent_tool_use_id: null,
    message: {
      ...{ id: `msg_${n}`, model: "m", usage: { input_tokens: 10 + n, output_tokens: 3 } },
      content: [
        { type: "text", text: `Once more, number ${n}.` },
        { type: "tool_use", id: `toolu_${n}`, name: "Bash", input: { command: does } },
      ],
    },
  },
  {
    type: "user",
    message: {
      content: [{ type: "tool_result", tool_use_id: `toolu_${n}`, content: gets, is_error: false }],
    },
    timestamp: n,
  },
];

const codexLike: Lines = ({ n, does, gets }) => {
  const item = { id: `item_${n}`, type: "command_execution", command: does };
  return [
    { type: "item.completed", item: { id: `said_${n}`, type: "agent_message", text: `Number ${n}.` } },
    { type: "item.started", item: { ...item, aggregated_output: "", exit_code: null } },
    { type: "item.completed", item: { ...item, aggregated_output: gets, exit_code: 0 } },
  ];
};

const geminiLike: Lines = ({ n, does, gets }) => [
  { type: "message", role: "assistant", content: `Number ${n}.`, delta: true },
  {
    type: "tool_use",
    timestamp: n,
    tool_name: "shell",
    tool_id: `shell_${n}`,
    parameters: { command: does },
  },
  { type: "tool_result", timestamp: n, tool_id: `shell_${n}`, status: "success", output: gets },
];

const opencodeLike: Lines = ({ n, does, gets }) => [
  { type: "step_start", timestamp: n, sessionID: "s", part: {} },
  {
    ...{ type: "tool_use", timestamp: n, sessionID: "s" },
    part: {
      ...{ id: `prt_${n}`, callID: `toolu_${n}`, tool: "bash" },
      state: { status: "completed", input: { command: does }, output: gets, time: { start: n, end: n + 1 } },
    },
  },
  { type: "step_finish", sessionID: "s", part: { reason: "tool-calls", tokens: { input: n, output: 3 } } },
];

const piLike: Lines = ({ n, does, gets }) => [
  { type: "tool_execution_start", toolCallId: `c_${n}`, toolName: "bash", args: { command: does } },
  {
    ...{ type: "tool_execution_end", toolCallId: `c_${n}`, toolName: "bash", isError: false },
    result: { content: [{ type: "text", text: gets }] },
  },
];

const copilotLike: Lines = ({ n, does, gets }) => [
  { type: "assistant.message", data: { content: `Number ${n}.`, toolRequests: [] } },
  {
    type: "tool.execution_start",
    data: { toolCallId: `c_${n}`, toolName: "bash", arguments: { command: does } },
  },
  {
    type: "tool.execution_complete",
    data: { toolCallId: `c_${n}`, success: true, result: { content: gets }, toolTelemetry: { n } },
  },
];

const BY_BACKEND: readonly (readonly [Backend, Lines])[] = [
  [claude, claudeLike],
  [codex, codexLike],
  [command, claudeLike],
  [copilot, copilotLike],
  [gemini, geminiLike],
  [opencode, opencodeLike],
  [pi, piLike],
  [qwen, claudeLike],
];

/** Each backend, and how its program prints a call. */
export const SPEAKERS: readonly { readonly backend: Backend; readonly print: (call: ToolCall) => string }[] =
  BY_BACKEND.map(([backend, lines]) => ({
    backend,
    print: (call) =>
      lines(call)
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
  }));

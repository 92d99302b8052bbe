/** Lines of Claude Code for the tests of its parts. */

import { claude } from "../../../agents/claude/claude.ts";
import { readerOf } from "../transcripts.ts";

export const assistant = (id: string, tools: readonly string[], parent: string | null = null): object => ({
  type: "assistant",
  parent_tool_use_id: parent,
  message: {
    id,
    model: "claude-sonnet-5-5",
    content: tools.map((tool) => ({ type: "tool_use", id: tool, name: "Bash", input: {} })),
    usage: { input_tokens: 10, output_tokens: 1 },
  },
});

export const answer = (tool: string): object => ({
  type: "user",
  message: { content: [{ type: "tool_result", tool_use_id: tool, content: "done" }] },
});

export const read = readerOf(claude);

export const result = (more: object): object => ({
  type: "result",
  is_error: false,
  subtype: "success",
  result: "done",
  ...more,
});

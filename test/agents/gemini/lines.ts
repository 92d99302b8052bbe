/** Lines of Gemini CLI for the tests of its parts. */

import { gemini } from "../../../agents/gemini/gemini.ts";
import { readerOf } from "../transcripts.ts";

export const read = readerOf(gemini);

export const says = (content: string): object => ({
  type: "message",
  role: "assistant",
  content,
  delta: true,
});

export const uses = (tool_id: string, command = "make"): object => ({
  ...{ type: "tool_use", tool_name: "run_shell_command", tool_id, parameters: { command } },
});

export const answers = (tool_id: string): object => ({ type: "tool_result", tool_id, status: "success" });

export const SUCCESS = { type: "result", status: "success", stats: {} };

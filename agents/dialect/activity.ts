/**
 * What an agent does now, for people: the tool that it called last, and the file or command that it named. Pure.
 *
 * Names of inputs are those of the programs that are known here: Claude Code, Qwen Code and Gemini CLI say `file_path`,
 * `path`, `absolute_path` or `notebook_path`, Codex and Copilot `path` or `command`.
 */

import { visibleLine } from "../../workflow/text/visible.ts";
import { toolName } from "./tools.ts";

export interface Activity {
  readonly tool: string;
  /** `null` where it named none. */
  readonly about: string | null;
}

const KEYS = [
  "file_path",
  "filePath",
  "absolute_path",
  "notebook_path",
  "path",
  "file",
  "command",
  "cmd",
  "pattern",
  "query",
  "url",
];
const ABOUT_CHARS_MAX = 120;

/** @param call the tool's name first, then its input, as {@link beginCall} of `repetition.ts` is told them */
export function activityOf(call: readonly unknown[]): Activity {
  const [name, input] = call;
  return { tool: toolName(name), about: aboutOf(input) };
}

function aboutOf(input: unknown): string | null {
  if (typeof input !== "object" || input === null) return null;
  const fields = new Map<string, unknown>(Object.entries(input));
  for (const key of KEYS) {
    const value = fields.get(key);
    const told = Array.isArray(value) ? value.filter((part) => typeof part === "string").join(" ") : value;
    if (typeof told !== "string" || told === "") continue;
    const line = visibleLine(told.slice(0, 4 * ABOUT_CHARS_MAX)).trim();
    if (line !== "") return line.slice(0, ABOUT_CHARS_MAX).toWellFormed();
  }
  return null;
}

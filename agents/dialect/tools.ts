/**
 * Names of tools: whatever a model made up, as they are counted, shown and looked for (I13). Pure.
 *
 * A call is counted where its line is read, and found again by the same line (`Backend.toolsIn`), so that what the
 * counts say and what a search finds are the same calls.
 */

import { TOOL_CHARS_MAX, TOOLS_MAX } from "../../workflow/limits.ts";
import { visibleLine } from "../../workflow/text/visible.ts";
import { type Fields, objectAt, objectsAt, parseFields, textAt } from "./fields.ts";

type Counts = readonly (readonly [tool: string, count: number])[];

/** Where calls of tools are counted that are too many, or have no name. */
export const OTHER_TOOLS = "other";

/** Looked at of a name: it is shortened before it is cleaned, which costs more. */
const LOOKED_AT_MAX = 4 * TOOL_CHARS_MAX;

/** A name as it is counted and shown. */
export function toolName(told: unknown): string {
  if (typeof told !== "string") return OTHER_TOOLS;
  const name = visibleLine(told.slice(0, LOOKED_AT_MAX)).slice(0, TOOL_CHARS_MAX).trim();
  return name === "" ? OTHER_TOOLS : name;
}

export function countTool(counts: Counts, told: unknown): Counts {
  const name = toolName(told);
  // One place is kept for the others.
  const hasRoom = counts.some(([tool]) => tool === name) || counts.length < TOOLS_MAX - 1;
  const counted = hasRoom ? name : OTHER_TOOLS;
  return counts.some(([tool]) => tool === counted)
    ? counts.map(([tool, count]) => [tool, count + (tool === counted ? 1 : 0)] as const)
    : [...counts, [counted, 1]];
}

/** @param calledIn what a dialect knows of its lines: names of tools as they are told */
export function toolReader(
  calledIn: (fields: Fields) => readonly unknown[],
): (line: string) => readonly string[] {
  return (line) => {
    const fields = parseFields(line);
    return fields === null ? [] : calledIn(fields).map(toolName);
  };
}

/** For programs that print messages with blocks, of which some are calls. */
export const toolsInBlocks: (line: string) => readonly string[] = toolReader((fields) =>
  textAt(fields, "type") === "assistant"
    ? objectsAt(objectAt(fields, "message") ?? {}, "content")
        .filter((block) => textAt(block, "type") === "tool_use")
        .map((block) => block["name"])
    : [],
);

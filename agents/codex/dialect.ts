/**
 * The transcript of Codex (`exec --json`), line by line. Recorded with version 0.169.0.
 *
 * `thread.started`, `turn.started`, then `item.started` and `item.completed`; at the end one of `turn.completed` and
 * `turn.failed`.
 *
 * D1. Tokens are told once, at the end of a turn, and they are the total of the whole thread: what earlier runs of it
 *     have used is subtracted. `input_tokens` INCLUDES what was read from the cache and written to it, `output_tokens`
 *     includes reasoning. Single calls stand in its record of the session only (`session.ts`).
 * D2. `error` is mostly a notice of another try ("Reconnecting... 2/5") and never a last word. It is remembered, for a
 *     program that dies in the middle of trying.
 * D3. No line names a model. It is the one that was asked for, until the record of the session tells.
 * D4. An item of the type `error` is a warning.
 */

import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, objectAt, textAt } from "../dialect/fields.ts";
import { compare } from "../dialect/fingerprint.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { beginTools, endTools, type OpenTools } from "../dialect/open-tools.ts";
import { wholeCall } from "../dialect/repetition.ts";
import { type Figures, sinceBaseline } from "../dialect/since-baseline.ts";
import { toolReader } from "../dialect/tools.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage } from "../usage.ts";
import { causeOf, judgeCodexError } from "./failure.ts";

interface Memory {
  /** What earlier runs of the thread have used. */
  readonly before: readonly Usage[];
  /** What the agent said last. */
  readonly said: string | null;
  /** Items begun and not ended. */
  readonly tools: OpenTools;
  /** Marks of the newest items, the newest last, to notice repetition. */
  readonly marks: readonly string[];
  /** What failed last, unless something went well since (D2). */
  readonly trouble: string | null;
}

const memory = dialectMemory<Memory>("codex-1", {
  before: [],
  said: null,
  tools: [],
  marks: [],
  trouble: null,
});

export function beginCodex({ model, baseline }: Beginning): Transcript {
  const empty = emptyTranscript(model, memory.nothing);
  return memory.keep(empty, { ...memory.of(empty), before: baseline });
}

/** What failed last, if nothing went well since. */
export function troubleOf(transcript: Transcript): string | null {
  return memory.of(transcript).trouble;
}

export const readCodexLine: Backend["read"] = lineReader(readFields);

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  const item = objectAt(fields, "item") ?? {};
  switch (textAt(fields, "type")) {
    case "thread.started":
      return { ...transcript, session: textAt(fields, "thread_id") ?? transcript.session };
    case "turn.started":
      return { ...transcript, terminal: null };
    case "item.started":
      return readBegun(transcript, item);
    case "item.completed":
      return readItem(transcript, item);
    case "item.updated":
      return transcript;
    case "error":
      return keep(
        { ...transcript, idle: transcript.idle + 1 },
        { trouble: causeOf(textAt(fields, "message") ?? "") },
      );
    case "turn.completed":
      return readCompleted(transcript, objectAt(fields, "usage") ?? {});
    case "turn.failed": {
      const message = textAt(objectAt(fields, "error") ?? {}, "message") ?? "";
      return keep({ ...transcript, terminal: judgeCodexError(message) }, { tools: [] });
    }
    default:
      return null;
  }
}

function readBegun(transcript: Transcript, item: Fields): Transcript {
  const id = textAt(item, "id") ?? "";
  const { tools } = memory.of(transcript);
  const open = beginTools(tools, id);
  return keep(noteWork(transcript, item), { tools: open, trouble: null });
}

function readItem(transcript: Transcript, item: Fields): Transcript {
  const type = textAt(item, "type");
  if (type === "error") return { ...transcript, idle: transcript.idle + 1 };
  const id = textAt(item, "id") ?? "";
  const { tools, said } = memory.of(transcript);
  const text = type === "agent_message" ? textAt(item, "text") : null;
  // The end of what was counted when it began counts again only if it brought something new.
  const compared = noteWork(transcript, item);
  const next = tools.includes(id) && compared.idle > 0 ? { ...compared, idle: transcript.idle } : compared;
  const { id: _id, ...whole } = item;
  return keep(SAID.has(type ?? "") ? next : wholeCall(next, [toolOf(item)], [whole]), {
    tools: endTools(tools, id),
    said: text === null ? said : text.slice(0, SUMMARY_CHARS_MAX),
    trouble: null,
  });
}

/** Items that are words and no calls of a tool. */
const SAID: ReadonlySet<string> = new Set(["agent_message", "reasoning", "todo_list"]);

/** Commands and searches are called by their kind, tools of servers by server and name. */
function toolOf(item: Fields): string | null {
  const type = textAt(item, "type");
  return type === "mcp_tool_call" ? `${textAt(item, "server")}.${textAt(item, "tool")}` : type;
}

/** A call is told when it begins and when it is over; it is counted, and found, where it is over. */
export const toolsInCodexLine: Backend["toolsIn"] = toolReader((fields) => {
  const item = textAt(fields, "type") === "item.completed" ? objectAt(fields, "item") : null;
  const type = item === null ? null : textAt(item, "type");
  return item === null || type === "error" || SAID.has(type ?? "") ? [] : [toolOf(item)];
});

/** New work ends the count of idle events; what repeats one of the last few items is no work. */
function noteWork(transcript: Transcript, { id: _id, ...content }: Fields): Transcript {
  const { isRepeated, marks } = compare(memory.of(transcript).marks, content);
  return keep({ ...transcript, idle: isRepeated ? transcript.idle + 1 : 0 }, { marks });
}

function readCompleted(transcript: Transcript, fields: Fields): Transcript {
  const { before, said, marks } = memory.of(transcript);
  const total = codexFigures(fields, transcript.model ?? "unknown");
  const usage = addUsage([], [sinceBaseline(total, before)]);
  const isEmpty = said === null && marks.length === 0;
  const terminal: Terminal = isEmpty
    ? failed("agent_error", "codex reports success without an answer or a single step")
    : { ok: true, summary: said === "" ? null : said };
  return keep({ ...transcript, usage, terminal }, { tools: [], trouble: null });
}

function keep(transcript: Transcript, changed: Partial<Memory>): Transcript {
  const next = { ...memory.of(transcript), ...changed };
  return memory.keep({ ...transcript, openTools: next.tools.length }, next);
}

/** D1: the same figures wherever Codex writes them. */
export function codexFigures(fields: Fields, model: string): Figures {
  const cacheReadTokens = countAt(fields, "cached_input_tokens");
  const cacheCreationTokens = countAt(fields, "cache_write_input_tokens");
  const inputTokens = Math.max(0, countAt(fields, "input_tokens") - cacheReadTokens - cacheCreationTokens);
  const outputTokens = countAt(fields, "output_tokens");
  const reasoningTokens = countAt(fields, "reasoning_output_tokens");
  return { model, inputTokens, outputTokens, cacheReadTokens, cacheCreationTokens, reasoningTokens };
}

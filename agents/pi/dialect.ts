/**
 * The transcript of pi (`--mode json`), line by line. Recorded with version 0.87.1.
 *
 * `session`, then for each answer of the model `message_start`, `message_update` per token, `message_end`; around them
 * `agent_start` … `agent_end`, several times if it tries again; and `agent_settled` when nothing more will come.
 *
 * D1. Input excludes what was cached, output includes reasoning, and every message tells its own: they add up, also
 *     after a resume. A message that still streams counts with its newest figures.
 * D2. The cost comes from the program's catalogue; a cost of 0 for tokens that were used means that the catalogue has
 *     none, so our own list decides.
 * D3. The last word is the last answer's stop reason, once the program says that it is settled (its exit code is 0
 *     whatever happened). `agent_end` is not the end: it may try again, or compact the conversation and go on.
 * D4. An error is believed only as the `errorMessage` of an answer that failed, which the program writes.
 */

import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, nanosAt, objectAt, objectsAt, textAt, wholeAt } from "../dialect/fields.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { beginTools, endTools, type OpenTools } from "../dialect/open-tools.ts";
import { beginCall, endCall } from "../dialect/repetition.ts";
import { toolReader } from "../dialect/tools.ts";
import { noteTurn, turnOf, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import type { Terminal } from "../terminal.ts";
import { addUsage } from "../usage.ts";
import { judgePiAnswer, type PiAnswer } from "./failure.ts";

interface Memory {
  /** Usage of answers that are complete. */
  readonly settled: readonly Usage[];
  /** Usage of the answer that streams. */
  readonly open: Usage | null;
  /** Ids of tool calls that run. */
  readonly tools: OpenTools;
  readonly last: PiAnswer | null;
}

const memory = dialectMemory<Memory>("pi-1", { settled: [], open: null, tools: [], last: null });

export function beginPi({ model }: Beginning): Transcript {
  // `provider/model:thinking`, or only a part of it; the first answer tells the model's own name.
  return emptyTranscript(model, memory.nothing);
}

/** What the last answer says about the run's end; `null` when there was none. */
export function judgeLast(transcript: Transcript): Terminal | null {
  const { last } = memory.of(transcript);
  return last === null ? null : judgePiAnswer(last);
}

export const readPiLine: Backend["read"] = lineReader(readFields);

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  const type = textAt(fields, "type") ?? "";
  switch (type) {
    case "session":
      return { ...transcript, session: textAt(fields, "id") ?? transcript.session };
    case "agent_start":
      return { ...transcript, terminal: null };
    case "message_start":
      return isAnswer(fields) ? openAnswer(transcript, objectAt(fields, "message") ?? {}) : transcript;
    case "message_update":
      return hear(transcript, fields);
    case "message_end":
      return isAnswer(fields) ? closeAnswer(transcript, objectAt(fields, "message") ?? {}) : transcript;
    case "tool_execution_start": {
      const id = textAt(fields, "toolCallId") ?? "";
      const called = beginCall(transcript, id, fields["toolName"], fields["args"]);
      return runTools(called, (tools) => beginTools(tools, id));
    }
    case "tool_execution_end": {
      const id = textAt(fields, "toolCallId") ?? "";
      const answered = endCall(transcript, id, fields["result"], fields["isError"]);
      return runTools({ ...answered, idle: 0 }, (tools) => endTools(tools, id));
    }
    case "compaction_end":
      return countCompaction(transcript, objectAt(objectAt(fields, "result") ?? {}, "usage"));
    case "agent_settled":
      return { ...transcript, terminal: judgeLast(transcript) };
    default:
      return SILENT_TYPES.test(type) ? transcript : null;
  }
}

export const toolsInPiLine: Backend["toolsIn"] = toolReader((fields) =>
  textAt(fields, "type") === "tool_execution_start" ? [fields["toolName"]] : [],
);

/** Lines that are known and say nothing here. */
const SILENT_TYPES =
  /^(agent_end|turn_(start|end)|tool_execution_update|auto_retry_(start|end)|compaction_start|entry_appended|queue_update|session_info_changed|thinking_level_changed|summarization_retry_\w+|extension_error)$/;

function isAnswer(fields: Fields): boolean {
  return textAt(objectAt(fields, "message") ?? {}, "role") === "assistant";
}

/**
 * A new answer proves that the last one is over and that its tools have answered, even if lines were lost. Until it is
 * complete there is no last answer: a program that ends in the middle of one has not done its work.
 */
function openAnswer(transcript: Transcript, message: Fields): Transcript {
  const { settled, open } = memory.of(transcript);
  const model = textAt(message, "model") ?? transcript.model ?? "unknown";
  const next = usageOf(objectAt(message, "usage") ?? {}, model);
  return keep(
    { ...transcript, model },
    { settled: withOpen(settled, open), open: next, tools: [], last: null },
  );
}

function hear(transcript: Transcript, fields: Fields): Transcript {
  const usage = objectAt(fields, "usage");
  const now = memory.of(transcript);
  const model = now.open?.model ?? transcript.model ?? "unknown";
  const delta = textAt(objectAt(fields, "assistantMessageEvent") ?? {}, "delta") ?? "";
  const heard = delta === "" ? transcript : { ...transcript, idle: 0 };
  return usage === null ? heard : keep(heard, { ...now, open: usageOf(usage, model) });
}

function closeAnswer(transcript: Transcript, message: Fields): Transcript {
  const now = memory.of(transcript);
  const model = textAt(message, "model") ?? now.open?.model ?? transcript.model ?? "unknown";
  const content = objectsAt(message, "content");
  const said = content.flatMap((block) =>
    textAt(block, "type") === "text" ? (textAt(block, "text") ?? []) : [],
  );
  const last: PiAnswer = {
    stop: textAt(message, "stopReason") ?? "",
    error: textAt(message, "errorMessage") ?? "",
    said: said.join("\n\n").slice(0, SUMMARY_CHARS_MAX),
    at: wholeAt(message, "timestamp"),
  };
  const used = usageOf(objectAt(message, "usage") ?? {}, model);
  const settled = addUsage(now.settled, [used]);
  const told = turnOf(used, {
    at: writtenAt(message),
    requestId: textAt(message, "responseId"),
    isFailed: last.stop === "error" || last.stop === "aborted",
  });
  const idle = content.length > 0 && last.stop !== "error" ? 0 : transcript.idle + 1;
  const noted = noteTurn({ ...transcript, model, idle }, "", told);
  return keep(noted, { settled, open: null, tools: now.tools, last });
}

function runTools(transcript: Transcript, change: (tools: OpenTools) => OpenTools): Transcript {
  const now = memory.of(transcript);
  return keep(transcript, { ...now, tools: change(now.tools) });
}

/** Making a summary of the conversation is a call of its own. */
function countCompaction(transcript: Transcript, usage: Fields | null): Transcript {
  if (usage === null) return transcript;
  const now = memory.of(transcript);
  const row = usageOf(usage, transcript.model ?? "unknown");
  return keep({ ...transcript, idle: 0 }, { ...now, settled: addUsage(now.settled, [row]) });
}

/** The transcript with this memory, and with what follows from it. */
function keep(transcript: Transcript, next: Memory): Transcript {
  const usage = withOpen(next.settled, next.open);
  return memory.keep({ ...transcript, usage, openTools: next.tools.length }, next);
}

function withOpen(settled: readonly Usage[], open: Usage | null): readonly Usage[] {
  return open === null ? settled : addUsage(settled, [open]);
}

function usageOf(fields: Fields, model: string): Usage {
  const tokens = {
    model,
    inputTokens: countAt(fields, "input"),
    outputTokens: countAt(fields, "output"),
    cacheReadTokens: countAt(fields, "cacheRead"),
    cacheCreationTokens: countAt(fields, "cacheWrite"),
  };
  const reasoningTokens = countAt(fields, "reasoning");
  const costNanos = nanosAt(objectAt(fields, "cost") ?? {}, "total");
  // D2
  if (costNanos !== null && costNanos > 0) {
    return { ...tokens, reasoningTokens, costNanos, costSource: "agent" };
  }
  const cacheCreation1hTokens = countAt(fields, "cacheWrite1h");
  return { ...tokens, reasoningTokens, ...price({ ...tokens, cacheCreation1hTokens }, "call") };
}

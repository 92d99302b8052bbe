/**
 * The transcript of Claude Code (`--output-format stream-json`), line by line. Recorded with version 2.1.329.
 *
 * `system/init`, then `assistant` and `user` (tool results), then `result`; between them `system/*`, `stream_event` and
 * `rate_limit_event`.
 *
 * C1. Usage of a run is what its `result` lines say, and there may be several in one process. Best source first:
 *     `model_usage_since_last_result`; `modelUsage`, unless it is more than this process can have used (it is
 *     cumulative over `--resume`); `usage`, which is this run's but may miss the last call.
 * C2. `total_cost_usd` is cumulative, too, and never read: each model's row has its own cost (`usage.ts`).
 * C3. A call of the main conversation after a `result` line begins a new turn, so that result was not the last word.
 */

import type { Usage } from "../../workflow/run.ts";
import type { Backend, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, numberAt, objectAt, objectsAt, textAt } from "../dialect/fields.ts";
import { beginCall, endCall } from "../dialect/repetition.ts";
import { askModel, latencySince, noteTurn, nothingUsed, turnOf, writtenAt } from "../dialect/turns.ts";
import { addUsage, allInput } from "../usage.ts";
import { judgeResult } from "./failure.ts";
import { claudeLimits } from "./limits.ts";
import {
  answer,
  type Call,
  hear,
  type Memory,
  NOTHING,
  recall,
  remember,
  settle,
  sinceLastResult,
  usedIn,
} from "./memory.ts";
import { modelRows, plainRow, SYNTHETIC } from "./usage.ts";

export const CLAUDE_EMPTY: Transcript = emptyTranscript(null, NOTHING);

export const readClaudeLine: Backend["read"] = lineReader(readFields);

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  switch (textAt(fields, "type")) {
    case "system":
      return readSystem(transcript, fields);
    case "assistant":
      return readAssistant(transcript, fields);
    case "user":
      return readToolResults(transcript, fields);
    case "rate_limit_event":
      return readRateLimit(transcript, fields);
    case "result":
      return readResult(transcript, fields);
    case "stream_event":
      return transcript;
    default:
      return null;
  }
}

function readSystem(transcript: Transcript, fields: Fields): Transcript {
  switch (textAt(fields, "subtype")) {
    case "init": {
      const session = textAt(fields, "session_id") ?? transcript.session;
      return { ...transcript, session, model: textAt(fields, "model") ?? transcript.model };
    }
    case "api_retry":
      return { ...transcript, idle: transcript.idle + 1 };
    default:
      return transcript;
  }
}

function readAssistant(transcript: Transcript, fields: Fields): Transcript {
  const message = objectAt(fields, "message") ?? {};
  const model = textAt(message, "model") ?? transcript.model ?? "unknown";
  const memory = recall(transcript);
  if (model === SYNTHETIC) {
    const told = turnOf(nothingUsed(transcript.model), { ...tellsOf(fields), isFailed: true });
    const failed = noteTurn({ ...transcript, idle: transcript.idle + 1 }, "", told);
    return remember(failed, { ...memory, trouble: textAt(fields, "error") });
  }
  const parent = textAt(fields, "parent_tool_use_id");
  const content = objectsAt(message, "content");
  const begun = content.filter((block) => textAt(block, "type") === "tool_use");
  const tools = begun.flatMap((block) => textAt(block, "id") ?? []);
  const heard = hear(memory, parent, readCall(message, model, content), tools);
  const used = usedIn(heard, parent) ?? nothingUsed(model);
  const latencyMs = parent === null ? latencySince(transcript, writtenAt(fields)) : null;
  const told = turnOf(used, { ...tellsOf(fields), latencyMs });
  const next = begun.reduce(
    (sum, block) => beginCall(sum, textAt(block, "id") ?? "", block["name"], block["input"]),
    noteTurn(remember(transcript, { ...heard, trouble: null }), textAt(message, "id") ?? "", told),
  );
  return {
    ...next,
    model: transcript.model ?? model,
    idle: content.length === 0 ? transcript.idle + 1 : 0,
    terminal: parent === null ? null : transcript.terminal,
  };
}

function tellsOf(fields: Fields): { readonly at: number | null; readonly requestId: string | null } {
  return { at: writtenAt(fields), requestId: textAt(fields, "request_id") };
}

function readCall(message: Fields, model: string, content: readonly Fields[]): Call {
  const usage = objectAt(message, "usage") ?? {};
  return {
    id: textAt(message, "id") ?? "",
    model,
    inputTokens: countAt(usage, "input_tokens"),
    cacheReadTokens: countAt(usage, "cache_read_input_tokens"),
    cacheCreationTokens: countAt(usage, "cache_creation_input_tokens"),
    cacheCreation1hTokens: countAt(objectAt(usage, "cache_creation") ?? {}, "ephemeral_1h_input_tokens"),
    statedOutput: countAt(usage, "output_tokens"),
    isFinal: textAt(message, "stop_reason") !== null,
    characters: content.reduce((sum, block) => sum + saidIn(block), 0),
  };
}

/** Characters that the model wrote in one block: text, thinking, or the input of a tool. */
function saidIn(block: Fields): number {
  const input = objectAt(block, "input");
  const text = textAt(block, "text") ?? textAt(block, "thinking") ?? "";
  return text.length + (input === null ? 0 : JSON.stringify(input).length);
}

function readToolResults(transcript: Transcript, fields: Fields): Transcript {
  const results = objectsAt(objectAt(fields, "message") ?? {}, "content");
  const answered = results.flatMap((block) => textAt(block, "tool_use_id") ?? []);
  if (answered.length === 0) return transcript;
  const memory = recall(transcript);
  const waiting = new Set(memory.lanes.flatMap(({ parent, tools }) => [parent, ...tools]));
  const awaited = answered.filter((tool) => waiting.delete(tool));
  const next = results.reduce(
    (sum, block) => endCall(sum, textAt(block, "tool_use_id") ?? "", block["content"], block["is_error"]),
    // What a subagent is told is no question to the model of the main conversation.
    textAt(fields, "parent_tool_use_id") === null ? askModel(transcript, writtenAt(fields)) : transcript,
  );
  return remember({ ...next, idle: 0 }, awaited.reduce(answer, memory));
}

/**
 * Only a rejection counts, and only one that names a window or its end: the same event with `allowed` comes on good
 * runs, and a bare `rejected` on any 429 that a subscription's token meets. `resetsAt` is in epoch seconds.
 */
function readRateLimit(transcript: Transcript, fields: Fields): Transcript {
  const info = objectAt(fields, "rate_limit_info") ?? {};
  const seconds = numberAt(info, "resetsAt");
  const resetAt = seconds === null || seconds <= 0 ? null : Math.round(seconds * 1_000);
  const isWindow = resetAt !== null || textAt(info, "rateLimitType") !== null;
  const limit = textAt(info, "status") === "rejected" && isWindow ? { resetAt } : null;
  return remember(
    { ...transcript, limits: claudeLimits(transcript.limits, info) },
    { ...recall(transcript), limit },
  );
}

function readResult(transcript: Transcript, fields: Fields): Transcript {
  const memory = recall(transcript);
  const next = remember(transcript, settle(memory, usageOf(fields, memory, transcript.model)));
  const session = textAt(fields, "session_id") ?? transcript.session;
  return { ...next, session, terminal: judgeResult(fields, memory) };
}

/** C1. */
function usageOf(fields: Fields, memory: Memory, model: string | null): readonly Usage[] {
  const since = objectAt(fields, "model_usage_since_last_result");
  if (since !== null) return modelRows(since);
  const all = modelRows(objectAt(fields, "modelUsage") ?? {});
  if (all.length > 0 && !exceeds(all, sinceLastResult(memory))) return all;
  const usage = objectAt(fields, "usage");
  return usage === null
    ? sinceLastResult(memory)
    : addUsage([], [plainRow(usage, model ?? "unknown", "run")]);
}

/** Whether these totals hold more input than the calls that were seen. If none were, nothing speaks against them. */
function exceeds(all: readonly Usage[], seen: readonly Usage[]): boolean {
  return seen.some((row) => allInput(all.find(({ model }) => model === row.model) ?? row) > allInput(row));
}

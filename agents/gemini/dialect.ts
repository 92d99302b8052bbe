/**
 * The transcript of Gemini CLI (`--output-format stream-json`), line by line. Recorded with version 0.61.0.
 *
 * `init`, then `message` (in pieces), `tool_use` and `tool_result`, `error`; at last `result`.
 *
 * D1. Tokens are told in `result` only, those of this run, per model. `input_tokens` INCLUDES what was read from the
 *     cache (`cached`); `output_tokens` EXCLUDES thoughts, which are what is missing in the total. Single calls stand
 *     in its record of the session only (`session.ts`).
 * D2. A stream that breaks off with an error in its middle ends as `success`. The answer is missing then: success
 *     without a word since the last tool is none. An `error` line after the last word is the reason.
 * D3. `result` of a failure may come without an error; then the last `error` line has it.
 */

import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, isFields, objectAt, textAt } from "../dialect/fields.ts";
import { compare } from "../dialect/fingerprint.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { beginTools, endTools, type OpenTools } from "../dialect/open-tools.ts";
import { beginCall, endCall } from "../dialect/repetition.ts";
import { toolReader } from "../dialect/tools.ts";
import { price } from "../prices/prices.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage } from "../usage.ts";
import { judgeGeminiError } from "./failure.ts";

interface Memory {
  /** What the model has said since the last tool, as far as a summary needs. */
  readonly said: string;
  readonly tools: OpenTools;
  /** Marks of the newest calls of tools, the newest last, to notice repetition. */
  readonly marks: readonly string[];
  /** The newest `error` line, unless something was said since. */
  readonly error: string | null;
  readonly hasWorked: boolean;
}

const memory = dialectMemory<Memory>("gemini-1", {
  ...{ said: "", tools: [], marks: [], error: null, hasWorked: false },
});

export function beginGemini({ model }: Beginning): Transcript {
  return emptyTranscript(model, memory.nothing);
}

/** Whether the model has answered at all. */
export function hasWorked(transcript: Transcript): boolean {
  return memory.of(transcript).hasWorked;
}

export const readGeminiLine: Backend["read"] = lineReader(readFields);

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  switch (textAt(fields, "type")) {
    case "init": {
      const session = textAt(fields, "session_id") ?? transcript.session;
      return { ...transcript, session, model: textAt(fields, "model") ?? transcript.model };
    }
    case "message":
      return readMessage(transcript, fields);
    case "tool_use":
      return readToolUse(transcript, fields);
    case "tool_result": {
      const id = textAt(fields, "tool_id") ?? "";
      const next = endCall(transcript, id, fields["status"], fields["output"], fields["error"]);
      return keep(next, { tools: endTools(memory.of(transcript).tools, id) });
    }
    case "error":
      return keep({ ...transcript, idle: transcript.idle + 1 }, { error: textAt(fields, "message") ?? "" });
    case "result":
      return readResult(transcript, fields);
    default:
      return null;
  }
}

function readMessage(transcript: Transcript, fields: Fields): Transcript {
  const content = textAt(fields, "content") ?? "";
  if (textAt(fields, "role") !== "assistant" || content === "") return transcript;
  const said = `${memory.of(transcript).said}${content}`.slice(0, SUMMARY_CHARS_MAX);
  return keep({ ...transcript, idle: 0, terminal: null }, { said, error: null, hasWorked: true });
}

export const toolsInGeminiLine: Backend["toolsIn"] = toolReader((fields) =>
  textAt(fields, "type") === "tool_use" ? [fields["tool_name"]] : [],
);

function readToolUse(transcript: Transcript, fields: Fields): Transcript {
  const now = memory.of(transcript);
  const id = textAt(fields, "tool_id") ?? "";
  const { isRepeated, marks } = compare(now.marks, [fields["tool_name"], fields["parameters"]]);
  const idle = isRepeated ? transcript.idle + 1 : 0;
  const called = beginCall(transcript, id, fields["tool_name"], fields["parameters"]);
  return keep(
    { ...called, idle, terminal: null },
    {
      ...{ said: "", error: null, hasWorked: true },
      tools: beginTools(now.tools, id),
      marks,
    },
  );
}

function readResult(transcript: Transcript, fields: Fields): Transcript {
  const usage = usageOf(objectAt(fields, "stats") ?? {}, transcript.model ?? "unknown");
  return keep({ ...transcript, usage, terminal: judgeResult(transcript, fields) }, { tools: [] });
}

function judgeResult(transcript: Transcript, fields: Fields): Terminal {
  const { said, error } = memory.of(transcript);
  const told = objectAt(fields, "error");
  const name = textAt(told ?? {}, "type") ?? "unknown";
  const message = textAt(told ?? {}, "message") ?? error;
  const summary = said === "" ? null : said;
  if (textAt(fields, "status") === "success" && error === null) {
    if (summary !== null) return { ok: true, summary };
    return failed("server_error", "gemini reports success without an answer: the model's stream broke off");
  }
  const judged = judgeGeminiError(name, message ?? "");
  // D2: it says success, and the sentence tells nothing. It was the stream.
  const isBroken = textAt(fields, "status") === "success" && judged.failure === "agent_error";
  return { ...judged, failure: isBroken ? "server_error" : judged.failure, summary };
}

/** D1. Without models all of it belongs to the one that was asked for. */
function usageOf(stats: Fields, model: string): readonly Usage[] {
  const models = Object.entries(objectAt(stats, "models") ?? {});
  const rows = models.flatMap(([name, value]) => (isFields(value) ? [rowOf(value, name)] : []));
  const sum = addUsage([], rows);
  return sum.length > 0 ? sum : addUsage([], [rowOf(stats, model)]);
}

function rowOf(fields: Fields, model: string): Usage {
  const cacheReadTokens = countAt(fields, "cached");
  const input = countAt(fields, "input_tokens");
  const answer = countAt(fields, "output_tokens");
  const outputTokens = Math.max(answer, countAt(fields, "total_tokens") - input);
  const tokens = {
    ...{ model, inputTokens: Math.max(0, input - cacheReadTokens), outputTokens },
    ...{ cacheReadTokens, cacheCreationTokens: 0, reasoningTokens: outputTokens - answer },
  };
  return { ...tokens, ...price(tokens, "run") };
}

function keep(transcript: Transcript, changed: Partial<Memory>): Transcript {
  const next = { ...memory.of(transcript), ...changed };
  return memory.keep({ ...transcript, openTools: next.tools.length }, next);
}

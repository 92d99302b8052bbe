/**
 * The transcript of OpenCode (`run --format json`), line by line. Recorded with version 1.18.33.
 *
 * A step is one call of the model: `step_start`, then `text`, `reasoning` and finished `tool_use`, then `step_finish`
 * with tokens and cost. There is no first line that names the model and no summary.
 *
 * D1. Input excludes what was cached, and output EXCLUDES reasoning: ours includes it. Each step tells its own tokens,
 *     also after a resume, so they add up. A side call that makes the session's title is in none of them.
 * D2. The cost comes from the program's price list; a cost of 0 for tokens that were used means that it has no price
 *     (or a subscription), so our own list decides.
 * D3. The last word is a `step_finish` whose reason ends the loop, or an `error`. A step that follows takes it back.
 * D4. Tools are told when they are over. So whoever is inside a step may be in a tool, and may be silent.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import { judgeApiError } from "../api-error.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, nanosAt, numberAt, objectAt, textAt, wholeAt } from "../dialect/fields.ts";
import { wholeCall } from "../dialect/repetition.ts";
import { toolReader } from "../dialect/tools.ts";
import { askModel, latencySince, noteTurn, nothingUsed, turnOf, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage } from "../usage.ts";

export function beginOpencode({ model }: Beginning): Transcript {
  return emptyTranscript(model === null ? null : withoutProvider(model), { said: "" });
}

/** Models are named `provider/model`; prices go by the model. */
function withoutProvider(model: string): string {
  return model.slice(model.indexOf("/") + 1);
}

export const readOpencodeLine: Backend["read"] = lineReader(readFields);

/** When it printed its newest line (ms); 0 when that is not told. */
export function heardAt(transcript: Transcript): number {
  return wholeAt(transcript.memory, "at");
}

function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  const next = readPart(transcript, fields);
  if (next === null) return null;
  const session = textAt(fields, "sessionID") ?? transcript.session;
  const at = Math.max(heardAt(transcript), wholeAt(fields, "timestamp"));
  return { ...next, session, memory: { ...next.memory, at } };
}

/** `null` for a kind of line that is not known. */
function readPart(transcript: Transcript, fields: Fields): Transcript | null {
  const part = objectAt(fields, "part") ?? {};
  switch (textAt(fields, "type")) {
    case "step_start":
      return askModel(
        { ...transcript, openTools: 1, terminal: null, memory: { said: "" } },
        writtenAt(fields),
      );
    case "text":
      return hear(transcript, textAt(part, "text") ?? "");
    case "reasoning":
      return textAt(part, "text") === "" ? transcript : { ...transcript, idle: 0 };
    case "tool_use":
      return readTool({ ...transcript, idle: 0 }, part);
    case "step_finish":
      return finishStep(transcript, part, writtenAt(fields));
    case "error": {
      const told = turnOf(nothingUsed(transcript.model), { at: writtenAt(fields), isFailed: true });
      const terminal = judgeError(fields);
      return noteTurn({ ...transcript, openTools: 0, idle: transcript.idle + 1, terminal }, "", told);
    }
    default:
      return null;
  }
}

export const toolsInOpencodeLine: Backend["toolsIn"] = toolReader((fields) =>
  textAt(fields, "type") === "tool_use" ? [objectAt(fields, "part")?.["tool"]] : [],
);

function readTool(transcript: Transcript, part: Fields): Transcript {
  const state = objectAt(part, "state") ?? {};
  return wholeCall(
    transcript,
    [part["tool"], state["input"]],
    [state["status"], state["output"], state["error"]],
  );
}

function hear(transcript: Transcript, text: string): Transcript {
  if (text === "") return transcript;
  const said = [saidIn(transcript), text].filter((piece) => piece !== "").join("\n\n");
  return { ...transcript, idle: 0, memory: { said: said.slice(0, SUMMARY_CHARS_MAX) } };
}

function saidIn(transcript: Transcript): string {
  return textAt(transcript.memory, "said") ?? "";
}

function finishStep(transcript: Transcript, part: Fields, at: number | null): Transcript {
  const used = usageOf(part, transcript.model ?? "unknown");
  const usage = addUsage(transcript.usage, [used]);
  const terminal = judgeStep(textAt(part, "reason") ?? "", saidIn(transcript));
  const next = { ...transcript, usage, terminal, openTools: 0, idle: transcript.idle + 1 };
  return noteTurn(next, "", turnOf(used, { at, latencyMs: latencySince(transcript, at) }));
}

function usageOf(part: Fields, model: string): Usage {
  const told = objectAt(part, "tokens") ?? {};
  const cache = objectAt(told, "cache") ?? {};
  const reasoningTokens = countAt(told, "reasoning");
  const tokens = {
    model,
    inputTokens: countAt(told, "input"),
    outputTokens: countAt(told, "output") + reasoningTokens,
    cacheReadTokens: countAt(cache, "read"),
    cacheCreationTokens: countAt(cache, "write"),
  };
  const costNanos = nanosAt(part, "cost");
  // D2
  if (costNanos !== null && costNanos > 0) {
    return { ...tokens, reasoningTokens, costNanos, costSource: "agent" };
  }
  return { ...tokens, reasoningTokens, ...price(tokens, "call") };
}

/** D3. With these two the program calls the model again, whatever it has got. */
function judgeStep(reason: string, said: string): Terminal | null {
  if (reason === "tool-calls" || reason === "unknown" || reason === "") return null;
  const summary = said === "" ? null : said;
  if (reason === "stop") return { ok: true, summary };
  const otherwise = ["agent_error", `the model stopped for the reason "${reason}"`] as const;
  return failed(...(STOPPED.get(reason) ?? otherwise), summary);
}

const STOPPED: ReadonlyMap<string, readonly [FailureClass, string]> = new Map([
  ["length", ["agent_error", "the model's answer was cut off at its longest"]],
  ["content-filter", ["refused", "the model's answer was withheld by a content filter"]],
]);

function judgeError(fields: Fields): Terminal {
  const error = objectAt(fields, "error") ?? {};
  const data = objectAt(error, "data") ?? {};
  const name = textAt(error, "name") ?? "";
  const reason = textAt(data, "message") ?? (name === "" ? "opencode reported an error" : name);
  const named = NAMES.get(name);
  if (named !== undefined) return failed(named, reason);
  const { failure, retryAfterMs, resetAt } = judgeApiError({
    status: numberAt(data, "statusCode"),
    body: textAt(data, "responseBody") ?? "",
    message: reason,
    headers: objectAt(data, "responseHeaders") ?? {},
    at: numberAt(fields, "timestamp"),
  });
  const otherwise = data["isRetryable"] === true ? "server_error" : "agent_error";
  return { ...failed(failure ?? otherwise, reason), retryAfterMs, resetAt };
}

/** Names of errors that say everything by themselves. */
const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["ProviderAuthError", "auth"],
  ["ContextOverflowError", "context_overflow"],
  ["MessageAbortedError", "interrupted"],
  ["ProviderModelNotFoundError", "model_unavailable"],
]);

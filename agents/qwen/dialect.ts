/**
 * The transcript of Qwen Code (`--output-format stream-json`), line by line. Recorded with version 0.24.4.
 *
 * It looks like Claude Code's: `system/init`, `assistant`, `user` (tool results), `result`. It means other things:
 *
 * D1. `input_tokens` INCLUDES what was read from the cache. Writes to the cache, reasoning and costs are not told.
 * D2. Each `assistant` line has the final figures of its call, so they add up. The `result` line has the total of the
 *     whole session, over all resumed runs; less what earlier runs have used it may know of more calls than were
 *     printed, and then it counts. It never counts for less than the calls.
 * D3. It waits minutes for another try of what fails, ten times, and says so (`system/retry`). Waiting is decided
 *     here, where it can be seen: such a line is taken as its last word, unless it goes on after all.
 * D4. When a stream breaks off it calls the model again, and may run the same tool again, several times a second and
 *     for ever. What only repeats one of the last few calls, and the results of that, is no progress.
 */

import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { countAt, type Fields, numberAt, objectAt, objectsAt, textAt, wholeAt } from "../dialect/fields.ts";
import { compare } from "../dialect/fingerprint.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { beginTools, endTools, type OpenTools } from "../dialect/open-tools.ts";
import { beginCall, endCall } from "../dialect/repetition.ts";
import { noteTurn, turnOf } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import { failed, type Terminal } from "../terminal.ts";
import { addUsage, allInput } from "../usage.ts";
import { judgeQwenError } from "./failure.ts";

interface Memory {
  /** What earlier runs of the session have used, or `null` if that is not known. */
  readonly before: readonly Usage[] | null;
  /** Usage of calls that are over. */
  readonly settled: readonly Usage[];
  /** The newest call; another line with its id says the same again. */
  readonly open: { readonly id: string; readonly usage: Usage } | null;
  readonly tools: OpenTools;
  /** Marks of what the newest calls said, the newest last (D4). */
  readonly said: readonly string[];
  /** Whether the newest call said something new. */
  readonly isNew: boolean;
  readonly waiting: boolean;
}

const memory = dialectMemory<Memory>("qwen-1", {
  before: null,
  settled: [],
  open: null,
  tools: [],
  said: [],
  isNew: true,
  waiting: false,
});

/** A try after this long is not the program's to decide (D3). */
const WAIT_MS_MAX = 60_000;

export function beginQwen({ model, resumed, baseline }: Beginning): Transcript {
  const empty = emptyTranscript(model, memory.nothing);
  const before = resumed && baseline.length === 0 ? null : baseline;
  return memory.keep(empty, { ...memory.of(empty), before });
}

/** Whether its last word was that it waits for another try. */
export function isWaiting(transcript: Transcript): boolean {
  return memory.of(transcript).waiting;
}

export const readQwenLine: Backend["read"] = lineReader(readFields);

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  switch (textAt(fields, "type")) {
    case "system":
      return readSystem(transcript, fields);
    case "assistant":
      return readCall(goOn(transcript), fields);
    case "user":
      return readToolResults(goOn(transcript), fields);
    case "result":
      return readResult(transcript, fields);
    case "stream_event":
      return transcript;
    default:
      return null;
  }
}

function readSystem(transcript: Transcript, fields: Fields): Transcript {
  const session = textAt(fields, "session_id") ?? transcript.session;
  if (textAt(fields, "subtype") === "init") {
    return { ...transcript, session, model: textAt(fields, "model") ?? transcript.model };
  }
  if (textAt(fields, "subtype") !== "retry") return transcript;
  const tries = { ...goOn(transcript), idle: transcript.idle + 1 };
  if (wholeAt(objectAt(fields, "data") ?? {}, "delayMs") < WAIT_MS_MAX) return tries;
  const terminal = failed(
    "server_error",
    "the model service failed again and again, and qwen waits for minutes",
  );
  return memory.keep({ ...tries, terminal }, { ...memory.of(tries), waiting: true });
}

/** Whatever it said last, it works. */
function goOn(transcript: Transcript): Transcript {
  return memory.keep({ ...transcript, terminal: null }, { ...memory.of(transcript), waiting: false });
}

function readCall(transcript: Transcript, fields: Fields): Transcript {
  const message = objectAt(fields, "message") ?? {};
  const model = textAt(message, "model") ?? transcript.model ?? "unknown";
  const usage = usageOf(objectAt(message, "usage") ?? {}, model, "call");
  const id = textAt(message, "id") ?? "";
  const now = memory.of(transcript);
  const isSame = now.open !== null && now.open.id === id && id !== "";
  const settled = now.open === null || isSame ? now.settled : addUsage(now.settled, [now.open.usage]);
  const content = objectsAt(message, "content");
  const begun = content.filter((block) => textAt(block, "type") === "tool_use");
  const { isRepeated, marks: said } = compare(now.said, content.map(withoutId));
  // An error of the API is printed as an answer, too: one that took no tokens.
  const isFailed = allInput(usage) + usage.outputTokens === 0;
  const isNew = !isFailed && !isRepeated;
  const called = begun.reduce(
    (sum, block) => beginCall(sum, textAt(block, "id") ?? "", block["name"], block["input"]),
    noteTurn(transcript, id, turnOf(usage, { isFailed })),
  );
  const next = { ...called, model, idle: isNew ? 0 : transcript.idle + 1 };
  const tools = beginTools(now.tools, ...begun.map((block) => textAt(block, "id") ?? ""));
  return keep(next, { ...now, settled, open: { id, usage }, tools, said, isNew });
}

function withoutId({ id: _id, ...block }: Fields): Fields {
  return block;
}

function readToolResults(transcript: Transcript, fields: Fields): Transcript {
  const content = objectsAt(objectAt(fields, "message") ?? {}, "content");
  const answered = content.flatMap((block) => textAt(block, "tool_use_id") ?? []);
  if (answered.length === 0) return transcript;
  const now = memory.of(transcript);
  const idle = now.isNew ? 0 : transcript.idle;
  const next = content.reduce(
    (sum, block) => endCall(sum, textAt(block, "tool_use_id") ?? "", block["content"], block["is_error"]),
    transcript,
  );
  return keep({ ...next, idle }, { ...now, tools: endTools(now.tools, ...answered) });
}

function readResult(transcript: Transcript, fields: Fields): Transcript {
  const now = memory.of(transcript);
  const calls = callsOf(now);
  const total = usageOf(objectAt(fields, "usage") ?? {}, transcript.model ?? "unknown", "run");
  const settled = now.before === null ? calls : betterTotal(total, now.before, calls);
  const session = textAt(fields, "session_id") ?? transcript.session;
  const next = { ...transcript, session, terminal: judgeResult(fields) };
  return keep(next, { ...now, settled, open: null, tools: [], waiting: false });
}

function judgeResult(fields: Fields): Terminal {
  const said = textAt(fields, "result");
  const summary = said === null || said === "" ? null : said.slice(0, SUMMARY_CHARS_MAX);
  if (fields["is_error"] === false && textAt(fields, "subtype") === "success") {
    if (numberAt(fields, "num_turns") !== 0) return { ok: true, summary };
    return failed("agent_error", "qwen reports success without a single turn of the model", summary);
  }
  const message = textAt(objectAt(fields, "error") ?? {}, "message");
  return message === null
    ? failed("agent_error", "qwen ended with an error", summary)
    : judgeQwenError(message);
}

/** D2: the part of the total that is this run's, given to its model, if it is more than what the calls have told. */
function betterTotal(total: Usage, before: readonly Usage[], calls: readonly Usage[]): readonly Usage[] {
  const minus = (pick: (row: Usage) => number): number =>
    pick(total) - [...before, ...calls].reduce((sum, row) => sum + pick(row), 0);
  const rest = {
    model: total.model,
    inputTokens: Math.max(
      0,
      minus((row) => row.inputTokens),
    ),
    outputTokens: Math.max(
      0,
      minus((row) => row.outputTokens),
    ),
    cacheReadTokens: Math.max(
      0,
      minus((row) => row.cacheReadTokens),
    ),
    cacheCreationTokens: 0,
  };
  return addUsage(calls, [{ ...rest, reasoningTokens: 0, ...price(rest, "run") }]);
}

/** The transcript with this memory, and with what follows from it. */
function keep(transcript: Transcript, next: Memory): Transcript {
  return memory.keep({ ...transcript, usage: callsOf(next), openTools: next.tools.length }, next);
}

function callsOf({ settled, open }: Memory): readonly Usage[] {
  return open === null ? settled : addUsage(settled, [open.usage]);
}

/** D1. */
function usageOf(fields: Fields, model: string, scope: "call" | "run"): Usage {
  const cacheReadTokens = countAt(fields, "cache_read_input_tokens");
  const tokens = {
    model,
    inputTokens: Math.max(0, countAt(fields, "input_tokens") - cacheReadTokens),
    outputTokens: countAt(fields, "output_tokens"),
    cacheReadTokens,
    cacheCreationTokens: 0,
  };
  return { ...tokens, reasoningTokens: 0, ...price(tokens, scope) };
}

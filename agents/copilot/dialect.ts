/**
 * The transcript of GitHub Copilot CLI (`--output-format json`), line by line. Recorded with version 1.0.102.
 *
 * `session.*`, `user.message`, then per turn `model.call_start`, `assistant.message`, `tool.execution_start` and
 * `tool.execution_complete`; at last `result`.
 *
 * D1. No line tells tokens. They stand in the file of `--usage-output-file` (`copilot.ts`) and, call by call, in its
 *     record of the session (`session.ts`).
 * D2. `result` has the exit code and nothing else. It is 0 after a signal, too; `abort` tells.
 * D3. The session is named in `result` only, too late for a run that is killed. So a new one is named by us, after the
 *     run, and known from the moment on when it has taken the prompt.
 */

import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import type { Usage } from "../../workflow/run.ts";
import type { Backend, Beginning, Transcript } from "../backend.ts";
import { emptyTranscript, lineReader } from "../dialect/dialect.ts";
import { type Fields, numberAt, objectAt, objectsAt, textAt } from "../dialect/fields.ts";
import { compare, fingerprint } from "../dialect/fingerprint.ts";
import { dialectMemory } from "../dialect/memory.ts";
import { beginTools, endTools, type OpenTools } from "../dialect/open-tools.ts";
import { beginCall, endCall } from "../dialect/repetition.ts";
import { toolReader } from "../dialect/tools.ts";
import { type Failure, failed, type Terminal } from "../terminal.ts";
import { type FailedCall, failedCall, judgeCopilotError } from "./failure.ts";

interface Memory {
  /** What earlier runs of the session have used. */
  readonly before: readonly Usage[];
  /** The name of the session, which the program tells too late (D3). */
  readonly named: string | null;
  readonly said: string | null;
  readonly tools: OpenTools;
  /** Marks of the newest messages, the newest last, to notice repetition. */
  readonly marks: readonly string[];
  readonly failedCall: FailedCall | null;
  /** Its own judgement of what failed, until it goes on. */
  readonly error: Failure | null;
  readonly aborted: boolean;
}

const memory = dialectMemory<Memory>("copilot-1", {
  ...{ before: [], named: null, said: null, tools: [], marks: [] },
  ...{ failedCall: null, error: null, aborted: false },
});

export function beginCopilot({ model, resumed, baseline, run, session }: Beginning): Transcript {
  const empty = emptyTranscript(model, memory.nothing);
  const named = resumed || run === undefined ? (session ?? null) : sessionOf(run);
  return memory.keep(empty, { ...memory.of(empty), before: baseline, named });
}

/** A session's name for a run: the program takes nothing but a UUID, and the same run must have the same one. */
export function sessionOf(run: string): string {
  const digits = ["1", "2", "3", "4"].map((part) => hash(`${part}/${run}`)).join("");
  const [a, b, c, d] = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(13, 16), digits.slice(17, 20)];
  return `${a}-${b}-4${c}-a${d}-${digits.slice(20)}`;
}

/** 32 bits as eight hexadecimal digits. */
function hash(text: string): string {
  const [base36 = "0"] = fingerprint(text).split(".");
  return Number.parseInt(base36, 36).toString(16).padStart(8, "0");
}

export interface CopilotNotes {
  readonly before: readonly Usage[];
  readonly aborted: boolean;
  readonly error: Terminal | null;
}

/** What an end without a last word is judged by. */
export function notesOf(transcript: Transcript): CopilotNotes {
  return memory.of(transcript);
}

export const readCopilotLine: Backend["read"] = lineReader(readFields);

/** Kinds of lines that tell nothing we need. */
const IGNORED =
  /^(session|tool|permission|hook|skill|subagent|system)\.|^(assistant\.(turn_start|turn_end|idle|intent|reasoning|usage|message_start|tool_call_delta)|model\.(call_finished|call_final_result)|agent\.interrupted)$/;

/** `null` for a kind of line that is not known. */
function readFields(transcript: Transcript, fields: Fields): Transcript | null {
  const data = objectAt(fields, "data") ?? {};
  const kind = textAt(fields, "type") ?? "";
  switch (kind) {
    case "user.message":
      return readPrompt(transcript);
    case "model.call_start":
      return goOn({ ...transcript, model: textAt(data, "model") ?? transcript.model }, transcript.idle + 1);
    case "model.call_failure":
      return keep(transcript, { failedCall: failedCall(data, textAt(fields, "timestamp")) });
    case "assistant.turn_retry":
      return { ...transcript, idle: transcript.idle + 1 };
    case "assistant.message_delta":
      return goOn(transcript, 0);
    case "assistant.message":
      return readMessage(transcript, data);
    case "tool.execution_start":
      return keep(beginCall(transcript, idOf(data), data["toolName"], data["arguments"]), {
        tools: beginTools(memory.of(transcript).tools, idOf(data)),
      });
    case "tool.execution_complete":
      return keep(endCall(transcript, idOf(data), data["success"], data["result"], data["error"]), {
        tools: endTools(memory.of(transcript).tools, idOf(data)),
      });
    case "session.error":
      return readError(transcript, data);
    case "abort":
      return keep(transcript, { aborted: true, tools: [] });
    case "result":
      return readResult(transcript, fields);
    default:
      return IGNORED.test(kind) ? transcript : null;
  }
}

/** D3. */
function readPrompt(transcript: Transcript): Transcript {
  const { named } = memory.of(transcript);
  const next = { ...transcript, session: transcript.session ?? named, terminal: null };
  return keep(next, { aborted: false, error: null });
}

/** It works, whatever failed before. */
function goOn(transcript: Transcript, idle: number): Transcript {
  return keep({ ...transcript, idle, terminal: null }, { error: null });
}

function readMessage(transcript: Transcript, data: Fields): Transcript {
  const now = memory.of(transcript);
  const content = textAt(data, "content") ?? "";
  const calls = objectsAt(data, "toolRequests").map((call) => [call["name"], call["arguments"]]);
  const { isRepeated, marks } = compare(now.marks, [content, calls]);
  const isNew = (content !== "" || calls.length > 0) && !isRepeated;
  // What a subagent says is its caller's, not the run's.
  const isOurs = content !== "" && textAt(data, "parentToolCallId") === null;
  const heard = goOn(transcript, isNew ? 0 : transcript.idle);
  return keep(
    { ...heard, model: textAt(data, "model") ?? transcript.model },
    {
      said: isOurs ? content.slice(0, SUMMARY_CHARS_MAX) : now.said,
      marks,
      failedCall: null,
    },
  );
}

export const toolsInCopilotLine: Backend["toolsIn"] = toolReader((fields) =>
  textAt(fields, "type") === "tool.execution_start" ? [objectAt(fields, "data")?.["toolName"]] : [],
);

function idOf(data: Fields): string {
  return textAt(data, "toolCallId") ?? "";
}

function readError(transcript: Transcript, data: Fields): Transcript {
  const name = textAt(data, "errorType") ?? "";
  const message = textAt(data, "message") ?? "";
  const call = memory.of(transcript).failedCall;
  const error = judgeCopilotError(name, message, numberAt(data, "statusCode"), call);
  return keep({ ...transcript, idle: transcript.idle + 1 }, { error });
}

function readResult(transcript: Transcript, fields: Fields): Transcript {
  const session = textAt(fields, "sessionId") ?? transcript.session;
  return keep({ ...transcript, session, terminal: judgeResult(transcript, fields) }, { tools: [] });
}

function judgeResult(transcript: Transcript, fields: Fields): Terminal {
  const { said, error, aborted } = memory.of(transcript);
  const exitCode = numberAt(fields, "exitCode");
  if (aborted) return failed("interrupted", "somebody else ended the agent", said);
  if (error !== null) return { ...error, summary: said };
  if (exitCode === 0) return { ok: true, summary: said };
  return failed("agent_error", `copilot ended with exit code ${exitCode ?? "unknown"}`, said);
}

function keep(transcript: Transcript, changed: Partial<Memory>): Transcript {
  const next = { ...memory.of(transcript), ...changed };
  return memory.keep({ ...transcript, openTools: next.tools.length }, next);
}

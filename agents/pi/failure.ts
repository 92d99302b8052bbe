/**
 * What the last answer in a transcript of pi says about the run's end.
 *
 * An answer that failed carries an `errorMessage` made by the program: the HTTP status and the body of the service's
 * answer, or a sentence of its own. (What the model said is in another field, and is never read as an error.)
 *
 * Of a ChatGPT account it tells the limit only in a sentence, made from the service's fields; with a time in it if
 * there was one. The same sentence without a time stands on any 429.
 */

import { judgeApiError } from "../api-error.ts";
import { failed, type Terminal } from "../terminal.ts";

export interface PiAnswer {
  readonly stop: string;
  readonly error: string;
  readonly said: string;
  /** When it came (ms); 0 when that is not told. */
  readonly at: number;
}

export function judgePiAnswer(answer: PiAnswer): Terminal {
  const summary = answer.said === "" ? null : answer.said;
  switch (answer.stop) {
    case "stop":
    // A tool may end the run by itself.
    case "toolUse":
      return { ok: true, summary };
    case "error":
      return judgeError(answer, summary);
    case "aborted":
      return failed("interrupted", "the model's answer was aborted", summary);
    case "refusal":
      return failed("refused", "the model refused the work", summary);
    case "length":
      return failed("agent_error", "the model's answer was cut off at its longest", summary);
    default:
      return failed("agent_error", `the model stopped for the reason "${answer.stop}"`, summary);
  }
}

/** `429 {…}`, or with the name of the vendor before it: `OpenAI API error (429): {…}`. */
const STATUS = /^(?:[\w .-]+ API error \()?(\d{3})\b\)?:?\s*(\{.*)?/s;

const CHATGPT_LIMIT = /^You have hit your ChatGPT usage limit\b.* Try again in ~(\d{1,6}) min\.$/;
const CHATGPT_429 = /^You have hit your ChatGPT usage limit\b/;

function judgeError(answer: PiAnswer, summary: string | null): Terminal {
  const [, minutes] = CHATGPT_LIMIT.exec(answer.error) ?? [];
  if (minutes !== undefined) {
    const retryAfterMs = Number(minutes) * 60_000;
    const resetAt = answer.at === 0 ? null : answer.at + retryAfterMs;
    return { ...failed("usage_limit", answer.error, summary), retryAfterMs, resetAt };
  }
  if (CHATGPT_429.test(answer.error)) return failed("rate_limit", answer.error, summary);
  const [, status, body] = STATUS.exec(answer.error) ?? [];
  const judged = judgeApiError({
    status: status === undefined ? null : Number(status),
    body: body ?? "",
    message: answer.error,
    headers: {},
    at: answer.at === 0 ? null : answer.at,
  });
  // Without a status there was no answer that could be understood: a proxy, a broken stream.
  const otherwise = status === undefined ? "server_error" : "agent_error";
  const reason = answer.error === "" ? "the model's answer failed, and pi does not say why" : answer.error;
  return {
    ...failed(judged.failure ?? otherwise, reason, summary),
    retryAfterMs: judged.retryAfterMs,
    resetAt: judged.resetAt,
  };
}

/**
 * What Qwen Code says about a failed call of the model: "[API Error: 429 You exceeded …]", in its `result` line, or on
 * stderr while it waits for another try. Both are written by the program; the same words in an answer are not read.
 */

import { judgeApiError } from "../api-error.ts";
import { failed, type Terminal } from "../terminal.ts";

/** Advice for people may follow on further lines. */
const API_ERROR = /^\[API Error: (?:(\d{3})\b\s*)?(.*?)\](?:\n.*)?$/s;

export function judgeQwenError(message: string): Terminal {
  const [, status, text = message] = API_ERROR.exec(message) ?? [];
  const { failure, retryAfterMs, resetAt } = judgeApiError({
    status: status === undefined ? null : Number(status),
    body: text.slice(text.indexOf("{")),
    message: text,
    headers: {},
    at: null,
  });
  // Without a status there was no answer that could be understood: a proxy, a broken stream.
  const isApi = API_ERROR.test(message);
  const otherwise = isApi && status === undefined ? "server_error" : "agent_error";
  return { ...failed(failure ?? otherwise, message), retryAfterMs, resetAt };
}

/** The newest API error in the end of stderr, or `null`. */
export function lastErrorIn(stderr: string): string | null {
  const lines = stderr.split("\n").map((line) => line.slice(Math.max(0, line.indexOf("[API Error:"))));
  return lines.findLast((line) => API_ERROR.test(line)) ?? null;
}

/**
 * What Codex says about a turn that failed: the sentence in `turn.failed`, or in the `error` line it died with.
 *
 * F1. Only these two are read, and both are the program's own report. An answer of the model and the output of a tool
 *     stand in other lines, and the same words there mean nothing: an agent that quotes one must not park an account.
 * F2. An HTTP status is named at the beginning of the sentence and decides; the rest is the service's own message.
 * F3. Its record of the session names some failures in a field (`session.ts`), which is better than any sentence.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import { classOfStatus } from "../http-status.ts";
import { waitAsked } from "../reset.ts";
import { type Failure, failed } from "../terminal.ts";

/** @param message of the program's own error event */
export function judgeCodexError(message: string): Failure {
  const failure = classify(message);
  return {
    ...failed(failure, message === "" ? "codex failed, and does not say why" : message),
    retryAfterMs: waitAsked(failure, message),
  };
}

const RETRY = /^Reconnecting\.\.\. (?:\d+\/\d+|waiting for network) \((.*)\)$/s;

/** A notice of another try says in brackets what failed: the words that `turn.failed` would have had. */
export function causeOf(message: string): string {
  return RETRY.exec(message)?.[1] ?? message;
}

function classify(message: string): FailureClass {
  const byText = TEXTS.find(([, pattern]) => pattern.test(message))?.[0];
  const [, status] = STATUS.exec(message) ?? [];
  const byStatus = status === undefined ? null : classOfStatus(Number(status));
  return byStatus ?? byText ?? "agent_error";
}

const STATUS = /^(?:unexpected status|exceeded retry limit, last status:) (\d{3})\b/;

/** Beginnings, as far as they are known. The apostrophe is a curly one. */
const TEXTS: readonly (readonly [FailureClass, RegExp])[] = [
  ["usage_limit", /^You.ve hit your usage limit\b/],
  ["billing", /^Quota exceeded\. Check your plan/],
  // Its words for a 500 name no status.
  ["server_error", /^We.re currently experiencing high demand\b/],
  ["refused", /\bflagged (as potentially violating our usage policy|for possible cybersecurity risk)/],
  ["overloaded", /^Selected model is at capacity|server_is_overloaded/],
  ["context_overflow", /ran out of room in the model's context window|context_length_exceeded/],
  ["model_unavailable", /^The model `[^`]*` does not exist|model is not supported when using Codex/],
  ["auth", /^Missing environment variable|^Your access token could not be refreshed/],
  [
    "network",
    /^stream disconnected|^error sending request|^Connection failed|^waiting for network|timed out/,
  ],
];

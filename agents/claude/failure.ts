/**
 * What a `result` line of Claude Code says about the run's end.
 *
 * K1. `subtype: "success"` means nothing: it stands on every API error, too. `is_error` tells.
 * K2. Order of evidence: the program's own reason (`terminal_reason`, `api_error`, the error name of its synthetic
 *     message), then the HTTP status, then text.
 * K3. Text is read only where the program itself reported an error of the API, never where a model may have written
 *     it, and it never makes a usage limit: an agent that quotes the phrase must not park an account.
 * K4. Success that stopped in the middle is none: at a tool it wanted to call, at the length of its answer, at a
 *     refusal, or before its first turn (a prompt that the program took for a command of its own).
 */

import type { FailureClass } from "../../workflow/faults.ts";
import { SUMMARY_CHARS_MAX } from "../../workflow/limits.ts";
import { type Fields, numberAt, objectsAt, textAt, textsAt } from "../dialect/fields.ts";
import { classOfStatus } from "../http-status.ts";
import { failed, type Terminal } from "../terminal.ts";
import type { Memory } from "./memory.ts";

export function judgeResult(fields: Fields, memory: Pick<Memory, "limit" | "trouble">): Terminal {
  const said = textAt(fields, "result");
  if (fields["is_error"] === false && textAt(fields, "subtype") === "success") {
    const summary = summarize(said, deniedTools(fields));
    const half = judgeHalf(fields);
    return half === null ? { ok: true, summary } : failed(...half, summary);
  }
  const errors = textsAt(fields, "errors").join("; ");
  const failure = classify(fields, memory, said ?? errors);
  const told = said ?? (errors === "" ? null : errors);
  const reason =
    told ??
    `claude ended with ${textAt(fields, "terminal_reason") ?? textAt(fields, "subtype") ?? "an error"}`;
  const resetAt = failure === "usage_limit" ? (memory.limit?.resetAt ?? null) : null;
  return { ok: false, failure, reason, summary: summarize(said, []), retryAfterMs: 0, resetAt };
}

/** K4. `null` where nothing says that it stopped in the middle. */
function judgeHalf(fields: Fields): readonly [FailureClass, string] | null {
  const stop = textAt(fields, "stop_reason") ?? "";
  // An answer that had to have a form is given by a call of a tool, and is whole.
  const isForm = stop === "tool_use" && fields["structured_output"] !== undefined;
  const half = isForm ? undefined : HALVES.get(stop);
  if (half !== undefined) return half;
  return numberAt(fields, "num_turns") === 0
    ? ["agent_error", "claude reports success without a single turn of the model"]
    : null;
}

const HALVES: ReadonlyMap<string, readonly [FailureClass, string]> = new Map([
  ["refusal", ["refused", "the model refused the work"]],
  ["tool_use", ["agent_error", "claude ended although the model still wanted to call a tool"]],
  ["max_tokens", ["agent_error", "the model's answer was cut off at its longest"]],
  ["model_context_window_exceeded", ["context_overflow", "the conversation became too long for the model"]],
]);

function classify(fields: Fields, memory: Pick<Memory, "limit" | "trouble">, text: string): FailureClass {
  const reason = textAt(fields, "terminal_reason") ?? "";
  const subtype = textAt(fields, "subtype") ?? "";
  const named = REASONS.get(reason) ?? REASONS.get(subtype);
  if (named !== undefined) return named;
  const status = numberAt(fields, "api_error_status");
  const apiError = textAt(fields, "api_error");
  if (apiError === "usage_limit_reached" || (memory.limit !== null && status === 429)) return "usage_limit";
  if (apiError === "connection_failed") return "network";
  const byTrouble = TROUBLES.get(memory.trouble ?? "");
  if (byTrouble !== undefined) return byTrouble;
  const byStatus = status === null ? null : classOfStatus(status);
  if (byStatus !== null) return byStatus;
  if (reason === "api_error")
    return TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? withoutRule(status);
  return LOST_SESSION.test(text) ? "invalid_session" : "agent_error";
}

/** `terminal_reason` and `subtype` that name the class by themselves. */
const REASONS: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["max_turns", "turn_limit"],
  ["error_max_turns", "turn_limit"],
  ["budget_exhausted", "budget_limit"],
  ["error_max_budget_usd", "budget_limit"],
  ["prompt_too_long", "context_overflow"],
  // Somebody sent a signal. Had it been us, nobody would ask here.
  ["aborted_streaming", "interrupted"],
  ["aborted_tools", "interrupted"],
]);

/** `error` of the synthetic message that precedes the result; the ones that say more than the status does. */
const TROUBLES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["authentication_failed", "auth"],
  ["billing_error", "billing"],
  ["model_not_found", "model_unavailable"],
]);

const TEXTS: readonly (readonly [FailureClass, RegExp])[] = [
  ["billing", /credit balance is too low/i],
  ["auth", /invalid api key|not logged in|please run \/login/i],
  ["context_overflow", /prompt is too long/i],
  ["refused", /\bunable to respond to this request, which appears to violate our Usage Policy\b/i],
  ["network", /connection|\bECONN|timed out|fetch failed|socket hang up/i],
];

/** An answer without a status was no answer of the service (a proxy, a broken stream); a 4xx will be the same again. */
function withoutRule(status: number | null): FailureClass {
  return status === null ? "server_error" : "agent_error";
}

/** Printed by `--resume` with an id that is not on this disk. */
export const LOST_SESSION: RegExp = /No conversation found with session ID/;

/** Tools that were refused: the run still "succeeds", so the summary has to say it. */
function deniedTools(fields: Fields): readonly string[] {
  return objectsAt(fields, "permission_denials").map((denial) => textAt(denial, "tool_name") ?? "a tool");
}

function summarize(said: string | null, denied: readonly string[]): string | null {
  const note = denied.length === 0 ? "" : `[not permitted: ${[...new Set(denied)].join(", ")}]`;
  const text = [said ?? "", note].filter((part) => part !== "").join("\n\n");
  return text === "" ? null : text.slice(0, SUMMARY_CHARS_MAX);
}

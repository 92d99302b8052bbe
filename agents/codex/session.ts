/**
 * Codex's own record of a session, the rollout: `$CODEX_HOME/sessions/YYYY/MM/DD/rollout-<time>-<thread>.jsonl`.
 *
 * R1. `token_count` tells each call of the model, which the output does not. It is written again when a turn is aborted
 *     or resumed: the same total is the same call.
 * R2. `turn_context` names the model, and only it does.
 * R3. A usage limit is named in a field (`codex_error_info`), and its reset in another, to the second: the window that
 *     is used up, or the later one if both are. The sentence in the output knows neither the zone nor the seconds.
 * R4. A turn that was interrupted says so here and nowhere else.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import type { LimitUse } from "../../workflow/pace/period.ts";
import type { ToldTurn } from "../../workflow/turn.ts";
import type { SessionFiles, Transcript } from "../backend.ts";
import { type Fields, isSince, linesIn, numberAt, objectAt, textAt } from "../dialect/fields.ts";
import { turnOf, withCalls, writtenAt } from "../dialect/turns.ts";
import { price } from "../prices/prices.ts";
import { homeOf } from "../session.ts";
import { failed, type Terminal } from "../terminal.ts";
import { codexFigures, troubleOf } from "./dialect.ts";
import { codexLimits } from "./limits.ts";

export const codexSessions: SessionFiles = {
  where: ({ env, session }) => ({
    ...homeOf(env, "CODEX_HOME", ".codex", ["sessions", /^\d{4}$/, /^\d\d$/, /^\d\d$/]),
    isSession: (name) => name.startsWith("rollout-") && name.endsWith(`-${session}.jsonl`),
  }),
  read,
  isAhead: true,
};

interface Found {
  model: string | null;
  /** The newest total, to know a call from its repetition (R1). */
  total: string;
  readonly calls: ToldTurn[];
  resetAt: number | null;
  limits: readonly LimitUse[];
  errorInfo: string | null;
  interrupted: boolean;
}

function read(transcript: Transcript, text: string, since: number): Transcript {
  const found: Found = {
    ...{ model: null, total: "", calls: [], limits: transcript.limits },
    ...{ resetAt: null, errorInfo: null, interrupted: false },
  };
  for (const fields of linesIn(text)) note(found, fields, since);
  return {
    ...withCalls(transcript, found.calls),
    model: found.model ?? transcript.model,
    limits: found.limits,
    terminal: betterTerminal(transcript, found),
  };
}

function note(found: Found, fields: Fields, since: number): void {
  const payload = objectAt(fields, "payload") ?? {};
  const isOurs = isSince(fields, since);
  if (textAt(fields, "type") === "turn_context") found.model = textAt(payload, "model") ?? found.model;
  if (textAt(fields, "type") !== "event_msg") return;
  switch (textAt(payload, "type")) {
    case "token_count":
      noteCall(found, payload, isOurs, writtenAt(fields));
      break;
    case "task_complete":
      if (isOurs) found.errorInfo = textAt(objectAt(payload, "error") ?? {}, "codex_error_info");
      break;
    case "turn_aborted":
      if (isOurs) found.interrupted = textAt(payload, "reason") === "interrupted";
      break;
    case "task_started":
      if (isOurs) found.interrupted = false;
      break;
    default:
      break;
  }
}

function noteCall(found: Found, payload: Fields, isOurs: boolean, at: number | null): void {
  const info = objectAt(payload, "info") ?? {};
  const total = JSON.stringify(objectAt(info, "total_token_usage"));
  const last = objectAt(info, "last_token_usage");
  if (isOurs) {
    const limits = objectAt(payload, "rate_limits") ?? {};
    found.resetAt = resetOf(limits);
    found.limits = codexLimits(found.limits, limits);
  }
  if (last === null || total === found.total) return;
  found.total = total;
  if (!isOurs) return;
  const figures = codexFigures(last, found.model ?? "unknown");
  found.calls.push(turnOf({ ...figures, ...price(figures, "call") }, { at }));
}

/** R3, in ms; `null` while no window is used up. */
function resetOf(limits: Fields): number | null {
  const windows = [objectAt(limits, "primary"), objectAt(limits, "secondary")];
  const resets = windows.flatMap((window) => {
    const seconds = window === null ? null : numberAt(window, "resets_at");
    const isUsedUp = window !== null && (numberAt(window, "used_percent") ?? 0) >= 100;
    return isUsedUp && seconds !== null && seconds > 0 ? [Math.round(seconds * 1_000)] : [];
  });
  return resets.length === 0 ? null : Math.max(...resets);
}

function betterTerminal(transcript: Transcript, found: Found): Terminal | null {
  const { terminal } = transcript;
  if (terminal === null) {
    // What it was trying again when it was interrupted says more.
    const isPlain = found.interrupted && troubleOf(transcript) === null;
    return isPlain ? failed("interrupted", "somebody else interrupted the agent") : null;
  }
  if (terminal.ok) return terminal;
  // The field calls used-up credit a usage limit, too; only the sentence tells that no waiting helps.
  const isBilling = terminal.failure === "billing";
  const named = isBilling ? "billing" : (NAMES.get(found.errorInfo ?? "") ?? terminal.failure);
  const resetAt = named === "usage_limit" ? (found.resetAt ?? terminal.resetAt) : null;
  return { ...terminal, failure: named, resetAt };
}

/** An empty purse is a `usage_limit_exceeded` to it, too: where the sentence is clear, the sentence counts. */
const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["usage_limit_exceeded", "usage_limit"],
  ["context_window_exceeded", "context_overflow"],
  ["server_overloaded", "overloaded"],
  ["internal_server_error", "server_error"],
  ["cyber_policy", "refused"],
  ["unauthorized", "auth"],
]);

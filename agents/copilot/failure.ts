/**
 * What GitHub Copilot CLI says about a call of the model that failed for good.
 *
 * P1. Two lines, both of the program's own: `model.call_failure` has the HTTP status and the body of the service's
 *     answer, `session.error` a name of its own and a sentence. The body is the better evidence.
 * P2. Its name for a limit (`rate_limit`) is the same for limits of every kind; which one it is, the body tells.
 */

import type { FailureClass } from "../../workflow/faults.ts";
import { judgeApiError } from "../api-error.ts";
import { type Fields, numberAt, textAt } from "../dialect/fields.ts";
import { classOfStatus } from "../http-status.ts";
import { waitAsked } from "../reset.ts";
import { type Failure, failed } from "../terminal.ts";

/** The newest failed call: JSON, for the transcript's memory. */
export interface FailedCall {
  readonly status: number | null;
  readonly body: string;
  /** `api` when the service refused, `transport` when no answer came. */
  readonly kind: string;
  /** When it failed (ms); `null` when that is not told. */
  readonly at: number | null;
}

/** A body is mostly one object; whatever is longer has no name in it. */
const BODY_CHARS_MAX = 4_096;

/** @param data of a `model.call_failure` line */
export function failedCall(data: Fields, timestamp: string | null): FailedCall {
  const at = Date.parse(timestamp ?? "");
  return {
    status: numberAt(data, "statusCode"),
    body: (textAt(data, "errorMessage") ?? "").slice(0, BODY_CHARS_MAX),
    kind: textAt(data, "failureKind") ?? "",
    at: Number.isNaN(at) ? null : at,
  };
}

/** @param name the `errorType` of its `session.error`, such as `rate_limit` */
export function judgeCopilotError(
  name: string,
  message: string,
  status: number | null,
  call: FailedCall | null,
): Failure {
  const judged = judgeApiError({
    ...{ status: call?.status ?? status, body: call?.body ?? "", message, headers: {}, at: call?.at ?? null },
  });
  const failure = judged.failure ?? NAMES.get(name) ?? byCall(status, call) ?? "agent_error";
  const reason = message === "" ? "copilot failed, and does not say why" : message;
  const retryAfterMs = judged.retryAfterMs > 0 ? judged.retryAfterMs : waitAsked(failure, message);
  return { ...failed(failure, reason), retryAfterMs, resetAt: judged.resetAt };
}

const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["authentication", "auth"],
  ["authorization", "forbidden"],
  ["rate_limit", "rate_limit"],
  ["quota", "billing"],
]);

function byCall(status: number | null, call: FailedCall | null): FailureClass | null {
  if (call?.kind === "transport") return "network";
  return status === null ? null : classOfStatus(status);
}

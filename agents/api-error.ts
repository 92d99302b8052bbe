/**
 * What it means that a model service refused a call, where a program passes on the service's answer.
 *
 * Several programs report the HTTP status, the headers or the body of the answer they failed on. The vendors' words in
 * them are the same whichever program carries them, so they are judged here, once.
 *
 * E1. Order of evidence: what the body calls itself (`type`, `code`), the headers, the status, and text last.
 * E2. All of it stands in the program's own report of an error. What a model wrote or a tool printed never comes here:
 *     an agent that quotes a phrase must not park an account.
 * E3. A limit is a usage limit, and not a rate limit, if the service says so by name, or by the time it lasts.
 */

import type { FailureClass } from "../workflow/faults.ts";
import { type Fields, numberAt, objectAt, objectsAt, parseFields, textAt } from "./dialect/fields.ts";
import { classOfStatus } from "./http-status.ts";
import { waitIn } from "./reset.ts";

export interface ApiError {
  /** `null` when no answer came. */
  readonly status: number | null;
  /** The body of the answer, mostly JSON; "" when it is not known. */
  readonly body: string;
  /** What the program says about it. */
  readonly message: string;
  /** Headers of the answer, names in lower case. */
  readonly headers: Fields;
  /** When it came (ms), so that spans become moments; `null` when that is not told. */
  readonly at: number | null;
}

export interface ApiJudgement {
  /** `null` when nothing in it says more than that it failed. */
  readonly failure: FailureClass | null;
  /** What the service asked us to wait, in ms; 0 when it asked nothing. */
  readonly retryAfterMs: number;
  /** When a limit resets (ms), if that is known. */
  readonly resetAt: number | null;
}

const HOUR = 3_600_000;
/** Limits of requests and tokens are counted per minute, at most per hour; whatever lasts longer is an allowance. */
const USAGE_LIMIT_WAIT_MS = HOUR;

export function judgeApiError(error: ApiError): ApiJudgement {
  const inner = innerError(error.body);
  const wait = waitOf(error, inner);
  const failure = classify(error, inner, wait);
  if (wait.retryAfterMs > 0 || wait.resetAt !== null) return { failure, ...wait };
  // A sentence may say how long, but never what kind of limit it is (E3).
  return { failure, retryAfterMs: waitIn(error.message) ?? 0, resetAt: null };
}

/** Bodies are `{"error": {…}}`, and Anthropic's are that with a type of their own outside. */
function innerError(body: string): Fields {
  const fields = parseFields(body) ?? {};
  return objectAt(fields, "error") ?? fields;
}

type Wait = Omit<ApiJudgement, "failure">;

function classify(error: ApiError, inner: Fields, wait: Wait): FailureClass | null {
  const names = [textAt(inner, "code"), textAt(inner, "type"), textAt(inner, "status")];
  const said = `${textAt(inner, "message") ?? ""}\n${error.message}`;
  for (const name of names) {
    const named = NAMES.get(name ?? "");
    if (named !== undefined) return named;
  }
  // Google calls a limit per minute an exceeded quota, too, and then says when to come back.
  if (BILLING.test(said) && !COME_BACK.test(said)) return "billing";
  const { status } = error;
  if (status === 429) return isAllowance(error, wait) || REACHED.test(said) ? "usage_limit" : "rate_limit";
  if (status === 503 && OVERLOADED.test(said)) return "overloaded";
  if (OVERFLOW.test(said) && (status === null || status === 400 || status === 413)) return "context_overflow";
  const byStatus = status === null ? null : classOfStatus(status);
  if (byStatus !== null) return byStatus;
  for (const name of names) {
    const vague = VAGUE_NAMES.get(name ?? "");
    if (vague !== undefined) return vague;
  }
  return status === null ? (TEXTS.find(([pattern]) => pattern.test(said))?.[1] ?? null) : null;
}

/** Names that say more than the status does. */
const NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["usage_limit_reached", "usage_limit"],
  ["content_policy_violation", "refused"],
  ["content_filter", "refused"],
  ["invalid_prompt", "refused"],
  ["usage_not_included", "forbidden"],
  ["insufficient_quota", "billing"],
  ["billing_error", "billing"],
  ["billing_hard_limit_reached", "billing"],
  ["context_length_exceeded", "context_overflow"],
  ["request_too_large", "context_overflow"],
  ["model_not_found", "model_unavailable"],
  ["server_is_overloaded", "overloaded"],
  ["overloaded_error", "overloaded"],
  ["authentication_error", "auth"],
  ["invalid_api_key", "auth"],
  ["permission_error", "forbidden"],
]);

/** Names that say no more than a status would, for answers that came without one. */
const VAGUE_NAMES: ReadonlyMap<string, FailureClass> = new Map<string, FailureClass>([
  ["rate_limit_error", "rate_limit"],
  ["rate_limit_exceeded", "rate_limit"],
  ["not_found_error", "model_unavailable"],
  ["api_error", "server_error"],
  ["server_error", "server_error"],
]);

/** OpenAI's own sentence for `usage_limit_reached`; it counts only with the status, in an error's own message (E2). */
const REACHED = /^the usage limit has been reached$/im;
const OVERLOADED = /\boverloaded\b/i;
const BILLING =
  /credit balance is too low|insufficient_quota|exceeded your current quota|insufficient balance/i;
const COME_BACK = /\bretry (in|after)\b/i;
const OVERFLOW =
  /prompt is too long|maximum context length|context (window|length)|exceeds the maximum number of tokens/i;
/** E1: where there is not even a status. A usage limit is never recognised by these. */
const TEXTS: readonly (readonly [RegExp, FailureClass])[] = [
  [/\brate.limit/i, "rate_limit"],
  [OVERLOADED, "overloaded"],
  [
    /connect(ion)? error|cannot connect|unable to connect|\bE(CONN|PIPE|AI_AGAIN|NOTFOUND|HOSTUNREACH)|timed? ?out|fetch failed|socket hang up|terminated|network error|stream disconnected/i,
    "network",
  ],
];

/** E3. Anthropic's subscriptions tell their windows in headers of their own. */
function isAllowance({ headers }: ApiError, wait: Wait): boolean {
  return (
    textAt(headers, "anthropic-ratelimit-unified-status") === "rejected" ||
    textAt(headers, "anthropic-ratelimit-unified-reset") !== null ||
    wait.retryAfterMs >= USAGE_LIMIT_WAIT_MS
  );
}

/** The most exact word on how long to wait: a moment of the body, of the headers, then a span. */
function waitOf({ headers, at }: ApiError, inner: Fields): Wait {
  const seconds =
    numberAt(inner, "resets_in_seconds") ?? secondsAt(headers, "retry-after") ?? retryInfo(inner);
  const retryAfterMs = seconds === null ? 0 : Math.max(0, Math.round(seconds * 1_000));
  const moment = numberAt(inner, "resets_at") ?? secondsAt(headers, "anthropic-ratelimit-unified-reset");
  if (moment !== null && moment > 0) return { retryAfterMs, resetAt: Math.round(moment * 1_000) };
  return { retryAfterMs, resetAt: at === null || retryAfterMs === 0 ? null : at + retryAfterMs };
}

/** A header that is a number of seconds. The other form of `retry-after`, a date, was never seen from them. */
function secondsAt(headers: Fields, name: string): number | null {
  const text = textAt(headers, name);
  return text !== null && /^\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** Google's `RetryInfo`, such as `"retryDelay": "7.5s"`. */
function retryInfo(inner: Fields): number | null {
  for (const detail of objectsAt(inner, "details")) {
    const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(textAt(detail, "retryDelay") ?? "") ?? [];
    if (seconds !== undefined) return Number(seconds);
  }
  return null;
}

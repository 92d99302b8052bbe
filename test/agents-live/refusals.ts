/**
 * Answers that say no, in each vendor's own shape: status, headers and body as their services send them.
 *
 * A vendor's client reads a 429 in many ways, and only the small print tells a limit per minute from a subscription
 * that is used up from an account without money. So the small print is here in full.
 */

import type { Language } from "./request.ts";

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

export type RefusalName = "auth" | "rate_limit" | "overloaded" | "usage_limit" | "quota";

export interface RefusalContext {
  readonly model: string;
  /** Now, and how long to wait, in seconds. */
  readonly now: number;
  readonly waitSeconds: number;
}

export function refuse(name: RefusalName, language: Language, context: RefusalContext): Refusal {
  switch (language) {
    case "anthropic":
      return ANTHROPIC[name](context);
    case "responses":
    case "chat":
      return OPENAI[name](context);
    case "gemini":
      return GEMINI[name](context);
    default:
      return language satisfies never;
  }
}

type Refusals = Readonly<Record<RefusalName, (context: RefusalContext) => Refusal>>;

function anthropic(
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = { type: "error", error: { type, message }, request_id: "req_scripted" };
  return { status, headers: { "request-id": "req_scripted", ...headers }, body };
}

const ANTHROPIC: Refusals = {
  auth: () => anthropic(401, "authentication_error", "invalid x-api-key"),
  rate_limit: ({ now, waitSeconds }) =>
    anthropic(429, "rate_limit_error", "This request would exceed your organization's rate limit.", {
      "retry-after": String(waitSeconds),
      "anthropic-ratelimit-requests-limit": "50",
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": new Date((now + waitSeconds) * 1_000).toISOString(),
    }),
  overloaded: () => anthropic(529, "overloaded_error", "Overloaded"),
  usage_limit: ({ now, waitSeconds }) =>
    anthropic(
      429,
      "rate_limit_error",
      "This request would exceed your account's rate limit. Please try again later.",
      {
        "retry-after": String(waitSeconds),
        "x-should-retry": "false",
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-reset": String(now + waitSeconds),
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
        "anthropic-ratelimit-unified-5h-status": "rejected",
        "anthropic-ratelimit-unified-5h-reset": String(now + waitSeconds),
        "anthropic-ratelimit-unified-5h-utilization": "1.0",
        "anthropic-ratelimit-unified-overage-status": "rejected",
      },
    ),
  quota: () =>
    anthropic(
      400,
      "invalid_request_error",
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.",
    ),
};

function openai(
  status: number,
  error: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body = { error: { param: null, code: null, ...error } };
  return { status, headers: { "x-request-id": "req_scripted", ...headers }, body };
}

const OPENAI: Refusals = {
  auth: () =>
    openai(401, {
      message: "Incorrect API key provided: sk-scripted. You can find your API key in your account.",
      type: "invalid_request_error",
      code: "invalid_api_key",
    }),
  rate_limit: ({ model, waitSeconds }) =>
    openai(
      429,
      {
        message: `Rate limit reached for ${model} on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200. Please try again in ${waitSeconds}s.`,
        type: "tokens",
        code: "rate_limit_exceeded",
      },
      {
        "retry-after": String(waitSeconds),
        "retry-after-ms": String(waitSeconds * 1_000),
        "x-ratelimit-limit-tokens": "30000",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": `${waitSeconds}s`,
      },
    ),
  overloaded: () =>
    openai(503, {
      message: "The server is currently overloaded. Please try again later.",
      type: "server_error",
      code: "server_is_overloaded",
    }),
  usage_limit: ({ now, waitSeconds }) => ({
    status: 429,
    headers: {
      "x-codex-primary-used-percent": "100.0",
      "x-codex-primary-window-minutes": "300",
      "x-codex-primary-reset-at": String(now + waitSeconds),
      "x-codex-primary-reset-after-seconds": String(waitSeconds),
    },
    body: {
      error: {
        type: "usage_limit_reached",
        message: "The usage limit has been reached",
        plan_type: "plus",
        resets_at: now + waitSeconds,
        resets_in_seconds: waitSeconds,
      },
    },
  }),
  quota: () =>
    openai(429, {
      message: "You exceeded your current quota, please check your plan and billing details.",
      type: "insufficient_quota",
      code: "insufficient_quota",
    }),
};

const RPC = "type.googleapis.com/google.rpc";

function gemini(status: number, name: string, message: string, details: readonly object[] = []): Refusal {
  return { status, headers: {}, body: { error: { code: status, message, status: name, details } } };
}

function quotaFailure(quotaId: string, quotaValue: string): object {
  return { "@type": `${RPC}.QuotaFailure`, violations: [{ quotaId, quotaValue }] };
}

const GEMINI: Refusals = {
  auth: () =>
    gemini(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
      { "@type": `${RPC}.ErrorInfo`, reason: "API_KEY_INVALID", domain: "googleapis.com" },
    ]),
  rate_limit: ({ waitSeconds }) =>
    gemini(
      429,
      "RESOURCE_EXHAUSTED",
      `You exceeded your current quota, please check your plan and billing details. Please retry in ${waitSeconds}s.`,
      [
        quotaFailure("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "10"),
        { "@type": `${RPC}.RetryInfo`, retryDelay: `${waitSeconds}s` },
      ],
    ),
  overloaded: () => gemini(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
  // The wait that Code Assist states; above five minutes its client gives up at once.
  usage_limit: ({ waitSeconds }) =>
    gemini(
      429,
      "RESOURCE_EXHAUSTED",
      `You have exhausted your capacity on this model. Your quota will reset after ${hours(waitSeconds)}.`,
      [{ "@type": `${RPC}.ErrorInfo`, reason: "QUOTA_EXHAUSTED", domain: "cloudcode-pa.googleapis.com" }],
    ),
  quota: () =>
    gemini(
      429,
      "RESOURCE_EXHAUSTED",
      "You exceeded your current quota, please check your plan and billing details.",
      [quotaFailure("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250")],
    ),
};

function hours(seconds: number): string {
  return `${Math.floor(seconds / 3_600)}h${Math.floor((seconds % 3_600) / 60)}m${seconds % 60}s`;
}

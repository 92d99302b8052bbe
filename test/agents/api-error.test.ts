/** What a model service means by refusing a call, whichever program passes it on. */

import assert from "node:assert/strict";
import test from "node:test";
import { type ApiError, type ApiJudgement, judgeApiError } from "../../agents/api-error.ts";

const NOON = Date.parse("2026-11-21T12:00:00Z");

function judged(error: Partial<ApiError>): ApiJudgement {
  return judgeApiError({ status: null, body: "", message: "", headers: {}, at: null, ...error });
}

test("E1: what the body calls itself comes before the status, and the status before the text", () => {
  const body = JSON.stringify({ error: { type: "insufficient_quota", message: "rate limit" } });
  assert.equal(judged({ status: 429, body }).failure, "billing");
  assert.equal(judged({ status: 503, message: "rate limit" }).failure, "server_error");
  assert.equal(judged({ message: "rate limit" }).failure, "rate_limit");
  assert.equal(judged({ message: "something" }).failure, null);
});

test("E3: a limit is a usage limit by its name, by its headers, or if it lasts for an hour, and never by its text", () => {
  const named = JSON.stringify({ error: { type: "usage_limit_reached", resets_at: NOON / 1_000 } });
  assert.deepEqual(judged({ status: 429, body: named }), {
    failure: "usage_limit",
    retryAfterMs: 0,
    resetAt: NOON,
  });
  const rejected = { "anthropic-ratelimit-unified-status": "rejected" };
  assert.equal(judged({ status: 429, headers: rejected }).failure, "usage_limit");
  assert.equal(judged({ status: 429, headers: { "retry-after": "3600" } }).failure, "usage_limit");
  assert.equal(judged({ status: 429, headers: { "retry-after": "3599" } }).failure, "rate_limit");
  assert.equal(judged({ status: 429, message: "try again in 5 hours" }).failure, "rate_limit");
});

test("A span becomes a moment where it is told when it came, and a sentence's span counts last", () => {
  const headers = { "retry-after": "30" };
  assert.deepEqual(judged({ status: 429, headers, at: NOON, message: "retry in 9s" }), {
    ...{ failure: "rate_limit", retryAfterMs: 30_000, resetAt: NOON + 30_000 },
  });
  assert.deepEqual(judged({ status: 429, message: "retry in 9s", at: NOON }), {
    ...{ failure: "rate_limit", retryAfterMs: 9_000, resetAt: null },
  });
  const google = JSON.stringify({ error: { code: 429, details: [{ retryDelay: "7.5s" }] } });
  assert.equal(judged({ status: 429, body: google }).retryAfterMs, 7_500);
});

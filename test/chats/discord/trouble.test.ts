/** What each documented refusal of Discord's means for the loop above. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { restOf, saidOf, troubleOf } from "../../../chats/discord/trouble.ts";
import type { HttpResponse } from "../../../system/http.ts";

function answered(status: number, body: unknown = {}, headers: HttpResponse["headers"] = {}): HttpResponse {
  return { status, headers, body: typeof body === "string" ? body : JSON.stringify(body) };
}

const CASES: readonly (readonly [status: number, code: number, kind: string, scope?: string])[] = [
  [404, 10_003, "closed", "chat"],
  [404, 10_004, "closed", "chat"],
  [403, 50_001, "closed", "chat"],
  [403, 50_007, "closed", "chat"],
  [400, 50_008, "closed", "chat"],
  [403, 50_013, "closed", "chat"],
  [400, 50_024, "closed", "chat"],
  [401, 50_027, "refused"],
  [400, 50_006, "refused"],
  [400, 50_035, "refused"],
  [400, 50_083, "closed", "chat"],
  [400, 50_109, "refused"],
  [400, 160_005, "closed", "chat"],
  [400, 240_000, "refused"],
  [401, 0, "closed", "account"],
  [403, 40_333, "closed", "chat"],
  [404, 0, "closed", "chat"],
  [405, 0, "refused"],
  [429, 0, "limited", "chat"],
  [429, 20_016, "limited", "chat"],
  [429, 20_028, "limited", "chat"],
  [429, 30_046, "limited", "chat"],
  [503, 130_000, "limited", "chat"],
  [408, 0, "unsure"],
  [500, 0, "unsure"],
  [502, 0, "unsure"],
];

test("each code and status has its meaning", () => {
  for (const [status, code, kind, scope] of CASES) {
    const trouble = troubleOf(answered(status, { message: "words", code }), false);
    assert.equal(trouble.kind, kind, `${status} ${code}`);
    if (scope !== undefined) assert.ok("scope" in trouble && trouble.scope === scope, `${status} ${code}`);
    if ("reason" in trouble) assert.equal(trouble.reason, `Discord answered ${status} (${code}): words`);
  }
});

test("what nobody knows the end of can be repeated where that is harmless", () => {
  assert.equal(troubleOf(answered(502, "<h1>Bad Gateway</h1>"), true).kind, "unreachable");
  assert.equal(troubleOf(answered(502, "<h1>Bad Gateway</h1>"), false).kind, "unsure");
});

function limit(body: unknown, headers: HttpResponse["headers"] = {}): readonly [number, string] {
  const trouble = troubleOf(answered(429, body, headers), false);
  assert.ok(trouble.kind === "limited");
  return [trouble.afterMs, trouble.scope];
}

test("a limit says how long and for whom, in its body or in its headers", () => {
  assert.deepEqual(limit({ message: "", retry_after: 0.6571, global: false }), [658, "chat"]);
  assert.deepEqual(limit({ message: "", retry_after: 2, global: true }), [2_000, "account"]);
  assert.deepEqual(limit({ message: "" }, { "retry-after": "65" }), [65_000, "chat"]);
  assert.deepEqual(limit({}, { "x-ratelimit-reset-after": "1.337" }), [1_337, "chat"]);
  assert.deepEqual(limit({ retry_after: 1 }, { "x-ratelimit-scope": "global" }), [1_000, "account"]);
  assert.deepEqual(limit({ retry_after: 1 }, { "x-ratelimit-global": "true" }), [1_000, "account"]);
  assert.deepEqual(limit({ retry_after: 1 }, { "x-ratelimit-scope": "shared" }), [1_000, "chat"]);
});

test("a limit without words is waited for, and no wait is longer than an hour or none at all", () => {
  assert.deepEqual(limit({}), [5_000, "chat"]);
  assert.deepEqual(limit({ retry_after: 1e12 }), [3_600_000, "chat"]);
  assert.deepEqual(limit({ retry_after: 0 }), [1, "chat"]);
  assert.deepEqual(limit({ retry_after: -5 }), [5_000, "chat"]);
  assert.deepEqual(limit({ retry_after: "soon" }), [5_000, "chat"]);
});

test("what is refused at the door closes nothing, but nobody knocks for some minutes", () => {
  assert.deepEqual(limit("<html>error code: 1015</html>"), [600_000, "account"]);
  const trouble = troubleOf(answered(403, "<html>"), false);
  assert.ok(trouble.kind === "limited" && trouble.scope === "account" && trouble.afterMs === 600_000);
});

test("an empty bucket asks for rest", () => {
  assert.equal(restOf({ "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "1.2" }), 1_200);
  assert.equal(restOf({ "x-ratelimit-remaining": "1", "x-ratelimit-reset-after": "1.2" }), null);
  assert.equal(restOf({ "x-ratelimit-remaining": "0", "x-ratelimit-reset-after": "soon" }), null);
  assert.equal(restOf({}), null);
});

test("the faults of a form are told with their fields, some of them, in few words", () => {
  const leaf = { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 80 or fewer in length." }] };
  const errors = { components: { 0: { components: { 1: { label: leaf } } } }, nonce: leaf };
  const { text } = saidOf(answered(400, { code: 50_035, message: "Invalid Form Body", errors })) ?? {
    text: "",
  };
  assert.equal(
    text,
    "Invalid Form Body; components.0.components.1.label: Must be 80 or fewer in length.; nonce: Must be 80 or fewer in length.",
  );
});

test("whatever comes in place of words is bounded, and breaks nothing", () => {
  let deep: unknown = { _errors: [{ message: "deep" }] };
  for (let depth = 0; depth < 2_000; depth++) deep = { a: deep };
  for (const body of [
    "",
    "null",
    "[]",
    "5",
    { errors: deep },
    { errors: [[[{}]]] },
    { message: "x".repeat(1e6) },
    { message: {}, code: "no" },
  ])
    assert.ok((saidOf(answered(400, body))?.text.length ?? 0) <= 300);
});

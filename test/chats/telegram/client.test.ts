/** What is known of a call by its answer; and that the token is told to nobody. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { telegramCall } from "../../../chats/telegram/client.ts";
import type { Http, HttpResult } from "../../../system/http.ts";

const TOKEN = "123456:AAF-some_secret_text";

const answering = (result: HttpResult): Http => ({ request: async () => result });
const response = (status: number, body: string, headers = {}): HttpResult => ({
  kind: "response",
  response: { status, headers, body },
});
const ask = (result: HttpResult) =>
  telegramCall({ token: TOKEN, api: "http://api" }, answering(result))("getMe", {});

test("a success, and a refusal with all that it says", async () => {
  assert.deepEqual(await ask(response(200, '{"ok":true,"result":7}')), { kind: "ok", result: 7 });
  const refused =
    '{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":3,"migrate_to_chat_id":-100}}';
  assert.deepEqual(await ask(response(429, refused)), {
    ...{ kind: "failed", code: 429, description: "Too Many Requests" },
    ...{ retryAfterMs: 3_000, migrateTo: "-100" },
  });
});

test("what is no JSON is judged by its status, and a wait may stand in a header", async () => {
  const bare = { kind: "failed", description: "", retryAfterMs: null, migrateTo: null };
  assert.deepEqual(await ask(response(502, "<html>")), { ...bare, code: 502 });
  assert.deepEqual(await ask(response(429, "", { "retry-after": "9" })), {
    ...bare,
    code: 429,
    retryAfterMs: 9_000,
  });
});

test("of an answer that breaks off nobody knows what became of the call", async () => {
  for (const body of ["", '{"ok":true,"res', "[]"])
    assert.deepEqual(await ask(response(200, body)), {
      ...{ kind: "unreachable", reason: "the answer broke off", isNeverSent: false },
    });
});

test("the token stands in the address alone, and in nothing that is told", async () => {
  const body = JSON.stringify({
    ok: false,
    error_code: 400,
    description: `no /bot${TOKEN}/ here ${"x".repeat(900)}`,
  });
  const called = await ask(response(400, body));
  assert.ok(called.kind === "failed" && called.description.length <= 300);
  assert.ok(!JSON.stringify(called).includes("AAF-some"));
});

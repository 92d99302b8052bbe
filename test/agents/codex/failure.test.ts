/** What Codex's sentences about a failed turn mean. */

import assert from "node:assert/strict";
import test from "node:test";
import { failureOf } from "../expected.ts";
import { read } from "./lines.ts";

test("A12: sentences that were not recorded fall to the class they name", () => {
  const classes: Readonly<Record<string, string>> = {
    "Quota exceeded. Check your plan and billing details.": "billing",
    "unexpected status 403 Forbidden: no": "forbidden",
    "unexpected status 404 Not Found: no": "model_unavailable",
    "unexpected status 500 Internal Server Error: no": "server_error",
    "exceeded retry limit, last status: 503 Service Unavailable": "server_error",
    "Codex ran out of room in the model's context window. Start a new thread.": "context_overflow",
    "unexpected status 400 Bad Request: You've hit your usage limit": "agent_error",
    "We’re currently experiencing high demand, which may cause temporary errors.": "server_error",
    "Invalid prompt: your prompt was flagged as potentially violating our usage policy.": "refused",
    "something else": "agent_error",
  };
  for (const [message, failure] of Object.entries(classes)) {
    const { terminal } = read({ type: "turn.failed", error: { message } });
    assert.equal(failureOf(terminal), failure, message);
    assert.equal(terminal?.ok === false ? terminal.reason : "", message);
  }
});

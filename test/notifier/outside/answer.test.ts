/** What an answer of a host means for the call, and what a person can do. */

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer, Refused } from "../../../forges/api/answer.ts";
import { refusalText, sentOf } from "../../../notifier/outside/answer.ts";

const refused = (because: Refused["because"]): Refused => ({ kind: "refused", because, reason: "no" });

test("only what may go well another time is tried again", () => {
  assert.deepEqual(sentOf({ kind: "ok", value: null }, "github"), { kind: "sent" });
  const retry: Answer<null> = { kind: "retry", reason: "429", afterMs: 60_000, fault: "host" };
  assert.deepEqual(sentOf(retry, "github"), {
    kind: "failed",
    reason: "429",
    afterMs: 60_000,
    fault: "host",
  });
  for (const because of ["permission", "missing", "invalid", "conflict", "state"] as const)
    assert.equal(sentOf(refused(because), "github").kind, "refused", because);
});

test("what may have arrived is known as such, and what has not, too", () => {
  const lost = { kind: "unreachable", reason: "silence" } as const;
  assert.deepEqual(sentOf({ ...lost, neverSent: false }, "x"), {
    kind: "failed",
    reason: "silence",
    fault: "host",
  });
  const unsent = sentOf({ ...lost, neverSent: true }, "x");
  assert.equal(unsent.kind === "failed" && unsent.neverSent, true);
});

test("a token that is wrong is everybody's trouble, and waits for another", () => {
  const sent = sentOf(refused("auth"), "github");
  assert.deepEqual([sent.kind, sent.kind === "failed" && sent.fault], ["failed", "host"]);
  assert.match(sent.kind === "failed" ? sent.reason : "", /sources\.github\.token/);
});

test("each refusal says what to do", () => {
  for (const because of ["auth", "permission", "missing", "invalid", "conflict", "state"] as const)
    assert.match(refusalText(refused(because), "plane"), /^no; .{10,}/, because);
});

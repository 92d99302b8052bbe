/** What is stored and told of a run holds no secret that is known, and has a length that a person reads. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRedactor } from "../../../system/redactor.ts";
import { REASON_CHARS_MAX } from "../../../workflow/limits.ts";
import { fitOutcome, fitSentence } from "../../../workflow/text/fit.ts";

const { redact } = createRedactor(["s3cret-token"]);
const SAID = `it said s3cret-token ${"x".repeat(100_000)}`;
const KEPT = { name: "ci", ref: "r", commit: "c", branch: "b", files: 1 };

test("I12: reasons, summaries, sentences and what is kept are stored without secrets, and no longer than there is room", () => {
  const found = { kept: [{ ...KEPT, reason: SAID, remedy: SAID }], told: [SAID] };
  const rest = { session: null, summary: SAID, ...found };
  for (const outcome of [
    { ...rest, status: "succeeded", branch: "b", commit: "c" },
    { ...rest, status: "failed", failure: "unpublished", reason: SAID, retryAfterMs: 0 },
  ] as const) {
    const text = JSON.stringify(fitOutcome(outcome, redact));
    assert.ok(!text.includes("s3cret"), text.slice(0, 300));
    assert.match(text, /it said \[secret\] x/);
    assert.ok(text.length < 6 * REASON_CHARS_MAX + 8_192 + 1_000, String(text.length));
  }
  const artifact = { path: "a", sha256: "ab", bytes: 9, text: SAID, verdict: null, isValid: false };
  const { artifact: kept } = fitOutcome(
    {
      ...{ ...rest, status: "failed", failure: "artifact", reason: "r", retryAfterMs: 0 },
      artifact: { ...artifact, problems: [SAID, "plain"] },
    },
    redact,
  );
  assert.deepEqual(kept, { ...artifact, problems: [fitSentence(SAID, redact), "plain"] });
  const bare = fitOutcome(
    { status: "succeeded", summary: null, session: null, branch: null, commit: null },
    redact,
  );
  assert.deepEqual(bare, { status: "succeeded", summary: null, session: null, branch: null, commit: null });
  assert.equal(fitSentence("plain", redact), "plain");
});

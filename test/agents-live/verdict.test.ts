/** A verdict is no rubber stamp: whatever a performance gets wrong, it says. */

import assert from "node:assert/strict";
import test from "node:test";
import { claude } from "../../agents/claude/claude.ts";
import type { Usage } from "../../workflow/run.ts";
import { NEW_RUN } from "../agents/profile.ts";
import { CASES, DIFFERS, expectedOf } from "./cases.ts";
import type { Performance } from "./perform.ts";
import { countsOfWork, PROGRAMS } from "./programs.ts";
import { FINAL_TEXT } from "./speech.ts";
import { differences, type Scene } from "./verdict.ts";

const [program] = PROGRAMS;
const [success] = CASES;
assert.ok(program !== undefined && success !== undefined);

const SCENE: Scene = {
  ...{ program, expected: expectedOf(program.name, success), fileMade: true, session: "s1" },
  ...{ modelListens: true, calls: 2, deedPlanned: false, firstCallShown: false },
};

const USAGE: Usage = { model: "m", ...countsOfWork(program), ...program.cost };

const GOOD: Performance = {
  outcome: { status: "succeeded", summary: FINAL_TEXT, session: "s1", branch: null, commit: null },
  usage: [USAGE],
  session: "s1",
  ended: {
    ...{ kind: "ended", exit: null, stopped: null, asked: null, logOffset: 0, ranMs: 0 },
    transcript: claude.begin(NEW_RUN),
  },
  ...{ strays: 0, interrupted: false, usageAtWork: [USAGE], stderrTail: "", tookMs: 0 },
};

/** What is said of a performance that differs from a good one in this. */
function said(more: Partial<Performance>, scene: Partial<Scene> = {}): string {
  return differences({ ...SCENE, ...scene }, { ...GOOD, ...more }).join("; ");
}

test("a performance as expected has no differences", () => {
  assert.equal(said({}), "");
});

test("tokens that were counted twice, or lost, are told by kind", () => {
  assert.match(said({ usage: [USAGE, USAGE] }), /inputTokens are 2024, not 1012/);
  assert.match(said({ usage: [] }), /outputTokens are 0, not 154/);
  assert.match(said({ usage: [{ ...USAGE, costNanos: 1 }] }), /it cost 1 nano-dollars/);
});

test("what is left behind, not done, or not continued is told", () => {
  assert.match(said({ strays: 2 }), /2 processes were left behind/);
  assert.match(said({}, { fileMade: false }), /its tool wrote no file/);
  assert.match(said({}, { calls: 0 }), /it never called the model/);
  assert.match(said({}, { deedPlanned: true }), /its moment for the deed never came/);
  assert.equal(said({}, { firstCallShown: true }), "");
  assert.match(said({ usageAtWork: [] }, { firstCallShown: true }), /while it worked 0 of \d+ tokens/);
  assert.match(said({ session: "s2" }), /it resumed as s2/);
});

test("another class of failure is told, and a reset that is missing", () => {
  const limit = CASES.find(({ name }) => name === "usage-limit");
  assert.ok(limit !== undefined);
  const expected = expectedOf(program.name, limit);
  const outcome = {
    status: "failed",
    summary: null,
    session: null,
    reason: "no more",
    retryAfterMs: 0,
  } as const;
  const nothing = { usage: [], session: null };
  const other = said({ ...nothing, outcome: { ...outcome, failure: "rate_limit" } }, { expected });
  assert.match(other, /it ended as rate_limit \(no more\).*it would wait 0 s, not 7200/);
  const right = { ...outcome, failure: "usage_limit", retryAfterMs: 7_230_000 } as const;
  assert.equal(said({ ...nothing, outcome: right }, { expected }), "");
});

test("every program that differs from the others says why", () => {
  const reasons = Object.values(DIFFERS).flatMap((cases) =>
    Object.values(cases).map(({ because }) => because),
  );
  assert.ok(reasons.length > 0);
  assert.ok(reasons.every((because) => because.length > 20));
});

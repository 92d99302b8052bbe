/** Checks of CI: what they say together, which count, and what an agent is told of those that failed. */

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  awaitedCommit,
  type CheckStatus,
  type CiWait,
  judgeChecks,
  type ReportedCheck,
  tellFailing,
  withReported,
} from "../../../workflow/phases/ci.ts";
import { CI } from "../decide/phases.ts";

function checks(all: Readonly<Record<string, CheckStatus>>): readonly ReportedCheck[] {
  return Object.entries(all).map(([name, status]) => ({ name, status, url: null, summary: null }));
}

test("D6: nothing is said before all checks that count have ended, and only a failure is a no", () => {
  const cases: readonly (readonly [Readonly<Record<string, CheckStatus>>, readonly string[], string])[] = [
    [{}, [], "open"],
    [{ a: "pending" }, [], "open"],
    [{ a: "failure", b: "pending" }, [], "open"],
    [{ a: "success", b: "neutral", c: "skipped" }, [], "yes"],
    [{ a: "success", b: "failure" }, [], "no"],
    [{ a: "success" }, ["a", "b"], "open"],
    [{ a: "success", b: "failure" }, ["a"], "yes"],
    [{ a: "failure", b: "pending" }, ["a"], "no"],
    [{ a: "success" }, ["a", "a"], "yes"],
  ];
  for (const [known, required, said] of cases)
    assert.equal(
      judgeChecks(checks(known), { ...CI, required }).said,
      said,
      JSON.stringify([known, required]),
    );
});

test("the newest word on a check stands, and each failure is told with what is known of it", () => {
  const newer = withReported(checks({ a: "pending", b: "success" }), checks({ a: "failure" }));
  assert.deepEqual(
    newer.map(({ name, status }) => `${name} ${status}`),
    ["a failure", "b success"],
  );
  const told = tellFailing([
    { name: "a", status: "failure", url: "https://ci.example/1", summary: "red" },
    { name: "b", status: "failure", url: null, summary: null },
  ]);
  assert.equal(told, "Check a has failed: https://ci.example/1\nred\n\nCheck b has failed");
});

test("a report without a commit means the one that is awaited, else the newest that was published", () => {
  const waits: CiWait = {
    ...{ task: "SHOP-12", seq: 1, phase: "work", commit: "c1", status: "pending", askedAt: 1 },
    ...{ until: 9, dueAt: 9, reason: null, finishedAt: null },
  };
  assert.equal(awaitedCommit({ commit: "c2" }, waits), "c1");
  assert.equal(awaitedCommit({ commit: "c2" }, { ...waits, status: "passed" }), "c2");
  assert.equal(awaitedCommit({ commit: null }, null), null);
});

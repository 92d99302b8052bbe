/** What the step inside the walls answers is a stranger's word. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeReport } from "../../../forges/git/report.ts";

test("a report is decoded, and nothing else is taken for one", () => {
  const commit = "a".repeat(40);
  const report = {
    tips: [{ kind: "head", name: "x\u202e\ny", commit }],
    headBranch: null,
    hasPack: true,
    told: ["t"],
    left: ["a/b", "../up", "/etc/passwd", "a//b", 7, "x\0y"],
  };
  assert.deepEqual(decodeReport(JSON.stringify(report))?.tips, [{ kind: "head", name: "x y", commit }]);
  assert.deepEqual(decodeReport(JSON.stringify(report))?.left, ["a/b"]);
  const many = { ...report, left: Array.from({ length: 2_000 }, (_, at) => `f${at}`) };
  assert.deepEqual(decodeReport(JSON.stringify(many))?.left, [""], "the whole folder");
  const wrong = {
    ...report,
    tips: [{ kind: "head", name: "x", commit: "--all" }, { kind: "no", name: "x", commit }, 7],
  };
  assert.deepEqual(decodeReport(JSON.stringify(wrong))?.tips, []);
  for (const text of ["", "[]", "{}", "null", '{"tips":1}']) assert.equal(decodeReport(text), null);
});

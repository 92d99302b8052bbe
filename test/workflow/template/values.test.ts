/** The values that instructions may name, as samples and of real artifacts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { artifactValues, sampleValues } from "../../../workflow/template/values.ts";

const SCHEMA = {
  type: "object",
  properties: { verdict: { enum: ["yes"] }, note: { type: "string" }, path: { type: "string" } },
};
const PHASES = [
  { key: "plan", role: "planner", artifact: { path: "plan.json", schema: SCHEMA } },
  { key: "talk", role: "writer", artifact: { path: "talk.txt", schema: null } },
  { key: "build", role: "developer", artifact: null },
  { key: "check", role: "reviewer", artifact: { path: "check.json", schema: SCHEMA } },
];

test("an artifact has its path, its verdict and every declared field; one that is not there is null", () => {
  const found = new Map([
    ["plan", { verdict: "yes", content: { verdict: "yes", extra: 1, path: "/etc/passwd" } }],
    ["check", { verdict: "yes", content: {} }],
  ]);
  assert.deepEqual(
    artifactValues(PHASES, 3, (key) => found.get(key) ?? null),
    { plan: { path: "plan.json", verdict: "yes", note: null, extra: 1 }, talk: null },
  );
  const text = artifactValues(PHASES, 2, () => ({ verdict: null, content: "any text" }));
  assert.deepEqual(text["talk"], { path: "talk.txt", verdict: null });
  assert.deepEqual(text["plan"], { path: "plan.json", verdict: null });
});

test("the samples of a phase have the artifacts of earlier ones, with all, with little, and with none", () => {
  const [full, sparse, bare] = sampleValues(PHASES, 3);
  assert.deepEqual(full["artifacts"], {
    plan: { path: "plan.json", verdict: "approved", note: "text" },
    talk: { path: "talk.txt", verdict: null },
  });
  assert.deepEqual(sparse?.["artifacts"], {
    plan: { path: "plan.json", verdict: null, note: null },
    talk: { path: "talk.txt", verdict: null },
  });
  assert.deepEqual(bare?.["artifacts"], { plan: null, talk: null });
  assert.deepEqual(full["phase"], { key: "check", role: "reviewer", cycle: 1 });
  assert.deepEqual(sampleValues(PHASES, 0)[0]["artifacts"], {});
});

test("every sample names the same things, so that a template that passes with one is known to all", () => {
  const [full, ...others] = sampleValues(PHASES, 3);
  for (const other of others) {
    assert.deepEqual(Object.keys(other), Object.keys(full));
    assert.deepEqual([other["previous"], other["feedback"], other["answers"]], [null, [], {}]);
  }
});

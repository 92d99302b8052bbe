/** The values that instructions may name, as samples and of real artifacts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { artifactValue, sampleValues } from "../../../workflow/template/values.ts";

const SCHEMA = { type: "object", properties: { verdict: { enum: ["yes"] }, note: { type: "string" } } };
const PHASES = [
  { key: "plan", role: "planner", artifact: { path: "plan.json", schema: SCHEMA } },
  { key: "talk", role: "writer", artifact: { path: "talk.txt", schema: null } },
  { key: "build", role: "developer", artifact: null },
  { key: "check", role: "reviewer", artifact: { path: "check.json", schema: SCHEMA } },
];

test("an artifact has a path, its verdict and its data; one without a schema has only a path", () => {
  assert.deepEqual(artifactValue("/kept/plan.json", SCHEMA, { verdict: "yes" }), {
    ...{ path: "/kept/plan.json", verdict: "yes" },
    data: { verdict: "yes", note: null },
  });
  assert.deepEqual(artifactValue("p", SCHEMA, { verdict: 7 }), {
    ...{ path: "p", verdict: null, data: { verdict: 7, note: null } },
  });
  assert.deepEqual(artifactValue("p", null, "any text"), { path: "p", verdict: null, data: null });
});

test("the samples of a phase have the artifacts of earlier ones, with all, with little, and with none", () => {
  const [full, sparse, bare] = sampleValues(PHASES, 3);
  assert.deepEqual(full["artifacts"], {
    plan: { path: "plan.json", verdict: "yes", data: { verdict: "yes", note: "text" } },
    talk: { path: "talk.txt", verdict: null, data: null },
  });
  assert.deepEqual(sparse?.["artifacts"], {
    plan: { path: "plan.json", verdict: null, data: { verdict: null, note: null } },
    talk: { path: "talk.txt", verdict: null, data: null },
  });
  assert.deepEqual(bare?.["artifacts"], { plan: null, talk: null });
  assert.deepEqual(full["phase"], { key: "check", role: "reviewer", cycle: 1 });
  assert.deepEqual(sampleValues(PHASES, 0)[0]["artifacts"], {});
});

test("every sample names the same things, so that a template that passes with one is known to all", () => {
  const [full, ...others] = sampleValues(PHASES, 3);
  for (const other of others) {
    assert.deepEqual(Object.keys(other), Object.keys(full));
    assert.deepEqual([other["previous"], other["feedback"], other["answers"]], [null, [], []]);
  }
});

/** What the scripted agent of a dry run does: which verdict it gives when, and what it says cannot be done. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { planOf } from "../../../cli/try/plan.ts";
import { readWorkflow } from "../../../daemon/workflows/read.ts";
import type { Workflow } from "../../../workflow/workflow.ts";

function workflow(phases: string): Workflow {
  const read = readWorkflow(`name: tried\nphases:\n${phases}`, "tried.yaml", { schemaTrouble: () => null });
  assert.ok(read.kind === "workflow", JSON.stringify(read));
  return read.workflow;
}

const phase = (key: string, verdicts: string, on: string): string => `
  - key: ${key}
    role: someone
    instructions: Do it.
    artifact: { path: ${key}.json, schema: { type: object, required: [verdict], properties: { verdict: { enum: [${verdicts}] } } } }
    on: { ${on} }
`;

const LOOP = workflow(
  phase("first", "stop, skip, on", "stop: fail, skip: last") +
    phase("last", "again, ended, bad", "again: first, ended: done, bad: freeze"),
);

function said(planned: ReturnType<typeof planOf>, key: string): readonly string[] {
  assert.ok(planned.kind === "planned", JSON.stringify(planned));
  return (planned.playbook.phases[key] ?? []).map(({ artifact }) => JSON.parse(artifact ?? "{}").verdict);
}

test("the usual verdict goes on, before one that freezes, jumps, ends early, leads back, or fails", () => {
  assert.deepEqual(said(planOf(LOOP, new Map()), "first"), ["on"]);
  assert.deepEqual(said(planOf(LOOP, new Map()), "last"), ["bad"]);
  const back = workflow(phase("only", "no, again", "no: fail, again: only"));
  assert.deepEqual(said(planOf(back, new Map()), "only"), ["again"]);
});

test("stated verdicts come first, in their order", () => {
  const planned = planOf(LOOP, new Map([["last", ["again", "again", "ended"]]]));
  assert.deepEqual(said(planned, "last"), ["again", "again", "ended", "bad"]);
});

test("a phase or a verdict that there is not is named, with those that there are", () => {
  assert.deepEqual(planOf(LOOP, new Map([["frist", ["on"]]])), {
    kind: "misnamed",
    problems: ["there is no phase frist; there are first, last"],
  });
  assert.deepEqual(planOf(LOOP, new Map([["first", ["on", "onn"]]])), {
    kind: "misnamed",
    problems: ["phase first has no verdict onn; it has stop, skip, on"],
  });
});

test("a schema for which no artifact can be made is named with its phase, and why", () => {
  const planned = planOf(
    workflow(`
  - key: odd
    role: someone
    instructions: Do it.
    artifact: { path: odd.json, schema: { type: string, minLength: 5, maxLength: 3 } }
`),
    new Map(),
  );
  assert.ok(planned.kind === "unable");
  assert.match(
    planned.problems[0] ?? "",
    /^phases\.odd\.artifact\.schema asks for more .*, so there is no odd\.json$/,
  );
});

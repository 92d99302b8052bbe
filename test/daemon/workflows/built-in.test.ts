/** The workflows that come with the program are files like any other, and whole. */

import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { test } from "node:test";
import { BUILT_IN_NAMES, builtInText } from "../../../daemon/workflows/built-in.ts";
import { fillTemplate } from "../../../system/template/liquid.ts";
import { sampleValues } from "../../../workflow/template/values.ts";
import { SINGLE, type Workflow, workflowFor } from "../../../workflow/workflow.ts";
import { workflowIn } from "./reading.ts";

function builtIn(name: string): Workflow {
  const found = builtInText(name);
  assert.ok(found !== null);
  return workflowIn(found.text);
}

test("every file of the folder is a built-in workflow under its own name", async () => {
  const files = await readdir(new URL("../../../daemon/workflows/built-in/", import.meta.url));
  assert.deepEqual(new Set(files), new Set(BUILT_IN_NAMES.map((name) => `${name}.yaml`)));
  for (const name of BUILT_IN_NAMES) assert.equal(builtIn(name).name, name);
  assert.equal(builtInText("constructor"), null);
  assert.equal(builtInText("../built-in/single"), null);
});

test("the file of single says what the house does where there is no file", () => {
  assert.deepEqual(builtIn("single"), SINGLE);
});

test("A5: the pipeline goes from analysis to tests, and on to a deploy only where a project merges", () => {
  const pipeline = builtIn("pipeline");
  const keys = (merge: boolean): readonly string[] =>
    workflowFor(pipeline, { merge }).phases.map(({ key }) => key);
  assert.deepEqual(keys(false), ["analysis", "architecture", "development", "review", "testing"]);
  assert.deepEqual(keys(true), [...keys(false), "merge", "deploy"]);
  const { phases } = pipeline;
  assert.deepEqual(
    phases.map(({ key, role, gate }) => [key, role, gate.kind]),
    [
      ["analysis", "analyst", "approval"],
      ["architecture", "architect", "none"],
      ["development", "developer", "ci"],
      ["review", "reviewer", "none"],
      ["testing", "tester", "none"],
      ["merge", "chargehand", "none"],
      ["deploy", "deployer", "none"],
    ],
  );
  const back = phases.flatMap(({ key, routes }) =>
    Object.entries(routes).map(([said, to]) => [key, said, to]),
  );
  assert.deepEqual(back, [
    ["analysis", "not_needed", { to: "done" }],
    ["review", "changes_requested", { to: "phase", phase: "development" }],
    ["testing", "failed", { to: "phase", phase: "development" }],
    ["merge", "conflict", { to: "phase", phase: "development" }],
    ["merge", "nothing", { to: "done" }],
    ["deploy", "DEGRADED", { to: "freeze" }],
  ]);
  assert.equal(phases[2]?.cyclesMax, 3);
});

test("what a built-in workflow tells an agent depends on nothing that somebody outside has written (I13)", () => {
  for (const name of BUILT_IN_NAMES) {
    const { phases } = builtIn(name);
    for (const [index, { instructions }] of phases.entries()) {
      assert.doesNotMatch(instructions, /\{\{[^}]*(title|body|url|text|summary|answer|artifacts)/);
      for (const values of sampleValues(phases, index)) {
        const filled = fillTemplate(instructions, values);
        assert.ok(filled.kind === "filled" && !/\{[{%]|\n{3}/.test(filled.text), JSON.stringify(filled));
      }
    }
  }
});

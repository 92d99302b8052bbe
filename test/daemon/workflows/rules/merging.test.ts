/** Phases that merge: what they need and may not have, and what is there only where a project merges. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { workflowFor } from "../../../../workflow/workflow.ts";
import { phase, problemsOf, verdicts, withPhases, workflowIn } from "../reading.ts";

const WORK = phase("work", "publish: true");
const MERGE = "key: merge\nmerge: fast_forward";

test("D8: a phase that merges has no agent, three verdicts, and a conflict that goes nowhere by itself", () => {
  const { phases } = workflowIn(withPhases(WORK, `${MERGE}\non: { nothing: done }`));
  const { merge, role, routes, artifact, instructions } = phases[1] ?? assert.fail();
  assert.deepEqual([merge, role, artifact, instructions], [{ as: "fast_forward" }, "chargehand", null, ""]);
  assert.deepEqual(routes, { conflict: { to: "fail" }, nothing: { to: "done" } });
  const own = workflowIn(withPhases(WORK, "key: merge\nmerge: merge_commit\non: { conflict: work }"))
    .phases[1];
  assert.deepEqual(
    [own?.merge, own?.routes],
    [{ as: "merge_commit" }, { conflict: { to: "phase", phase: "work" } }],
  );
  workflowIn(withPhases(WORK, MERGE, phase("after", "when: { phase: merge, verdict: merged }")));
  workflowIn(withPhases(phase("work", "gate: { all_of: [approval, { ci: { timeout: 1h } }] }"), MERGE));
});

test("every phase has somebody who plays it, and a merge nothing of an agent's", () => {
  assert.deepEqual(problemsOf(withPhases("key: a", `${MERGE}\nrole: developer\ngate: ci\npublsh: true`)), [
    "3:5 phases[0].role: is missing; a phase that has neither role nor instructions says merge",
    "3:5 phases[0].instructions: is missing; a phase that has neither role nor instructions says merge",
    "5:12 phases[1].merge: has nothing to merge: an earlier phase has to say publish: true, or have a gate of ci",
    "6:5 phases[1].role: is of a phase with an agent, and a merge has none",
    "7:5 phases[1].gate: is of a phase with an agent, and a merge has none",
    '8:5 phases[1].publsh: unknown key; did you mean "publish"?',
  ]);
  assert.deepEqual(problemsOf(withPhases(WORK, "key: merge\nmerge: yes please\non: { conflicts: work }")), [
    "8:12 phases[1].merge: must be one of fast_forward, merge_commit",
    '9:11 phases[1].on.conflicts: the artifact of the phase "merge" has no verdict "conflicts"; did you mean "conflict"?',
  ]);
});

test("a condition is about a verdict of an earlier phase, about the project, or about both", () => {
  const both = "when: { project: merges, phase: size, verdict: small }";
  const size = phase("size", verdicts("size.json", "small", "large"), "publish: true");
  const [, merge] = workflowIn(withPhases(size, `${MERGE}\n${both}`)).phases;
  assert.deepEqual([merge?.when, merge?.onlyMerging], [{ phase: "size", verdicts: ["small"] }, true]);
  const broken = withPhases(
    ...[phase("a", "when: { project: merges }"), phase("b", "when: {}"), phase("c", "when: { verdict: x }")],
    phase("d", "when: { phase: b }"),
    phase("e", "when: { project: deploys }"),
  );
  assert.deepEqual(
    problemsOf(broken).map((line) => line.replace(/^\S+ /, "")),
    [
      "phases[0].when: the first phase has to be there in every project",
      "phases[1].when.phase: is missing",
      "phases[2].when.phase: is missing",
      "phases[3].when.verdict: is missing",
      "phases[4].when.project: must be merges",
    ],
  );
});

test("what is there only where a project merges is named by nothing that is there always (W2)", () => {
  const only = "when: { project: merges }";
  const deploy = phase("deploy", only, verdicts("deploy.json", "good"));
  const text = withPhases(
    ...[phase("work", verdicts("work.json", "good"), "on: { good: deploy }"), deploy],
    phase("tell", "when: { phase: deploy, verdict: good }"),
    "key: last\nrole: developer\ninstructions: Look at {{ artifacts.deploy.path }}.",
  );
  assert.deepEqual(
    problemsOf(text).map((line) => line.replace(/^\S+ /, "")),
    [
      'phases[0].on.good: leads to "deploy", which is there only where the project merges: say when: { project: merges } here, too',
      'phases[2].when.phase: names "deploy", which is there only where the project merges: say when: { project: merges } here, too',
      'phases[3].instructions: names "artifacts.deploy", which is not there; there are artifacts.work',
    ],
  );
  const whole = workflowIn(withPhases(WORK, `${MERGE}\n${only}`, deploy));
  assert.deepEqual(
    [false, true].map((merge) => workflowFor(whole, { merge }).phases.map(({ key }) => key)),
    [["work"], ["work", "merge", "deploy"]],
  );
  assert.ok(workflowFor(whole, { merge: true }).phases.every(({ onlyMerging }) => onlyMerging === undefined));
});

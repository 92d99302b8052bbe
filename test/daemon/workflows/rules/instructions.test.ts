/** Templates of a workflow file: strict, and wrong at a line of the file. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { problemsOf, verdicts, withPhases, workflowIn } from "../reading.ts";

/** A second phase after one with an artifact that has a verdict, steps and an optional note. */
function second(...lines: readonly string[]): string {
  const schema =
    "{ type: object, required: [verdict, steps], properties: { verdict: { enum: [ok] }, note: { type: string }, " +
    "steps: { type: array, items: { type: object, properties: { title: { type: string } } } } } }";
  return withPhases(
    `key: plan\nrole: planner\ninstructions: Plan.\nartifact: { path: plan.json, schema: ${schema} }`,
    `key: build\nrole: developer\n${lines.join("\n")}`,
  );
}

test("what templates may name is there in every shape that it may have", () => {
  workflowIn(
    second(
      "instructions: |",
      "  {{ task.key }} {{ task.title }} {{ task.url }} {{ task.branch }} {{ task.base }} {{ repo.name }} {{ repo.base }}",
      "  {{ phase.key }} {{ phase.role }} {{ phase.cycle }} {{ attempt }}",
      "  {{ previous.phase }} {{ previous.verdict }} {{ previous.summary }}",
      "  {% for one in feedback %}{{ one.by }}: {{ one.text }}{% endfor %}",
      "  {% for one in answers %}{{ one[0] }} {{ one[1] }}{% endfor %}",
      "  {{ artifacts.plan.path }} {{ artifacts.plan.verdict }} {{ artifacts.plan.note | upcase }}",
      "  {% for step in artifacts.plan.steps %}{{ step.title }}{% endfor %}",
    ),
  );
});

test("an unknown name is told at its line of the file, all of them at once", () => {
  const text = second(
    "instructions: |",
    "  Do {{ task.tittle }},",
    "",
    "    and then {{ taks.key }} {{ artifacts.plan.notes }}.",
    "  {% if false %}{{ artifacts.plann.path }}{% endif %}",
  );
  assert.deepEqual(problemsOf(text), [
    '10:13 phases[1].instructions: names "task.tittle", which is not there; did you mean "task.title"?',
    '12:21 phases[1].instructions: names "taks", which is not there; did you mean "task"?',
    '12:36 phases[1].instructions: names "artifacts.plan.notes", which is not there; did you mean "artifacts.plan.note"?',
    '13:24 phases[1].instructions: names "artifacts.plann", which is not there; did you mean "artifacts.plan"?',
  ]);
});

const STYLES: readonly (readonly [style: string, lines: readonly string[], at: string])[] = [
  ["folded", ["instructions: >-", "  One", "  two {{ a }}", "", "  three {{ nope }}"], "11:14, 13:16"],
  ["folded and indented", ["instructions: >", "  One", "    two {{ a }}", "  {{ nope }}"], "11:16, 12:10"],
  ["in double quotes", ['instructions: "One {{ a }}', '  {{ nope }}"'], "9:27, 10:10"],
  ["in single quotes", ["instructions: 'It''s {{ a }}", "  {{ nope }}'"], "9:28, 10:10"],
  ["plain", ["instructions: One {{ a }}", "  two {{ nope }}"], "9:26, 10:14"],
  ["kept", ["instructions: |+2", "   One", "  {{ a }}", "", "  {{ nope }}", ""], "11:10, 13:10"],
];
for (const [style, lines, at] of STYLES) {
  test(`a text that is ${style} has its lines, too`, () => {
    const found = problemsOf(second(...lines)).map((line) => line.replace(/ .*/, ""));
    assert.ok(found.join(", ").endsWith(at), found.join(", "));
  });
}

test("a text that an alias repeats is wrong where it was written", () => {
  const text = withPhases(
    "key: a\nrole: r\ninstructions: &same |\n  One\n  {{ nope }}",
    "key: b\nrole: r\ninstructions: *same",
  );
  assert.deepEqual(
    problemsOf(text).map((line) => line.replace(/: .*/, "")),
    ["7:10 phases[0].instructions", "7:10 phases[1].instructions"],
  );
});

test("an artifact is there for later phases only, and what has no schema has no fields", () => {
  const text = withPhases(
    `key: a\nrole: r\n${verdicts("a.json", "ok")}\ninstructions: "{{ artifacts.a.path }}"`,
    'key: b\nrole: r\nartifact: { path: b.txt }\ninstructions: "{{ artifacts.a.verdict }} {{ artifacts.c.path }}"',
    'key: c\nrole: r\ninstructions: "{{ artifacts.b.path }} {{ artifacts.b.text }}"',
  );
  assert.deepEqual(problemsOf(text), [
    '6:23 phases[0].instructions: names "artifacts.a", which is not there; there is nothing',
    '10:49 phases[1].instructions: names "artifacts.c", which is not there; did you mean "artifacts.a"?',
    '13:46 phases[2].instructions: names "artifacts.b.text", which is not there; there are artifacts.b.path, artifacts.b.verdict',
  ]);
});

const BROKEN: readonly (readonly [template: string, said: RegExp])[] = [
  ["{{ task.key | shout }}", /cannot be filled in: undefined filter: shout$/],
  ["{% include 'x' %}", /tag "include" not found$/],
  ["{% if task %}", /not closed$/],
  ["{{ task }}", /a value with parts cannot be printed whole/],
  ["{% for f in feedback %}{{ f.nope }}{% endfor %}", /undefined variable: f\.nope$/],
  ["{{ feedback.first.text }}", /undefined variable: feedback\.first/],
  ["{{ 'now' | date: '%Y' }}", /there is no "now" in a template$/],
  ["{{ task.constructor }}", /names "task\.constructor", which is not there/],
  ["{{ artifacts.__proto__ }}", /names "artifacts\.__proto__"/],
];
for (const [template, said] of BROKEN) {
  test(`refused at its line: ${template}`, () => {
    const [found = "", ...others] = problemsOf(second("instructions: |", "  Do it.", `  ${template}`));
    assert.match(found, said);
    assert.match(found, /^11:\d+ phases\[1\]\.instructions: /);
    assert.deepEqual(others, []);
  });
}

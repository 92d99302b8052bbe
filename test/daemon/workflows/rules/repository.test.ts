/** What whoever may write to a repository may not ask for, because only the operator may. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { readWorkflow } from "../../../../daemon/workflows/read.ts";
import { beyondBounds, withinBounds } from "../../../../daemon/workflows/rules/repository.ts";
import { schemaTrouble } from "../../../../system/schema/prepare.ts";
import type { AgentProfile } from "../../../../workflow/project.ts";
import { PROFILE } from "../../../agents/profile.ts";
import { phase } from "../../../workflow/decide/phases.ts";

const profiles = new Map<string, AgentProfile>([
  ["coder", { ...PROFILE, name: "coder", model: "large", effort: "low" }],
  ["critic", { ...PROFILE, name: "critic", model: "small", permissions: "read_only" }],
  ["other", { ...PROFILE, name: "other", backend: "codex", model: "foreign" }],
  ["stranger", { ...PROFILE, name: "stranger", model: "dear" }],
]);
const bounds = { project: { agent: "coder", agents: { reviewer: "critic", odd: "other" } }, profiles };

function problemsOf(line: string): readonly string[] {
  const text = `name: own\nphases:\n  - { key: one, instructions: Do it., ${line} }\n`;
  const read = readWorkflow(text, "w", { schemaTrouble, rules: [withinBounds(bounds)] });
  return read.kind === "workflow" ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`);
}

test("I14: a run takes no longer, and is tried no more often, than the profile of whoever plays says", () => {
  assert.deepEqual(problemsOf("role: developer, timeout: 60s, attempts: 2"), []);
  assert.deepEqual(problemsOf("role: developer, timeout: 61s, attempts: 3"), [
    "phases[0].timeout: must be 1m at most, the timeout of agent coder, who plays developer here",
    "phases[0].attempts: must be 2 at most, as agent coder, who plays developer here, is tried",
  ]);
});

test("I14: a model or an effort is one that the operator has named for this project, of the same program", () => {
  for (const line of ["role: developer, model: small", "role: reviewer, model: large, effort: low"])
    assert.deepEqual(problemsOf(line), [], line);
  const refused = "must be one that the configuration names for the agents of this project";
  for (const model of ["dear", "foreign"])
    assert.deepEqual(problemsOf(`role: developer, model: ${model}`), [
      `phases[0].model: ${refused}, which are large, small`,
    ]);
  assert.deepEqual(problemsOf("role: odd, effort: low"), [`phases[0].effort: ${refused}, and none is`]);
});

test("I14: for an agent that may only read, no commands are run", () => {
  assert.deepEqual(problemsOf("role: developer, checks: [{ run: npm test }]"), []);
  assert.deepEqual(problemsOf("role: reviewer, checks: [{ run: npm test }]"), [
    "phases[0].checks: cannot be run for agent critic, who plays reviewer here: it may only read",
  ]);
});

test("I14: no key of it names a profile, permissions, a budget, or what is published where", () => {
  for (const key of [
    "agent: stranger",
    "permissions: full",
    "budget: { usd: 9 }",
    "network: open",
    "mounts: [/]",
  ])
    assert.match(problemsOf(`role: developer, ${key}`)[0] ?? "", /unknown key/, key);
});

test("I14: what was good once is measured by the same bounds", () => {
  const [one, other] = [
    phase("one", { role: "developer" }),
    phase("two", { role: "developer", attempts: 9 }),
  ];
  assert.equal(beyondBounds({ name: "w", description: "", phases: [one] }, bounds), null);
  assert.match(
    beyondBounds({ name: "w", description: "", phases: [one, other] }, bounds) ?? "",
    /^attempts of phase two must be 2 at most/,
  );
});

/** What a real program gets wrong on its way through a workflow is said, each by itself. */

import assert from "node:assert/strict";
import test from "node:test";
import { problemsOf } from "../daemon/workflows/reading.ts";
import type { ModelCall } from "./model-server.ts";
import { countsOfWork, PROGRAMS } from "./programs.ts";
import { MADE, type Walked, type WalkedRun, WORKFLOW, walkDifferences } from "./walked.ts";

const [program] = PROGRAMS;
assert.ok(program !== undefined);

const counts = countsOfWork(program);
const RUN: WalkedRun = {
  ...{ id: "r", phase: "plan", failure_class: null, reason: null, session_id: "s1" },
  ...{ input_tokens: counts.inputTokens, output_tokens: counts.outputTokens },
  ...{ cache_read_tokens: counts.cacheReadTokens, cache_creation_tokens: counts.cacheCreationTokens },
  reasoning_tokens: counts.reasoningTokens,
  ...{ cost_usd: (program.cost.costNanos ?? 0) / 1e9, cost_source: program.cost.costSource },
};
const REPAIRED: WalkedRun = { ...RUN, failure_class: "artifact", reason: "the artifact is not valid" };
const WORK: WalkedRun = { ...RUN, phase: "work" };

function call(results: number, bringsResult: boolean, text = ""): ModelCall {
  return { language: "anthropic", model: "m", tools: 1, results, bringsResult, text };
}

const PLAN = '## plan: plan.json\\n\\n{\\"steps\\":[\\"cobble the walk\\"]}';
const CALLS: readonly ModelCall[] = [
  call(0, false),
  call(1, true, "Plan as the scripted model does"),
  call(1, false),
  call(2, true, "## Trouble\\n\\nplan.json: /steps has to be an array"),
  call(2, false),
  call(3, true, `Do what was planned: cobble the walk … ${PLAN}`),
];

const GOOD: Walked = {
  program,
  task: {
    ...{ status: "done", reason: null, branch: "b" },
    phases: [
      { phase: "plan", status: "completed" },
      { phase: "work", status: "completed" },
    ],
    runs: [REPAIRED, RUN, WORK],
  },
  artifacts: [{ phase: "plan", sha256: "abc", is_valid: true }],
  ...{ hash: "abc", pushed: MADE.text, calls: CALLS, strays: 0 },
};

function said(more: Partial<Walked>): string {
  return walkDifferences({ ...GOOD, ...more }).join("; ");
}

function saidOfRuns(...runs: readonly WalkedRun[]): string {
  return said({ task: { ...GOOD.task, runs } });
}

test("A5, D1, D4, D5, D12: a walk as expected has no differences", () => {
  assert.equal(said({}), "");
});

test("D4: a plan that was good at once, or mended twice, is no plan that was mended once", () => {
  assert.match(saidOfRuns(RUN, WORK), /its runs ended as plan null, work null/);
  assert.match(saidOfRuns(REPAIRED, REPAIRED, RUN, WORK), /plan artifact, plan artifact, plan null/);
});

test("D5: an artifact of other bytes than were written is told", () => {
  const artifact = { phase: "plan", sha256: "abd", is_valid: true };
  assert.match(said({ artifacts: [artifact] }), /its artifacts are plan abd true, not plan abc true/);
  assert.match(said({ artifacts: [] }), /its artifacts are , not/);
});

test("D12: a session that was not resumed is told by its name, and by what the model has heard", () => {
  assert.match(saidOfRuns(REPAIRED, { ...RUN, session_id: "s2" }, WORK), /its sessions are s1, s2/);
  assert.match(saidOfRuns(REPAIRED, RUN, { ...WORK, session_id: null }), /its sessions are s1, /);
  const forgotten = [...CALLS.slice(0, 4), call(0, false), call(1, true)];
  assert.match(said({ calls: forgotten }), /held 0, 1 brought, 1, 2 brought, 0, 1 brought results/);
  assert.match(said({ calls: forgotten }), /the second phase never heard/);
});

test("what went wrong, and what was found, has to reach the model", () => {
  const deaf = CALLS.map((one) => ({ ...one, text: "" }));
  assert.match(said({ calls: deaf }), /the repair never heard .*Trouble/);
  assert.match(said({ calls: deaf }), /the second phase never heard .*plan\\\.json/);
});

test("an aside of a program, which has no tools, is of no conversation", () => {
  assert.equal(said({ calls: [{ ...call(0, false), tools: 0 }, ...CALLS] }), "");
});

test("tokens of the whole session, work that was not pushed, and strays are told", () => {
  const twice = { ...RUN, input_tokens: 2 * RUN.input_tokens };
  assert.match(saidOfRuns(REPAIRED, twice, WORK), /run 2: its tokens are /);
  assert.match(saidOfRuns(REPAIRED, RUN, { ...WORK, cost_usd: null }), /run 3: it cost 0 nano-dollars/);
  assert.match(said({ pushed: null }), /its branch b holds null/);
  assert.match(said({ strays: 2 }), /2 processes were left behind/);
});

test("the workflow of the walk is one", () => {
  assert.deepEqual(problemsOf(WORKFLOW), []);
});

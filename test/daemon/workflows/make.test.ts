/** What a workflow file becomes: each key as the house knows it, and what it leaves out by default. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHASE_DEFAULTS } from "../../../workflow/workflow.ts";
import { phase, verdicts, withPhases, workflowIn } from "./reading.ts";

test("a phase that says nothing more is what the defaults say", () => {
  assert.deepEqual(workflowIn(withPhases(phase("a"))), {
    ...{ name: "flow", description: "" },
    phases: [{ ...PHASE_DEFAULTS, key: "a", role: "developer", instructions: "Do it." }],
  });
});

test("D1: gates of CI, alone and beside an approval", () => {
  const gates = ["ci", "{ ci: { required: [test], timeout: 1h, no_checks: fail, grace: 30s } }"];
  const mixed = ["{ all_of: [approval, ci] }", "{ any_of: [{ ci: {} }, { approval: { count: 2 } }] }"];
  const alone = ["{ all_of: [ci] }", "{ any_of: [approval] }"];
  const all = [...gates, ...mixed, ...alone].map((gate, index) => phase(`p${index}`, `gate: ${gate}`));
  const ci = { kind: "ci", required: [], timeoutMs: 7_200_000, noChecks: "wait", graceMs: 120_000 };
  const approval = {
    ...{ kind: "approval", approvers: [], count: 1, notAuthor: false, expiresMs: null, onReject: "retry" },
  };
  assert.deepEqual(
    workflowIn(withPhases(...all)).phases.map(({ gate }) => gate),
    [
      ci,
      { kind: "ci", required: ["test"], timeoutMs: 3_600_000, noChecks: "fail", graceMs: 30_000 },
      { kind: "all_of", approval, ci },
      { kind: "any_of", approval: { ...approval, count: 2 }, ci },
      ci,
      approval,
    ],
  );
});

test("D1: every key is read", () => {
  const text = withPhases(
    phase("a", verdicts("a.json", "yes", "no"), "on: { yes: next, no: c }", "gate: approval"),
    phase(
      "b",
      "when: { phase: a, verdict: yes }",
      "session: { of: developer }",
      "checks: [{ run: npm test }, { run: make, timeout: 1h }]",
      "gate: { approval: { approvers: [ada, bob], count: 2, not_author: true, expires: 7d, on_reject: fail } }",
    ),
    phase(
      "c",
      "when: { phase: a, verdict: [yes, no] }",
      "session: fresh",
      "attempts: 4\nmax_cycles: 1\ntimeout: 10m\nmodel: opus\neffort: high\npublish: true",
      "artifact: { path: notes/c.md }",
    ),
  );
  const [a, b, c] = workflowIn(text).phases;
  const base = { ...PHASE_DEFAULTS, role: "developer", instructions: "Do it." };
  assert.deepEqual(a, {
    ...{ ...base, key: "a" },
    artifact: {
      path: "a.json",
      schema: { type: "object", properties: { verdict: { enum: ["yes", "no"] } } },
    },
    gate: {
      ...{ kind: "approval", approvers: [], count: 1, notAuthor: false },
      ...{ expiresMs: null, onReject: "retry" },
    },
    routes: { yes: { to: "next" }, no: { to: "phase", phase: "c" } },
  });
  assert.deepEqual(b, {
    ...{ ...base, key: "b" },
    when: { phase: "a", verdicts: ["yes"] },
    session: { kind: "of", role: "developer" },
    checks: [
      { run: "npm test", timeoutMs: 900_000 },
      { run: "make", timeoutMs: 3_600_000 },
    ],
    gate: {
      ...{ kind: "approval", approvers: ["ada", "bob"], count: 2, notAuthor: true },
      ...{ expiresMs: 604_800_000, onReject: "fail" },
    },
  });
  assert.deepEqual(c, {
    ...{ ...base, key: "c" },
    when: { phase: "a", verdicts: ["yes", "no"] },
    session: { kind: "fresh" },
    ...{ attempts: 4, cyclesMax: 1, timeoutMs: 600_000, model: "opus", effort: "high", publish: true },
    artifact: { path: "notes/c.md", schema: null },
  });
});

test("D1: the turns of a session are the workflow's, and the default that is written out is none", () => {
  const text = withPhases(phase("a"));
  assert.equal(workflowIn(`session_turns_max: 20\n${text}`).sessionTurnsMax, 20);
  assert.deepEqual(workflowIn(`session_turns_max: 400\n${text}`), workflowIn(text));
});

/** A workflow of several phases, and what happens to a task that walks through it. */

import type { Intent } from "../../../workflow/decide/decide.ts";
import type { AnswerGate } from "../../../workflow/decide/gates/answer-gate.ts";
import type { ReportCi } from "../../../workflow/decide/gates/report-ci.ts";
import type { FoundArtifact } from "../../../workflow/phases/artifact.ts";
import type { CheckStatus } from "../../../workflow/phases/ci.ts";
import {
  type ApprovalGate,
  type CiGate,
  PHASE_DEFAULTS,
  type Workflow,
  type WorkflowPhase,
} from "../../../workflow/workflow.ts";
import { claim, put, type World } from "./applied.ts";
import { finished, START } from "./intents.ts";

export function phase(key: string, more: Partial<WorkflowPhase> = {}): WorkflowPhase {
  return { ...PHASE_DEFAULTS, key, role: key, instructions: `do ${key}`, ...more };
}

export const APPROVAL: ApprovalGate = {
  ...{ kind: "approval", approvers: [], count: 1, notAuthor: false, expiresMs: null, onReject: "retry" },
};

export const CI: CiGate = {
  ...{ kind: "ci", required: [], timeoutMs: 10_000, noChecks: "wait", graceMs: 1_000 },
};

/** Somebody tells of checks: `test: success, lint: failure`. */
export function reporting(
  checks: Readonly<Record<string, CheckStatus>>,
  more: Partial<ReportCi> = {},
): ReportCi {
  return {
    ...{ kind: "report_ci", project: "shop", key: `ci:${JSON.stringify(checks)}`, because: "asked" },
    ...{ target: { key: "SHOP-12" }, by: { kind: "api", name: "ci" }, commit: "c0ffee" },
    checks: Object.entries(checks).map(([name, status]) => {
      return { name, status, url: null, summary: status === "failure" ? `${name} is red` : null };
    }),
    ...more,
  };
}

/** Analysis, which somebody approves; work; a review that may send it back; a test. */
export const PIPELINE: Workflow = {
  name: "pipeline",
  description: "for tests",
  phases: [
    phase("analysis", { artifact: { path: "analysis.json", schema: {} }, gate: APPROVAL }),
    phase("work", { role: "developer" }),
    phase("review", {
      artifact: { path: "review.json", schema: {} },
      routes: {
        changes_requested: { to: "phase", phase: "work" },
        hopeless: { to: "fail" },
        trivial: { to: "done" },
      },
    }),
    phase("test", { when: { phase: "review", verdicts: ["approved"] } }),
  ],
};

export function starting(workflow: Workflow): Intent {
  return { ...START, facts: { ...START.facts, workflow } };
}

export function artifact(verdict: string | null, sha256 = "ab".repeat(32)): FoundArtifact {
  return { path: "a.json", sha256, bytes: 2, text: "{}", verdict, isValid: true, problems: [] };
}

/** The next run ends well. @returns its phase; `null` when there was none to be had */
export function succeed(
  world: World,
  verdict: string | null = null,
  session: string | null = null,
  turns?: number,
): string | null {
  const job = claim(world);
  if (job === null) return null;
  const found = {
    branch: "b",
    commit: "c0ffee",
    files: 1,
    summary: `did ${job.phase}`,
    session,
    ...(turns !== undefined && { turns }),
  };
  const left = artifact(verdict);
  put(world, {
    ...finished({ status: "succeeded", ...found, artifact: left }),
    ...{ job: job.id, fence: job.fence, run: `r${job.id}.${job.fence}` },
  });
  return job.phase;
}

export function answer(said: AnswerGate["answer"], more: Partial<AnswerGate> = {}): AnswerGate {
  return {
    ...{
      kind: "answer_gate",
      project: "shop",
      key: `answer:${said}`,
      because: "asked",
      target: { key: "SHOP-12" },
    },
    ...{
      by: { kind: "cli", name: "bob" },
      answer: said,
      why: said === "approve" ? null : "not like this",
      artifact: null,
    },
    ...more,
  };
}

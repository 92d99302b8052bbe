/** A task, its job and what a decision sees of them, for tests of decisions. */

import { NOTHING_BETWEEN } from "../../../workflow/between/between.ts";
import type { Snapshot } from "../../../workflow/decide/decision.ts";
import type { HoldKind } from "../../../workflow/hold.ts";
import type { Job } from "../../../workflow/job.ts";
import type { Kept, NewKept } from "../../../workflow/kept.ts";
import type { ProjectFacts } from "../../../workflow/project.ts";
import { type TaskStatus, taskMoves } from "../../../workflow/states.ts";
import { NO_PINS, type Task } from "../../../workflow/task.ts";
import { SINGLE, workflowOf } from "../../../workflow/workflow.ts";

export const FACTS: ProjectFacts = {
  prefix: "SHOP",
  workflow: SINGLE,
  agent: "developer",
  agents: {},
  baseBranch: "main",
};

export function task(status: TaskStatus): Task {
  return {
    key: "SHOP-12",
    project: "shop",
    prefix: "SHOP",
    number: 12,
    title: "Login fails",
    body: "steps",
    url: null,
    author: "alice",
    status,
    reason: null,
    pausedAt: null,
    pausedUntil: null,
    workflow: "single",
    workflowHash: null,
    pins: NO_PINS,
    base: null,
    agents: { developer: "developer" },
    agent: "developer",
    priority: 0,
    follows: null,
    branch: null,
    commit: null,
    files: null,
    version: 7,
    events: 3,
    createdAt: 1,
    updatedAt: 1,
    finishedAt: taskMoves.final.includes(status) ? 2 : null,
  };
}

export function job(status: Job["status"], more: Partial<Job> = {}): Job {
  return {
    id: 5,
    task: "SHOP-12",
    project: "shop",
    phase: "work",
    agent: "developer",
    isFree: true,
    status,
    priority: 0,
    opens: false,
    fence: 3,
    run: "r1",
    holds: [],
    session: null,
    sessionAgent: null,
    sessionAccount: null,
    failure: null,
    reason: null,
    attempts: 0,
    transients: 0,
    interruptions: 0,
    repairs: 0,
    createdAt: 1,
    finishedAt: null,
    ...more,
  };
}

export function snapshot(more: Partial<Snapshot> = {}): Snapshot {
  return {
    now: 1_000,
    task: null,
    workflow: more.task ? workflowOf(more.task) : null,
    jobs: [],
    phases: [],
    approval: null,
    ci: null,
    pull: null,
    checks: [],
    question: null,
    questions: { count: 0, same: null },
    lastSaid: 0,
    liveRuns: 0,
    seen: false,
    recentRetries: 0,
    run: null,
    standings: [],
    kept: [],
    slot: null,
    between: NOTHING_BETWEEN,
    ...more,
  };
}

/** A job that waits because of this. */
export function held(kind: HoldKind): Job {
  return job("held", { holds: [{ kind, reason: "it waits", remedy: null, until: null }] });
}

/** Work that could not be published. */
export const WORK: NewKept = {
  ...{ name: "ci", ref: "refs/chargehand/kept/SHOP-12/ci", commit: "c0ffee", branch: "chargehand/SHOP-12-x" },
  ...{ files: 2, reason: "it changes CI files", remedy: null },
};

export function kept(more: Partial<Kept> = {}): Kept {
  return {
    ...WORK,
    ...{ id: 3, task: "SHOP-12", project: "shop", run: "r1", status: "kept", keptAt: 0 },
    ...{ tellAt: 500, toldAt: null, until: 900, finishedAt: null },
    ...more,
  };
}

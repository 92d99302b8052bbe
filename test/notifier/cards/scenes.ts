/** A task in each of the states that a card knows, with facts made by hand. */

import { claude } from "../../../agents/claude/claude.ts";
import { NO_CALLS } from "../../../agents/dialect/repetition.ts";
import { writeTranscript } from "../../../agents/transcript.ts";
import type { CardFacts } from "../../../notifier/cards/facts.ts";
import type { CardState } from "../../../notifier/cards/state.ts";
import type { Cause } from "../../../workflow/explain/lane.ts";
import type { Kept } from "../../../workflow/kept.ts";
import type { Approval } from "../../../workflow/phases/approval.ts";
import type { CiWait } from "../../../workflow/phases/ci.ts";
import type { Phase } from "../../../workflow/phases/phase.ts";
import type { Run, Usage } from "../../../workflow/run.ts";
import { NO_PINS, type Task } from "../../../workflow/task.ts";
import { NEW_RUN } from "../../agents/profile.ts";
import { field, question } from "../../workflow/questions.ts";
import { standing } from "../../workflow/standings.ts";

export const NOW: number = Date.UTC(2026, 10, 28, 12);
const MINUTE = 60_000;
const BEGAN = NOW - 90 * MINUTE;

export const TASK: Task = {
  ...{ key: "SHOP-12", project: "shop", prefix: "SHOP", number: 12, title: "Sort the shelves", body: "" },
  ...{ url: "https://forge.example/acme/shop/issues/12", author: "ada", status: "active", reason: null },
  ...{ pausedAt: null, pausedUntil: null, workflow: "pipeline", workflowHash: null, pins: NO_PINS },
  ...{ base: "main", agents: {}, agent: "developer", priority: 0, follows: null, branch: null },
  ...{ commit: null, files: null, version: 3, events: 2, createdAt: BEGAN, updatedAt: BEGAN },
  finishedAt: null,
};

export function usage(more: Partial<Usage> = {}): Usage {
  return {
    ...{ model: "claude-sonnet", inputTokens: 9_000, outputTokens: 3_300, cacheReadTokens: 80_000 },
    ...{ cacheCreationTokens: 0, reasoningTokens: 0, costNanos: 420_000_000, costSource: "agent" },
    ...more,
  };
}

export function run(more: Partial<Run> = {}): Run {
  return {
    ...{
      id: "r1",
      job: 7,
      task: TASK.key,
      project: "shop",
      phase: "plan",
      agent: "developer",
      account: "max",
    },
    ...{ backend: "claude", model: "claude-sonnet", effort: "high", timeoutMs: null, heard: 0, fence: 1 },
    ...{ status: "succeeded", identity: null, session: null, logOffset: 0, transcript: null, exitCode: 0 },
    ...{
      signal: null,
      failure: null,
      reason: null,
      summary: "The plan is written.",
      branch: null,
      commit: null,
    },
    ...{ files: null, stop: null, usage: [usage()], claimedAt: BEGAN + MINUTE, startedAt: BEGAN + MINUTE },
    ...{ activeAt: null, exitedAt: null, finishedAt: BEGAN + 6 * MINUTE },
    ...more,
  };
}

export function phase(more: Partial<Phase> = {}): Phase {
  return {
    ...{ task: TASK.key, seq: 1, phase: "plan", role: "planner", agent: "developer", cycle: 1, pass: 1 },
    ...{ status: "completed", verdict: null, artifact: null, commit: null, summary: null, trouble: null },
    ...{ session: null, enteredAt: BEGAN + MINUTE, finishedAt: BEGAN + 6 * MINUTE + 5_000 },
    ...more,
  };
}

export function cause(more: Partial<Cause> = {}): Cause {
  return { about: "job", reason: "waits", remedy: null, since: BEGAN, until: null, ...more };
}

const CODE = phase({
  ...{ seq: 2, phase: "code", cycle: 2, status: "running", enteredAt: NOW - 20 * MINUTE, finishedAt: null },
});
const GATED = { ...CODE, status: "gated", summary: "Shelves are sorted by height.\nTests pass." } as const;
const LIVE = run({
  ...{ id: "r2", phase: "code", status: "running", summary: null, usage: [usage({ costNanos: null })] },
  ...{ claimedAt: NOW - 19 * MINUTE, startedAt: NOW - 19 * MINUTE, finishedAt: null, exitCode: null },
  transcript: writeTranscript({
    ...claude.begin(NEW_RUN),
    calls: { ...NO_CALLS, last: { tool: "Edit", about: "src/shelves.ts" } },
  }),
});

export const FACTS: CardFacts = {
  ...{ task: TASK, causes: [cause()], phases: [phase(), CODE], runs: [run()], isRunning: false },
  ...{ approval: null, question: null, ci: null, kept: [], pull: null, isOutOfBudget: false },
  standings: [standing({ used: 420_000_000 })],
};

export const APPROVAL: Approval = {
  ...{ id: 17, task: TASK.key, project: "shop", seq: 2, phase: "code", artifact: null, commit: null },
  ...{ status: "pending", askedAt: NOW - MINUTE, until: null, votes: [], decidedBy: null, decidedFrom: null },
  ...{ reason: null, finishedAt: null },
};

export const KEPT: Kept = {
  ...{ name: "work", ref: "refs/kept/1", commit: "ab".repeat(20), branch: "b", files: 3 },
  ...{ reason: "the remote refused it", remedy: null, id: 5, task: TASK.key, project: "shop", run: "r1" },
  ...{ status: "kept", keptAt: NOW, tellAt: NOW, toldAt: null, until: NOW, finishedAt: null },
};

const CI: CiWait = {
  ...{ task: TASK.key, seq: 2, phase: "code", commit: "ab".repeat(20), status: "pending" },
  ...{ askedAt: NOW - MINUTE, until: NOW + MINUTE, dueAt: NOW, reason: null, finishedAt: null },
};

function task(more: Partial<Task>): Task {
  return { ...TASK, branch: "chargehand/SHOP-12-sort-the-shelves", ...more };
}

const ENDED = { finishedAt: NOW - MINUTE } as const;
const asked = { about: "task", since: NOW - MINUTE } as const;
const choosing = question({
  id: 31,
  seq: 2,
  form: {
    ...{ title: "How to go on?", reason: "two ways are open", expiresMs: null, onExpire: "fail" },
    fields: [field("size", { type: "choice", label: "Which size?", options: ["small", "large"] })],
  },
});

/** By what the golden file is called. */
export const SCENES: Readonly<Record<string, { readonly state: CardState; readonly facts: CardFacts }>> = {
  queued: {
    state: "queued",
    facts: {
      ...FACTS,
      phases: [],
      runs: [],
      causes: [cause({ about: "queue", reason: "3 jobs are ahead" })],
    },
  },
  working: { state: "working", facts: { ...FACTS, runs: [LIVE, run()], isRunning: true } },
  "asking-approval": {
    state: "asking",
    facts: {
      ...{ ...FACTS, task: task({ status: "blocked" }), phases: [phase(), GATED], approval: APPROVAL },
      causes: [cause({ ...asked, reason: "phase code waits for approval 17" })],
    },
  },
  "asking-question": {
    state: "asking",
    facts: {
      ...{ ...FACTS, task: task({ status: "blocked" }), question: choosing },
      causes: [cause({ ...asked, reason: "phase code waits for an answer: How to go on?" })],
    },
  },
  "asking-secret": {
    state: "asking",
    facts: {
      ...{ ...FACTS, task: task({ status: "blocked" }) },
      question: question({ id: 32, seq: 2 }),
      causes: [
        cause({
          ...{ ...asked, reason: "phase code waits for an answer: How to go on" },
          remedy: "answer with: chargehand answer SHOP-12",
        }),
      ],
    },
  },
  "waits-for-ci": {
    state: "ci",
    facts: {
      ...{ ...FACTS, task: task({ status: "blocked" }), ci: CI },
      causes: [cause({ ...asked, reason: "2 checks of abababab are running", until: NOW + MINUTE })],
    },
  },
  limited: {
    state: "limited",
    facts: {
      ...FACTS,
      causes: [
        cause({ about: "account", reason: "account max is cooling down: 5-hour limit", until: NOW + MINUTE }),
      ],
    },
  },
  "held-by-budget": {
    state: "held",
    facts: {
      ...{ ...FACTS, isOutOfBudget: true, standings: [standing({ used: 21e9 })] },
      causes: [cause({ reason: "the budget of the task ($20.00) is used up" })],
    },
  },
  paused: {
    state: "paused",
    facts: {
      ...{ ...FACTS, task: task({ status: "paused", pausedAt: NOW - MINUTE }) },
      causes: [cause({ about: "task", reason: "SHOP-12 is paused by ada" })],
    },
  },
  blocked: {
    state: "blocked",
    facts: {
      ...{ ...FACTS, task: task({ status: "blocked" }), kept: [KEPT] },
      causes: [
        cause({ ...asked, reason: "SHOP-12 needs a person: its branch is gone" }),
        cause({ about: "work", reason: "its work is kept" }),
      ],
    },
  },
  failed: {
    state: "failed",
    facts: {
      ...{ ...FACTS, task: task({ status: "failed", ...ENDED }) },
      runs: [run({ status: "failed", summary: "I could not find the shelves." }), run()],
      causes: [cause({ about: "task", reason: "SHOP-12 failed: tests do not pass" })],
    },
  },
  cancelled: {
    state: "cancelled",
    facts: {
      ...{ ...FACTS, task: task({ status: "cancelled", ...ENDED }) },
      causes: [cause({ about: "task", reason: "SHOP-12 was cancelled: enough" })],
    },
  },
  done: {
    state: "done",
    facts: {
      ...{ ...FACTS, task: task({ status: "done", ...ENDED }) },
      causes: [cause({ about: "task", reason: "SHOP-12 is done" })],
    },
  },
};

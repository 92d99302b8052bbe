/** Intents, outcomes and accounts for the tests of decisions. */

import assert from "node:assert/strict";
import { type Account, NO_DOUBT } from "../../../workflow/account.ts";
import type { Change } from "../../../workflow/decide/change.ts";
import type { Decision, Snapshot } from "../../../workflow/decide/decision.ts";
import type { RunFinished } from "../../../workflow/decide/run-finished.ts";
import type { StartTask } from "../../../workflow/decide/start-task.ts";
import type { FailureClass } from "../../../workflow/faults.ts";
import type { RunOutcome } from "../../../workflow/run.ts";
import type { RunStatus } from "../../../workflow/states.ts";
import { FACTS } from "./snapshot.ts";

export const REF = { source: "github", kind: "issue", id: "acme/shop#12" } as const;

export const START: StartTask = {
  kind: "start_task",
  project: "shop",
  by: { kind: "github", name: "alice" },
  key: "github:acme/shop#12:labeled",
  because: "label agent",
  refs: [REF],
  title: "Login fails",
  body: "steps",
  url: null,
  author: "alice",
  number: 12,
  priority: 0,
  explicit: false,
  facts: FACTS,
};

export function run(status: RunStatus, account: Account | null = ACCOUNT): Snapshot["run"] {
  return { status, agent: "developer", claimedAt: 900, account, heard: 0 };
}

export const ACCOUNT: Account = { name: "claude", concurrency: null, ...NO_DOUBT };

export function finished(outcome: RunOutcome, more: Partial<RunFinished> = {}): RunFinished {
  return {
    kind: "run_finished",
    run: "r1",
    task: "SHOP-12",
    job: 5,
    fence: 3,
    outcome,
    jitter: 0.5,
    maxAttempts: 2,
    keptForMs: 30 * 86_400_000,
    ...more,
  };
}

export function failed(failure: FailureClass, retryAfterMs = 0): RunOutcome {
  return { status: "failed", failure, reason: "it broke", summary: null, session: "s1", retryAfterMs };
}

export const SUCCESS: Extract<RunOutcome, { status: "succeeded" }> = {
  status: "succeeded",
  summary: "done",
  session: "s1",
  branch: "chargehand/SHOP-12-x",
  commit: "abc",
};

export function change(decision: Decision): Change {
  assert.equal(decision.kind, "change", JSON.stringify(decision));
  return decision as Change;
}

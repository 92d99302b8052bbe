/**
 * Changes of a task: what a decision has written.
 *
 * C1. A change is the task's own move and parts that hang on it. A part is a line of {@link NOTHING}, from which its
 *     type and its empty value are taken; what it is stands with its noun, and how it is written in `store/commit.ts`,
 *     which does not compile before it knows every part.
 * C2. All of it is one transaction, or none of it is written.
 */

import type { AccountChange } from "../account.ts";
import type { DependencyChange, LineBelief } from "../between/between.ts";
import type { NewFreeze } from "../between/freeze.ts";
import type { Raise } from "../budget.ts";
import type { NewEvent } from "../event.ts";
import type { NewWideHold } from "../hold.ts";
import type { JobChange } from "../job.ts";
import type { KeptChange } from "../kept.ts";
import type { NewCall } from "../outbox.ts";
import type { ItemContext } from "../outside/context.ts";
import type { ApprovalChange } from "../phases/approval.ts";
import type { NewArtifact } from "../phases/artifact.ts";
import type { CiChange, CiReport } from "../phases/ci.ts";
import type { Heard, NewFeedback } from "../phases/feedback.ts";
import type { MergeChange } from "../phases/merge.ts";
import type { PhaseChange } from "../phases/phase.ts";
import type { PullChange } from "../phases/pull.ts";
import type { QuestionChange } from "../phases/question.ts";
import type { FiringSlot } from "../recurring/recurring.ts";
import type { RunChange, StopReason } from "../run.ts";
import type { ExternalRef, Revision, TaskChange } from "../task.ts";

/** Every part of a change as it is where nothing changes. */
const NOTHING = {
  /**
   * Names the task gets. Those of the done task which it `replaces`, that is follows, move over to the new one, and so
   * does what people have said there and nobody has heard.
   */
  refs: none<ExternalRef>(),
  replaces: absent<string>(),
  jobs: none<JobChange>(),
  /** Which tasks it needs from now on, or no more. */
  dependencies: none<DependencyChange>(),
  /** The line that it joins, leaves or moves in. */
  line: absent<LineBelief>(),
  /** Phases that are entered, judged or left, and what they have left behind. */
  phases: none<PhaseChange>(),
  artifacts: none<NewArtifact>(),
  approvals: none<ApprovalChange>(),
  /** What is waited for of CI, and what it has said. */
  ci: none<CiChange>(),
  reported: absent<CiReport>(),
  merges: none<MergeChange>(),
  /** What became of its pull request, and what of it is to be answered. After `feedback`, whose words it is about. */
  pulls: none<PullChange>(),
  /** How it reads from now on. */
  revision: absent<Revision>(),
  /** What stands where it was asked for, besides its text. */
  context: absent<ItemContext>(),
  questions: none<QuestionChange>(),
  /** What people have said, and what a run has taken in of it. */
  feedback: none<NewFeedback>(),
  heard: absent<Heard>(),
  run: absent<RunChange>(),
  account: absent<AccountChange>(),
  /** Holds on accounts and agents that follow from how a run ended. */
  wideHolds: none<NewWideHold>(),
  /** Verdicts that close a repository to new work. */
  freezes: none<NewFreeze>(),
  /** What is added to budgets of the task, its phases and its runs. */
  raises: none<Raise>(),
  /** Work that is kept, or is kept no more. */
  kept: none<KeptChange>(),
  /** Ask every live run of the task to stop, for this reason. */
  stopRuns: absent<Extract<StopReason, "cancelled" | "paused">>(),
  /** The slot of a schedule that fires with this change, and that the schedule moves past. */
  slot: absent<FiringSlot>(),
  events: none<NewEvent>(),
  outbox: none<NewCall>(),
};

export type Parts = Readonly<typeof NOTHING>;

/** A change of one task, committed as one transaction with a compare-and-set on the task's version. */
export interface Change extends Parts {
  readonly kind: "change";
  /** What was believed: `null` for a task that does not exist yet. */
  readonly base: { readonly key: string; readonly version: number } | null;
  readonly task: TaskChange;
}

/** A change that changes nothing yet. */
export const UNCHANGED: Omit<Change, "base" | "task"> = { kind: "change", ...NOTHING };

function none<T>(): readonly T[] {
  return [];
}

function absent<T>(): T | null {
  return null;
}

/**
 * What `decide` sees and what it answers: both are plain data, so that a decision can be tested, printed and replayed.
 */

import type { Account } from "../account.ts";
import type { Between } from "../between/between.ts";
import type { Standing } from "../budget.ts";
import type { Job } from "../job.ts";
import type { Kept } from "../kept.ts";
import type { Approval } from "../phases/approval.ts";
import type { CiCheck, CiWait } from "../phases/ci.ts";
import type { Phase } from "../phases/phase.ts";
import type { PullRequest } from "../phases/pull.ts";
import type { Question } from "../phases/question.ts";
import type { Slot, SlotStanding } from "../recurring/recurring.ts";
import type { RunStatus } from "../states.ts";
import type { ExternalRef, Task } from "../task.ts";
import type { Workflow } from "../workflow.ts";
import type { Change } from "./change.ts";

/** Everything a decision about one task may depend on, read in one go. */
export interface Snapshot {
  readonly now: number;
  /** The task in question; `null` when none exists yet. */
  readonly task: Task | null;
  /** The workflow that the task is pinned to; `null` without a task, or when nobody knows it any more. */
  readonly workflow: Workflow | null;
  /** Jobs of the task, newest last. */
  readonly jobs: readonly Job[];
  /** The phases it has come to, oldest first; none of a task that an older version began. */
  readonly phases: readonly Phase[];
  /** What somebody is asked about it now. */
  readonly approval: Approval | null;
  /** What it has waited for of CI last, and waits for now. */
  readonly ci: CiWait | null;
  /** What is known of a commit by CI, where the intent is about that; else nothing. */
  readonly checks: readonly CiCheck[];
  /** The newest pull request of its branch. */
  readonly pull: PullRequest | null;
  /** What an agent has asked a person last, answered or not. */
  readonly question: Question | null;
  /** How many it has asked, and the newest that is the same as a new one and has a result. */
  readonly questions: { readonly count: number; readonly same: Question | null };
  /** Number of the newest that people have said and no run has heard; 0 for none. */
  readonly lastSaid: number;
  /** How many runs of the task have a process that may still be alive. */
  readonly liveRuns: number;
  /** Whether an event with the intent's key is already in the task's history. */
  readonly seen: boolean;
  /** How often the task was restarted within the breaker's window. */
  readonly recentRetries: number;
  /** The run that an intent is about; `null` when it is about none. */
  readonly run: {
    readonly status: RunStatus;
    readonly agent: string;
    readonly claimedAt: number;
    readonly account: Account | null;
    /** Up to which feedback it was told, by number. */
    readonly heard: number;
  } | null;
  /** How the budgets stand that a next run of the task would draw on, for the phase of its newest job. */
  readonly standings: readonly Standing[];
  /** What was ever kept of the task, newest first, where the intent is about that; else nothing. */
  readonly kept: readonly Kept[];
  /** How the schedule stands of the slot that an intent is about; `null` for none, and for one not configured. */
  readonly slot: SlotStanding | null;
  /** What it has to do with other tasks. */
  readonly between: Between;
}

export type Decision =
  | Change
  /** Nothing to do, and that is fine: a delivery becomes `ignored` with this reason. */
  | { readonly kind: "ignore"; readonly reason: string }
  /** The state forbids it: 409 at the API, `ignored` for a delivery. */
  | { readonly kind: "refuse"; readonly reason: string }
  /** No such task. */
  | { readonly kind: "unknown"; readonly reason: string };

/** What has to be read before an intent can be decided: the snapshot is of this. */
export interface About {
  /** The task by its key, or by what it stands for in a project. */
  readonly target:
    | { readonly key: string }
    | { readonly project: string; readonly refs: readonly ExternalRef[] };
  /** Whether it is about the newest of those that follow the task, once that is done. */
  readonly newest?: true;
  /** The semantic key of the change that asks; `null` where the run itself says whether it was heard before. */
  readonly key: string | null;
  readonly run: string | null;
  /** The commit whose checks matter; `null` for the one that CI is awaited of. Left out, none does. */
  readonly commit?: string | null;
  /** Hash of a form that its agent asks a person to fill in. */
  readonly asks?: string;
  /** Whether what is kept of the task matters. */
  readonly kept?: true;
  /** The slot of a schedule that it is about. */
  readonly slot?: Slot;
  /** Keys of tasks that it is to need. */
  readonly wanted?: readonly string[];
  /** Keys of tasks that stand in nobody's way any more, whatever their rows say. */
  readonly leaves?: readonly string[];
}

/** A kind of intent: what it is about, and what follows from it. Pure. */
export interface IntentKind<I> {
  about(intent: I): About;
  decide(snapshot: Snapshot, intent: I): Decision;
}

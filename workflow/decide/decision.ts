/**
 * What `decide` sees and what it answers: both are plain data, so that a decision can be tested, printed and replayed.
 */

import type { Account } from "../account.ts";
import type { BudgetUnit, Standing } from "../budget.ts";
import type { NewEvent } from "../event.ts";
import type { FailureClass } from "../faults.ts";
import type { Hold, HoldKind, WideHold } from "../hold.ts";
import type { Job } from "../job.ts";
import type { NewCall } from "../outbox.ts";
import type { RetryCounters } from "../retry.ts";
import type { JobMove, RunMove, RunStatus, TaskMove, TaskStatus } from "../states.ts";
import type { ExternalRef, Task } from "../task.ts";

/** Everything a decision about one task may depend on, read in one go. */
export interface Snapshot {
  readonly now: number;
  /** The task in question; `null` when none exists yet. */
  readonly task: Task | null;
  /** Jobs of the task, newest last. */
  readonly jobs: readonly Job[];
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
  } | null;
  /** How the budgets stand that a next run of the task would draw on. */
  readonly standings: readonly Standing[];
}

/** What a decision about starting a task needs to know of its project. */
export interface ProjectRules {
  readonly name: string;
  readonly prefix: string;
  readonly workflow: string;
  readonly agent: string;
}

export interface NewTask {
  readonly project: string;
  readonly prefix: string;
  /** The status it begins in: `active` when nothing stands in its way. */
  readonly status: TaskStatus;
  /** The number wanted; the store walks forward from here when it is taken. `null`: the next of the counter. */
  readonly wanted: number | null;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string | null;
  readonly workflow: string;
  readonly priority: number;
}

export type TaskChange =
  | { readonly change: "create"; readonly task: NewTask }
  /** Moves the task; `keep` changes no status but still raises the version. */
  | {
      readonly change: TaskMove | "keep";
      readonly reason?: string | null;
      readonly branch?: string;
      readonly commit?: string;
    };

/** A session, and whose it is: it lies on the disk of one account, in the words of one profile's program. */
export interface SessionOwner {
  readonly id: string;
  readonly agent: string;
  readonly account: string | null;
}

export type JobChange =
  | {
      readonly change: "create";
      readonly phase: string;
      readonly agent: string;
      readonly priority: number;
      readonly holds: readonly Hold[];
    }
  | {
      readonly change: Exclude<JobMove, "hold" | "release" | "claim">;
      readonly id: number;
      /** The claim this was decided for; a newer claim makes the whole decision a conflict (I3). */
      readonly fence: number;
      /** For a `retry`: what it has to wait for. */
      readonly holds?: readonly Hold[];
      readonly counters?: RetryCounters;
      /** Left out, the session that the job has stays with it. */
      readonly session?: SessionOwner | null;
      readonly failure?: FailureClass | null;
      readonly reason?: string | null;
    }
  /** Adds or renews a hold of a job that waits. */
  | { readonly change: "hold"; readonly id: number; readonly fence: number; readonly hold: Hold }
  /** Takes one away; with the last one the job is claimable. */
  | { readonly change: "release"; readonly id: number; readonly fence: number; readonly kind: HoldKind };

/** What a run that ended says about the account it used; a compare-and-set on what was believed of it. */
export interface AccountChange {
  readonly believed: Account;
  readonly until: number | null;
  readonly rearms: number;
}

export interface RunChange {
  readonly change: RunMove;
  readonly id: string;
  /** The only status it may be in, where the move could leave several. */
  readonly onlyFrom?: RunStatus;
  readonly failure: FailureClass | null;
  readonly reason: string | null;
  readonly summary: string | null;
  readonly session: string | null;
}

/** A change of one task, committed as one transaction with a compare-and-set on the task's version. */
export interface Change {
  readonly kind: "change";
  /** What was believed: `null` for a task that does not exist yet. */
  readonly base: { readonly key: string; readonly version: number } | null;
  readonly task: TaskChange;
  /** Names the task gets. A name that belongs to the finished task `replaces` moves over to the new one. */
  readonly refs: readonly ExternalRef[];
  readonly replaces: string | null;
  readonly jobs: readonly JobChange[];
  readonly run: RunChange | null;
  readonly account: AccountChange | null;
  /** Holds on accounts and agents that follow from how a run ended. */
  readonly wideHolds: readonly Omit<WideHold, "since">[];
  /** What is added to budgets of the task, its phases and its runs. */
  readonly raises: readonly {
    readonly scope: "task" | "phase" | "run";
    /** For `phase`. */
    readonly phase: string;
    readonly unit: BudgetUnit;
    readonly amount: number;
  }[];
  /** Ask every live run of the task to stop, for this reason. */
  readonly stopRuns: "cancelled" | null;
  readonly events: readonly NewEvent[];
  readonly outbox: readonly NewCall[];
}

export type Decision =
  | Change
  /** Nothing to do, and that is fine: a delivery becomes `ignored` with this reason. */
  | { readonly kind: "ignore"; readonly reason: string }
  /** The state forbids it: 409 at the API, `ignored` for a delivery. */
  | { readonly kind: "refuse"; readonly reason: string }
  /** No such task. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Intents: what somebody asks for (DESIGN §1). One type, whoever asks: a delivery, the API, the CLI, the runner, the
 * reaper. `decide` answers each one, purely.
 */

import type { BudgetUnit } from "./budget.ts";
import type { Source } from "./delivery.ts";
import type { FailureClass } from "./faults.ts";
import type { RunStatus } from "./states.ts";
import type { ExternalRef } from "./task.ts";

/** Who asks. `name` is a login or user id, as the source names people. */
export interface Actor {
  readonly kind: Source | "api" | "cli" | "daemon";
  readonly name: string;
}

interface Asked {
  readonly project: string;
  readonly by: Actor;
  /**
   * Semantic key of the change that asks, such as `github:acme/shop#12:comment:991`. The same change arriving as two
   * deliveries has one effect (I2, A13): an event with this key is written once per task.
   */
  readonly key: string;
  /** Which rule of the project matched, for the history: `label agent`. */
  readonly because: string;
}

export interface StartTask extends Asked {
  readonly kind: "start_task";
  /** All names the outside world has for it; any of them finds the task again (A2). */
  readonly refs: readonly ExternalRef[];
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string | null;
  /** The tracker's own number, if it has one (A4). */
  readonly number: number | null;
  readonly priority: number;
  /** A person asked in so many words (command, reopened), so a finished task is followed by another. */
  readonly explicit: boolean;
}

export interface CancelTask extends Asked {
  readonly kind: "cancel_task";
  readonly target: TaskTarget;
  readonly reason: string;
}

export interface RetryTask extends Asked {
  readonly kind: "retry_task";
  readonly target: TaskTarget;
}

/** A person adds to budgets of one task. */
export interface RaiseBudget extends Asked {
  readonly kind: "raise_budget";
  readonly target: TaskTarget;
  /** `task`: the task's, and the one of its phase where there is one; `run`: what each of its runs may take. */
  readonly scope: "task" | "run";
  readonly unit: BudgetUnit;
  /** What is added; greater than 0. */
  readonly amount: number;
}

/** The configuration names other limits or prices than those by which the task's job is held. */
export interface ReconsiderBudget extends Asked {
  readonly kind: "reconsider_budget";
  readonly target: TaskTarget;
}

/** A task by its key, or by what it stands for outside. */
export type TaskTarget = { readonly key: string } | { readonly refs: readonly ExternalRef[] };

/** A run came to its end, and everything that can be known about it is known. Raised by the runner (and the reaper). */
export interface RunFinished {
  readonly kind: "run_finished";
  readonly run: string;
  readonly task: string;
  readonly job: number;
  readonly fence: number;
  readonly outcome: RunOutcome;
  /** Nothing follows unless the run is still in this status: what was believed of it may have changed meanwhile. */
  readonly onlyFrom?: RunStatus;
  /** A fraction in [0, 1), drawn by whoever raises the intent, for the retry's jitter. */
  readonly jitter: number;
  /** `max_attempts` of the agent profile. */
  readonly maxAttempts: number;
}

/** How a run ended. */
export type RunOutcome =
  | {
      readonly status: "succeeded";
      readonly summary: string | null;
      readonly session: string | null;
      readonly branch: string | null;
      /** The published commit; `null` when the agent changed nothing or nothing is published. */
      readonly commit: string | null;
    }
  | {
      readonly status: "failed" | "lost" | "killed";
      readonly failure: FailureClass;
      /** One sentence that an operator understands. */
      readonly reason: string;
      /** What a person can do about it, where that is known. */
      readonly remedy?: string | null;
      readonly summary: string | null;
      readonly session: string | null;
      /** What the service asked us to wait, in ms; of a usage limit, until its reset. */
      readonly retryAfterMs: number;
      /** A budget was reached that closes more than this job (project, day), so the job needs no hold of its own. */
      readonly passes?: boolean;
    };

export type Intent = StartTask | CancelTask | RetryTask | RaiseBudget | ReconsiderBudget | RunFinished;

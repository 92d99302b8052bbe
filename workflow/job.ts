/** Jobs: queued requests to run one phase of one task once. */

import type { FailureClass } from "./faults.ts";
import type { Hold, HoldKind } from "./hold.ts";
import type { RetryCounters } from "./retry.ts";
import type { JobMove, JobStatus } from "./states.ts";

export interface Job extends RetryCounters {
  readonly id: number;
  readonly task: string;
  readonly project: string;
  readonly phase: string;
  /** Name of the agent profile that plays the phase. */
  readonly agent: string;
  /** Whether a window that is open may choose another for its next run: neither its task nor a session has. */
  readonly isFree: boolean;
  readonly status: JobStatus;
  readonly priority: number;
  /** Whether it is the first of its task, and nobody has claimed it yet. */
  readonly opens: boolean;
  /** Fencing token: raised by every claim, carried by every later write about it (I3). */
  readonly fence: number;
  /** The run of the newest claim. */
  readonly run: string | null;
  /** Everything that keeps it from being claimed; empty unless it is `held`. */
  readonly holds: readonly Hold[];
  /** Session to continue, if the last failure allows it, and whose: an agent profile's, with an account. */
  readonly session: string | null;
  readonly sessionAgent: string | null;
  readonly sessionAccount: string | null;
  readonly failure: FailureClass | null;
  readonly reason: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
}

/** A session, and whose it is: it lies on the disk of one account, in the words of one profile's program. */
export interface SessionOwner {
  readonly id: string;
  readonly agent: string;
  readonly account: string | null;
  /** How many turns it has had; left out where nobody has counted. */
  readonly turns?: number;
}

export type JobChange =
  | {
      readonly change: "create";
      readonly phase: string;
      readonly agent: string;
      /** The task has chosen it, so that no window may. */
      readonly pinned?: boolean;
      readonly priority: number;
      readonly holds: readonly Hold[];
      /** It is the first of its task. */
      readonly opens?: true;
      /** The session that it goes on with, of an earlier phase. */
      readonly session?: SessionOwner | null;
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
  /** Gives one that nobody has claimed yet another phase. */
  | {
      readonly change: "assign";
      readonly id: number;
      readonly fence: number;
      readonly phase: string;
      readonly agent: string;
      readonly pinned: boolean;
    }
  /** Adds or renews a hold of a job that waits. */
  | { readonly change: "hold"; readonly id: number; readonly fence: number; readonly hold: Hold }
  /** Takes one away; with the last one the job is claimable. */
  | { readonly change: "release"; readonly id: number; readonly fence: number; readonly kind: HoldKind };

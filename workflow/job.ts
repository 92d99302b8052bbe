/** Jobs: queued requests to run one phase of one task once. */

import type { FailureClass } from "./faults.ts";
import type { Hold } from "./hold.ts";
import type { RetryCounters } from "./retry.ts";
import type { JobStatus } from "./states.ts";

export interface Job extends RetryCounters {
  readonly id: number;
  readonly task: string;
  readonly project: string;
  readonly phase: string;
  /** Name of the agent profile that plays the phase. */
  readonly agent: string;
  readonly status: JobStatus;
  readonly priority: number;
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

/**
 * The nouns of Chargehand (DESIGN §1) as types. Times are integer milliseconds since the epoch, money is integer
 * nano-dollars (1 USD = 1,000,000,000), so that sums are exact (I8). `null` means "not known" or "not yet".
 */

import type { FailureClass, RetryCounters } from "./faults.ts";
import type { RunPlan } from "./run-plan.ts";
import type { DeliveryStatus, JobStatus, RunStatus, TaskStatus } from "./states.ts";

/** A system that sends webhooks. */
export type Source = "github" | "gitea" | "forgejo" | "gitlab" | "plane" | `generic:${string}`;

export interface Delivery {
  readonly id: number;
  readonly source: Source;
  /** What identifies the event: the forge's delivery id, or a digest where that id is worth nothing. */
  readonly deliveryId: string;
  /** The id header as it was sent, kept for the log. */
  readonly headerId: string | null;
  /** The event name header, such as `issues`. */
  readonly event: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Why it was ignored or failed, or why it still waits. */
  readonly reason: string | null;
  /** The task it touched. */
  readonly task: string | null;
  /** What it is about, so that deliveries about one thing are handled in order; known once it had to wait. */
  readonly subject: string | null;
  /** How often handling it had to be put off, and until when (ms). */
  readonly tries: number;
  readonly notBefore: number;
  /** The delivery this one replays. */
  readonly replayOf: number | null;
  readonly receivedAt: number;
  readonly finishedAt: number | null;
}

export interface NewDelivery {
  readonly source: Source;
  readonly deliveryId: string;
  readonly headerId: string | null;
  readonly event: string;
  readonly body: string;
  readonly replayOf?: number;
}

/** A thing in the outside world that a task stands for, such as `github` `issue` `acme/shop#12`. */
export interface ExternalRef {
  readonly source: Source | "api";
  readonly kind: string;
  readonly id: string;
}

export interface Task {
  readonly key: string;
  readonly project: string;
  readonly prefix: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  /** Who asked for it, as the source names them. */
  readonly author: string | null;
  readonly status: TaskStatus;
  /** Why it failed, was cancelled, is blocked or paused: one sentence. */
  readonly reason: string | null;
  readonly workflow: string;
  readonly priority: number;
  readonly branch: string | null;
  /** The commit last published on the branch. */
  readonly commit: string | null;
  /** Compare-and-set guard: every decision raises it by one. */
  readonly version: number;
  /** Number of the newest event. */
  readonly events: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

/** Why a job is not claimable. More kinds come with dependencies and windows. */
export type HoldKind =
  | "backoff"
  | "run_ending"
  | "unconfigured"
  | "budget"
  /** An account waits for the reset of its usage limit. */
  | "cooldown"
  /** An account, or an agent profile, does not work until a person has mended it. */
  | "broken";

export interface Hold {
  readonly kind: HoldKind;
  /** One sentence for people. */
  readonly reason: string;
  /** When time alone releases it (ms); `null` when a person or another event does. */
  readonly until: number | null;
}

/** What a hold can lie on besides a single job; every job that needs it waits. */
export type HoldScope = "project" | "account" | "agent";

export interface WideHold extends Hold {
  readonly scope: HoldScope;
  readonly subject: string;
  readonly since: number;
}

/**
 * A way to the model service that is limited and paid by itself: an environment set of the configuration, or the one
 * that a backend has by default. Jobs are claimed for the first account of their agent that is open.
 */
export interface Account {
  readonly name: string;
  /** How many runs may use it at once; `null` for no limit of its own. */
  readonly concurrency: number | null;
  /** When its last cooldown ends or ended (ms); `null` when it is in no doubt. */
  readonly until: number | null;
  /** How often in a row it met its limit. While it is above 0, one run at a time is its probe. */
  readonly rearms: number;
}

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

/** A process as the kernel knows it; a pid alone proves nothing (I5). */
export interface Identity {
  readonly pid: number;
  /** Kernel start time of `pid`, in clock ticks after boot (`/proc/PID/stat` field 22). */
  readonly startTicks: number;
  /** Process group and session: the launcher's pid. */
  readonly pgid: number;
  /** Kernel start time of the launcher. */
  readonly leaderTicks: number;
  readonly bootId: string;
}

export type CostSource = "agent" | "priced" | "unpriced" | "unknown";

/** Tokens and cost of one model in one run. Input excludes cache reads and writes; output includes reasoning. */
export interface Usage {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheCreationTokens: number;
  readonly reasoningTokens: number;
  /** `null` when nobody knows the price; never a silent 0. */
  readonly costNanos: number | null;
  readonly costSource: CostSource;
}

export interface Run extends RunPlan {
  readonly id: string;
  readonly job: number;
  readonly task: string;
  readonly project: string;
  readonly phase: string;
  /** The profile that plays it: the job's own, or a fallback of it. */
  readonly agent: string;
  readonly account: string | null;
  readonly fence: number;
  readonly status: RunStatus;
  readonly identity: Identity | null;
  readonly session: string | null;
  /** Bytes of `stdout.log` that are accounted for, and the reader's state at that point (JSON). */
  readonly logOffset: number;
  readonly transcript: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly failure: FailureClass | null;
  /** One sentence on how it ended; before that, on why its work is not published yet. */
  readonly reason: string | null;
  readonly summary: string | null;
  /** Why somebody asked the process to stop, from the moment they asked. */
  readonly stop: StopReason | null;
  readonly usage: readonly Usage[];
  readonly claimedAt: number;
  readonly startedAt: number | null;
  readonly activeAt: number | null;
  readonly exitedAt: number | null;
  readonly finishedAt: number | null;
}

export type StopReason =
  | "cancelled"
  | "timeout"
  | "stalled"
  | "runaway"
  | "budget"
  | "lingering"
  | "shutdown";

export interface TaskEvent {
  readonly task: string;
  readonly seq: number;
  readonly kind: string;
  /** Makes the event idempotent per task; `null` for those that may repeat. */
  readonly key: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface NewEvent {
  readonly kind: string;
  readonly key?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

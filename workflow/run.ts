/**
 * Runs: one agent process each, one attempt of a job, with what it used.
 *
 * Times are integer milliseconds since the epoch, money is integer nano-dollars (1 USD = 1,000,000,000), so that sums
 * are exact (I8). `null` means "not known" or "not yet".
 */

import type { FailureClass } from "./faults.ts";
import type { NewKept } from "./kept.ts";
import type { FoundArtifact } from "./phases/artifact.ts";
import type { AskedForm } from "./phases/question.ts";
import type { RunMove, RunStatus } from "./states.ts";

/** What a run is made of. It stays so, whatever a reload makes of the profile that it was taken from. */
export interface RunPlan {
  readonly backend: string;
  readonly model: string | null;
  readonly effort: string | null;
  /** How long its agent may run, in ms; `null` for runs of versions that did not write it down. */
  readonly timeoutMs: number | null;
  /** Up to which feedback it was told, by number; 0 for none. */
  readonly heard: number;
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

/** The variable that marks every process of a run, and all that they start, however far that has gone. */
export const RUN_MARK = "CHARGEHAND_RUN";

/** The mark as it stands in the environment of a run's processes. */
export function markOf(run: string): string {
  return `${RUN_MARK}=${run}`;
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
  /** Where its work was published, its last commit, and how many files it changes; `null` before anybody has looked. */
  readonly branch: string | null;
  readonly commit: string | null;
  readonly files: number | null;
  /** Why somebody asked the process to stop, from the moment they asked. */
  readonly stop: StopReason | null;
  readonly usage: readonly Usage[];
  readonly claimedAt: number;
  readonly startedAt: number | null;
  readonly activeAt: number | null;
  readonly exitedAt: number | null;
  readonly finishedAt: number | null;
}

/** What was found of an agent's work when it was published; whatever is absent was not looked for. */
export interface Found {
  /** How many files the published commit changes. */
  readonly files?: number;
  /** Further work, pushed to branches of its own. */
  readonly beside?: readonly Pushed[];
  /** What could not be published. */
  readonly kept?: readonly NewKept[];
  /** Refs of work that was kept before, and is part of what is on the remote now. */
  readonly settled?: readonly string[];
  /** What a person should know of it: whole sentences. */
  readonly told?: readonly string[];
  /** How many turns its session has had by now. */
  readonly turns?: number;
  /** What it has left behind for its phase. */
  readonly artifact?: FoundArtifact | null;
}

/** Work on the remote. */
export interface Pushed {
  readonly branch: string;
  readonly commit: string;
  readonly files: number;
}

/** How a run ended. */
export type RunOutcome =
  | ({
      readonly status: "succeeded";
      readonly summary: string | null;
      readonly session: string | null;
      readonly branch: string | null;
      /** The published commit; `null` when the agent changed nothing or nothing is published. */
      readonly commit: string | null;
      /** What its agent has to know from a person before it can go on. */
      readonly asks?: AskedForm;
    } & Found)
  | ({
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
      /** What the next try is told of it, in lines; the reason is one sentence of it. */
      readonly trouble?: string;
      /** A budget was reached that closes more than this job (project, day), so the job needs no hold of its own. */
      readonly passes?: boolean;
    } & Found);

export type StopReason =
  | "cancelled"
  | "paused"
  | "timeout"
  | "stalled"
  | "runaway"
  | "budget"
  | "lingering"
  | "window"
  | "shutdown";

export interface RunChange {
  readonly change: RunMove;
  readonly id: string;
  /** The only status it may be in, where the move could leave several. */
  readonly onlyFrom?: RunStatus;
  readonly failure: FailureClass | null;
  readonly reason: string | null;
  readonly summary: string | null;
  readonly session: string | null;
  /** What was looked up of its work: the branch, its last commit unless there is none, and files that it changes. */
  readonly published?: {
    readonly branch: string;
    readonly commit: string | null;
    readonly files: number | null;
  };
}

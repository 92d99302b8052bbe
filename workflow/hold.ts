/** Holds: recorded reasons why what is queued is not claimable. Nothing waits without one (I7). */

import type { Why } from "./why.ts";

interface HoldRule {
  /** It is told by what the job has kept of its last run, and not by what was written down with the hold. */
  readonly tellsFailure?: true;
  /** On a project, an account or an agent profile it is a notice: somebody has to mend something. */
  readonly wantsPerson?: true;
}

const kinds = {
  /** A try has failed, and the next one waits a little. */
  backoff: { tellsFailure: true },
  /** Another run of the task is still ending. */
  run_ending: {},
  /** Its project is not in the configuration. */
  unconfigured: {},
  /** A limit of its task, its project or the day is used up. */
  budget: {},
  /** An account waits for the reset of its usage limit. */
  cooldown: {},
  /** An account, or an agent profile, does not work until a person has mended it. */
  broken: { wantsPerson: true },
  /** The program of an agent profile is not there. */
  program: { wantsPerson: true },
  /** A person has paused it: the task, its project, or everything. */
  pause: {},
  /** Whoever asked for it wants it to begin later. */
  not_before: {},
  /** Its agent has asked a person something, and goes on with the answer. */
  question: {},
  /** No window of its project is open. */
  window: {},
  /** The runs of a window have crashed too often, which closes it until its next start. */
  crash_limit: {},
  /** A task that it needs is not done. */
  dependency: {},
  /** Tasks of its project go one after another, and it is not its turn. */
  serial: {},
  /** Its repository takes no new work. */
  freeze: {},
  /** Its account has used by now what its pace allows. */
  pace: {},
  /** Its repository says by which workflow it goes, and that was not read yet, or is not to be used. */
  workflow: {},
} as const satisfies Readonly<Record<string, HoldRule>>;

export type HoldKind = keyof typeof kinds;

/** Why something waits. A kind is a line here, and whoever puts the hold gives it reason, remedy and time. */
export const HOLDS: Readonly<Record<HoldKind, HoldRule>> = kinds;

export interface Hold extends Why {
  readonly kind: HoldKind;
  /** When time alone releases it (ms); `null` when a person or another event does. */
  readonly until: number | null;
}

/**
 * What a hold can lie on besides a single job; every job that needs it waits. `all` is every job that there is; on a
 * `repo` it keeps only those that open a task.
 */
export const HOLD_SCOPES = ["project", "account", "agent", "repo", "all"] as const;
export type HoldScope = (typeof HOLD_SCOPES)[number];

/** The subject of a hold on everything. */
export const EVERYTHING = "*";

export interface WideHold extends Hold {
  readonly scope: HoldScope;
  readonly subject: string;
  readonly since: number;
}

/** One to be put; the store knows since when it holds. */
export type NewWideHold = Omit<WideHold, "since">;

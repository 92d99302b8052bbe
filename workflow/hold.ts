/** Holds: recorded reasons why what is queued is not claimable. Nothing waits without one (I7). */

import type { Why } from "./why.ts";

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

export interface Hold extends Why {
  readonly kind: HoldKind;
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

/** One to be put; the store knows since when it holds. */
export type NewWideHold = Omit<WideHold, "since">;

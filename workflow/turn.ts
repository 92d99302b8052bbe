/** Turns: what the program of a run tells of each call of the model, a row each. Not every program tells of any. */

import type { Usage } from "./run.ts";

export const TURN_STATUSES = ["answered", "failed"] as const;
export type TurnStatus = (typeof TURN_STATUSES)[number];

/** A call of the model, as far as its program tells of it. */
export interface ToldTurn {
  readonly usage: Usage;
  readonly status: TurnStatus;
  /** What the service calls it, for whoever asks there. */
  readonly requestId: string | null;
  readonly latencyMs: number | null;
  /** When it had answered (ms). */
  readonly at: number | null;
}

export interface Turn extends ToldTurn {
  /** Per run, from 1, in the order in which they were first told of. */
  readonly number: number;
}

/** Turns to be written down. */
export interface NewTurns {
  /** One with a number that is there already tells more of the same turn. */
  readonly turns: readonly Turn[];
  /** They are all that the run has had, so whatever was written of it before is replaced. */
  readonly areAll: boolean;
}

/** A turn as it was written down: when nobody has told, it was when its line was read. */
export interface KeptTurn extends Turn {
  readonly at: number;
}

/** What a supervisor has stored of a run that goes on: all that a later one needs to go on from there. */

import type { LimitUse } from "../../workflow/pace/period.ts";
import type { Usage } from "../../workflow/run.ts";
import type { NewTurns } from "../../workflow/turn.ts";
import { writeTranscript } from "../transcript.ts";
import { offsetOf, type Tail } from "./tail.ts";

export interface Checkpoint {
  readonly logOffset: number;
  /** For the next supervisor. */
  readonly transcript: string;
  readonly session: string | null;
  readonly model: string | null;
  readonly usage: readonly Usage[];
  readonly limits: readonly LimitUse[];
  /** Since the last checkpoint. */
  readonly turns: NewTurns;
  readonly activeAt: number;
}

export function checkpointOf({
  tail,
  activeAt,
}: {
  readonly tail: Tail;
  readonly activeAt: number;
}): Checkpoint {
  const { session, model, usage, limits, turns } = tail.transcript;
  return {
    logOffset: offsetOf(tail),
    transcript: writeTranscript(tail.transcript),
    session,
    model,
    usage,
    limits,
    turns: { turns: turns.turns, areAll: turns.areAll },
    activeAt,
  };
}

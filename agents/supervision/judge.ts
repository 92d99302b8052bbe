/** Whether a run that lives has to be stopped: pure, over spans of time (DESIGN §5, reaper tiers 3 and 4). */

import {
  FLOOD_BYTES_MAX,
  LINGER_MS,
  LOG_BYTES_MAX,
  LOOP_EVENTS_MAX,
  REPEAT_SHARE_MIN,
  REPEATS_IN_ROW_MAX,
  REPEATS_MAX,
  REPEATS_PACE_MIN,
} from "../../workflow/limits.ts";
import type { StopReason } from "../../workflow/run.ts";
import { latenessOf, type Running } from "./lateness.ts";
import type { Rate } from "./rate.ts";

export interface RunSnapshot extends Running {
  /** It has said its last word. */
  readonly isOver: boolean;
  readonly rate: Rate;
  /** Calls of tools in a row, up to now, that only repeated an earlier one. */
  readonly repeatsInRow: number;
}

export type RunJudgement = "wait" | { readonly stop: StopReason };

export function judgeRun(run: RunSnapshot): RunJudgement {
  // Its work is done and its result is known: from here on it can only linger, and that is no failure.
  if (run.isOver)
    return run.silentMs >= LINGER_MS || run.ranMs >= run.timeoutMs || isFlood(run.rate)
      ? { stop: "lingering" }
      : "wait";
  const late = latenessOf(run);
  if (late?.reason === "timeout") return { stop: "timeout" };
  if (run.rate.idleEvents >= LOOP_EVENTS_MAX || isCircling(run) || isFlood(run.rate))
    return { stop: "runaway" };
  return late === null ? "wait" : { stop: late.reason };
}

/** Fast for a minute, or without end; whoever only waits for something looks after it more rarely. */
function isCircling({ rate: { calls, repeats }, repeatsInRow }: RunSnapshot): boolean {
  const isFast = repeats >= REPEATS_MAX && repeats >= calls * REPEAT_SHARE_MIN;
  return isFast || (repeatsInRow >= REPEATS_IN_ROW_MAX && repeats >= REPEATS_PACE_MIN);
}

function isFlood({ bytes, logBytes }: Rate): boolean {
  return bytes >= FLOOD_BYTES_MAX || logBytes >= LOG_BYTES_MAX;
}

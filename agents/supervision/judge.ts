/** Whether a run that lives has to be stopped: pure, over spans of time (DESIGN §5, reaper tiers 3 and 4). */

import {
  FLOOD_BYTES_MAX,
  LINGER_MS,
  LOG_BYTES_MAX,
  LOOP_EVENTS_MAX,
  SILENCE_IN_TOOL_MS,
  SILENCE_MS,
} from "../../workflow/limits.ts";
import type { StopReason } from "../../workflow/run.ts";
import type { Pace } from "./rate.ts";

export interface RunSnapshot {
  /** Since its real start, whichever daemon started it. */
  readonly ranMs: number;
  readonly timeoutMs: number;
  /** Since its last output. */
  readonly silentMs: number;
  readonly openTools: number;
  /** It has said its last word. */
  readonly isOver: boolean;
  readonly pace: Pace;
}

export type RunJudgement = "wait" | { readonly stop: StopReason };

export function judgeRun(run: RunSnapshot): RunJudgement {
  // Its work is done and its result is known: from here on it can only linger, and that is no failure.
  if (run.isOver)
    return run.silentMs >= LINGER_MS || run.ranMs >= run.timeoutMs || isFlood(run.pace)
      ? { stop: "lingering" }
      : "wait";
  if (run.ranMs >= run.timeoutMs) return { stop: "timeout" };
  if (run.pace.idleEvents >= LOOP_EVENTS_MAX || isFlood(run.pace)) return { stop: "runaway" };
  const patienceMs = run.openTools > 0 ? SILENCE_IN_TOOL_MS : SILENCE_MS;
  return run.silentMs >= patienceMs ? { stop: "stalled" } : "wait";
}

function isFlood({ bytes, logBytes }: Pace): boolean {
  return bytes >= FLOOD_BYTES_MAX || logBytes >= LOG_BYTES_MAX;
}

/**
 * Whether a run that lives is late: the one rule of its supervisor, who stops it then, and of the reaper, who stops it
 * when the supervisor has not (DESIGN §5, reaper tiers 3 and 4). Pure.
 */

import { SILENCE_IN_TOOL_MS, SILENCE_MS } from "../../workflow/limits.ts";

/** Spans in ms. */
export interface Running {
  /** Since its real start, whichever daemon started it. */
  readonly ranMs: number;
  readonly timeoutMs: number;
  /** Since its last output. */
  readonly silentMs: number;
  readonly openTools: number;
}

export interface Lateness {
  readonly reason: "timeout" | "stalled";
  /** For how long it has been late. */
  readonly byMs: number;
}

/** Its time limit comes before its silence. `null`: it is in time. */
export function latenessOf({ ranMs, timeoutMs, silentMs, openTools }: Running): Lateness | null {
  if (ranMs >= timeoutMs) return { reason: "timeout", byMs: ranMs - timeoutMs };
  const patienceMs = openTools > 0 ? SILENCE_IN_TOOL_MS : SILENCE_MS;
  return silentMs >= patienceMs ? { reason: "stalled", byMs: silentMs - patienceMs } : null;
}

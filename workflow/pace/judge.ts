/**
 * Whether something may start by its pace: an amount spread evenly over a stretch of time. Pure.
 *
 * J1. What may be used grows with time from 0 to the ceiling, and is always a twentieth of the stretch ahead. So
 *     something may start at once when a stretch begins, and what a whole stretch allows is free before its last hours.
 * J2. It may start while less is used than may be. What runs is never stopped for its pace: it is overshot by what was
 *     begun before, and the time that this takes is waited for afterwards.
 * J3. Time alone opens it again: when the line comes to what is used, and at the latest when the stretch ends.
 *
 * The unit is the caller's: parts of what a subscription allows, or the money that one night may cost.
 */

import type { Stretch } from "./period.ts";

/** J1, as a part of the stretch. */
export const HEAD_START: number = 1 / 20;
/** Instants are told in whole seconds. */
const SECOND = 1_000;

export interface Spread extends Stretch {
  /** What may be used by the end. */
  readonly ceiling: number;
}

export interface PaceVerdict {
  readonly mayStart: boolean;
  /** When time alone lets something start (ms); `null` while it may. */
  readonly opensAt: number | null;
  /** What may be used by now. */
  readonly allowed: number;
  /** Until when the ceiling lasts if as much is used as until now (ms), at most the end; `null` if nothing was used. */
  readonly lasts: number | null;
}

export function judgePace({ from, until, ceiling }: Spread, used: number, now: number): PaceVerdict {
  const length = until - from;
  const passed = Math.max(0, Math.min(length, now - from));
  const allowed = ceiling * Math.min(1, passed / length + HEAD_START);
  const isOpen = used < allowed;
  const lasts = used <= 0 ? null : Math.min(until, from + Math.round((passed * ceiling) / used));
  return { mayStart: isOpen, opensAt: isOpen ? null : meets(), allowed, lasts };

  function meets(): number {
    if (used >= ceiling) return until;
    const at = from + length * (used / ceiling - HEAD_START);
    return Math.min(until, Math.max(now + 1, Math.ceil((at + 1) / SECOND) * SECOND));
  }
}

/**
 * Pauses: a person lets nothing new begin for a while, of a task, of a project, or of everything. Pure.
 *
 * A pause is independent of every other hold, and nothing but its own end takes it away: an open window, a raised
 * budget or an account that is open again do not. It says who has paused and why, and until when where that was said.
 */

import { EVERYTHING, type Hold, type HoldScope, type NewWideHold } from "../hold.ts";
import type { Task } from "../task.ts";

export interface Pause {
  /** Who has paused. */
  readonly by: string;
  /** Why: one sentence without a full stop; `null` where nobody has said. */
  readonly why: string | null;
  /** When it ends by itself (ms); `null` for when a person resumes. */
  readonly until: number | null;
}

/** What a pause by hand can lie on besides a task. */
export type PauseScope = Extract<HoldScope, "project" | "all">;

export function pauseOfTask(key: string, pause: Pause): Hold {
  return { kind: "pause", reason: tellPause(pause), remedy: howToResume(key), until: pause.until };
}

/** @param subject name of the project; {@link EVERYTHING} for all */
export function widePause(scope: PauseScope, subject: string, pause: Pause): NewWideHold {
  const { until } = pause;
  const remedy = howToResume(subject === EVERYTHING ? "--all" : subject);
  return { scope, subject, kind: "pause", reason: tellPause(pause), remedy, until };
}

/** What keeps the next run of a paused task, while its row alone remembers the pause; `null` of every other task. */
export function stillPaused({ key, status, reason, pausedUntil }: Task): Hold | null {
  if (status !== "paused") return null;
  return { kind: "pause", reason: reason ?? "paused", remedy: howToResume(key), until: pausedUntil };
}

function tellPause({ by, why }: Pause): string {
  return `paused by ${by}${why === null ? "" : `: ${why}`}`;
}

function howToResume(what: string): string {
  return `chargehand resume ${what}`;
}

/**
 * The crash limit of a window: how many runs have crashed in the opening that is on, how long nothing is started after
 * one, and when it is enough. What counts as a crash is a column of the table of faults. Pure.
 */

import type { Notice } from "../outbox.ts";
import { localTime, type Rest } from "./hold.ts";
import type { Opening } from "./judge.ts";
import { concerns, type Override, type Schedule } from "./schedule.ts";

const MINUTE = 60_000;
/** Doubled with every further crash. */
const REST_MS = MINUTE;
const REST_MS_MAX = 30 * MINUTE;

export interface Crash {
  readonly project: string;
  readonly at: number;
}

/** Crashes of the schedule's projects since the opening began, newest last. */
function crashesIn({ schedule, from }: Opening, crashes: readonly Crash[]): readonly number[] {
  return crashes
    .flatMap(({ project, at }) => (at >= from && concerns(schedule, project) ? [at] : []))
    .toSorted((one, other) => one - other);
}

/** The override that closes a window whose limit is reached; `null` while it is not. */
export function crashOverride(
  opening: Opening,
  crashes: readonly Crash[],
  nextStart: number,
  now: number,
): Override | null {
  const { schedule } = opening;
  const count = crashesIn(opening, crashes).length;
  if (schedule.crashLimit === 0 || count < schedule.crashLimit) return null;
  const runs = `${count} ${count === 1 ? "run" : "runs"} crashed`;
  const reason = `${runs} in window ${schedule.name}, which stays closed until ${localTime(nextStart, schedule.timezone)}`;
  const said = { since: now, until: nextStart, by: "the crash limit", reason } as const;
  return { schedule: schedule.name, verdict: "closed", cause: "crash_limit", ...said };
}

/** What a person is told of it. */
export function crashNotice({ schedule: { name, projects } }: Opening, { reason }: Override): Notice {
  const [project = null, ...others] = projects ?? [];
  return {
    kind: "window.closed",
    project: others.length === 0 ? project : null,
    message: `schedule ${name} is closed`,
    reason,
    remedy: `see what crashed: chargehand runs; then open it again: chargehand schedules clear ${name}`,
  };
}

/** Names the opening in the history of its schedule, so that a person is told once. */
export function crashKey({ from }: Opening): string {
  return `crash_limit ${from}`;
}

/** How long nothing is started after the last crash; `null` where none was, or there is no limit to come near. */
export function restAfter(opening: Opening, crashes: readonly Crash[]): Rest | null {
  const { name, crashLimit } = opening.schedule;
  const found = crashesIn(opening, crashes);
  const last = found.at(-1);
  if (last === undefined || crashLimit === 0) return null;
  const until = last + Math.min(REST_MS_MAX, REST_MS * 2 ** (found.length - 1));
  return {
    until,
    reason: `${found.length} of ${crashLimit} crashes in window ${name}, so it rests a little`,
  };
}

/** Whether a schedule watches for crashes at all. */
export function hasLimit({ crashLimit, enabled }: Schedule): boolean {
  return enabled && crashLimit > 0;
}

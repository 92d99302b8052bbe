/**
 * Timelines: when the windows of schedules open, around now. The starts are looked up when `now` has left the span
 * between the two that are known, so croner is asked twice per schedule and day, and never by a claim.
 */

import { judge, type Timeline, type Verdict } from "../workflow/windows/judge.ts";
import { type Override, patternOf, type Schedule } from "../workflow/windows/schedule.ts";
import { firstAfter, lastUpTo, type Pattern } from "./slots.ts";

/** What is known of schedules; the rest of a verdict is time. */
export interface Known {
  readonly schedules: readonly Schedule[];
  /** By name of their schedule; those that have ended may be among them. */
  readonly overrides: ReadonlyMap<string, Override>;
}

export interface Timelines {
  /** Of every schedule that is enabled. */
  of(known: Known, now: number): readonly Timeline[];
}

interface Neighbours {
  /** The last start up to an instant, and the first one after it. */
  readonly last: number | null;
  readonly next: number | null;
}

/** More patterns than anybody has; what is forgotten is looked up again. */
const PATTERNS_MAX = 10_000;
/** How often in a row a verdict is followed to where the next begins: about this many days of windows that touch. */
const STEPS_MAX = 8;

export function createTimelines(): Timelines {
  const found = new Map<string, Neighbours>();
  const around = (pattern: Pattern, now: number): Neighbours => {
    const key = `${pattern.cron} ${pattern.timezone}`;
    const before = found.get(key);
    if (before !== undefined && isBetween(before, now)) return before;
    if (found.size >= PATTERNS_MAX) found.clear();
    const fresh = neighboursOf(pattern, now);
    found.set(key, fresh);
    return fresh;
  };
  return {
    of: ({ schedules, overrides }, now) =>
      schedules
        .filter(({ enabled }) => enabled)
        .map((schedule): Timeline => {
          const pattern = { cron: patternOf(schedule), timezone: schedule.timezone };
          const override = overrides.get(schedule.name);
          const known = [around(pattern, now)];
          if (override !== undefined && now < override.until)
            known.push(neighboursOf(pattern, override.until));
          const starts = new Set(known.flatMap(({ last, next }) => [last ?? [], next ?? []].flat()));
          return { schedule, starts: [...starts].toSorted((one, other) => one - other) };
        }),
  };
}

function neighboursOf(pattern: Pattern, at: number): Neighbours {
  return { last: lastUpTo(pattern, at), next: firstAfter(pattern, at) };
}

function isBetween({ last, next }: Neighbours, now: number): boolean {
  return (last === null || last <= now) && (next === null || now < next);
}

/**
 * When a project that is open closes, over all windows that follow one another without a break; `null` when they go on
 * for longer than a week.
 */
export function closesAt(
  timelines: Timelines,
  known: Known,
  project: string,
  verdict: Extract<Verdict, { kind: "open" }>,
): number | null {
  let { until } = verdict;
  for (let step = 0; step < STEPS_MAX; step++) {
    const overrides = known.overrides;
    const then = judge({
      project,
      concurrency: 1,
      timelines: timelines.of(known, until),
      overrides,
      now: until,
    });
    if (then.kind !== "open") return until;
    until = then.until;
  }
  return null;
}

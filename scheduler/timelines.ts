/**
 * Timelines: when the windows of schedules open, around now. The starts are looked up when `now` has left the span
 * between the two that are known, so croner is asked twice per schedule and day, and never by a claim.
 */

import { judge, type Timeline, type Verdict } from "../workflow/windows/judge.ts";
import { type Override, patternOf, type Schedule } from "../workflow/windows/schedule.ts";
import { type Neighbours, neighboursOf, type Pattern } from "./slots.ts";

/** What is known of schedules; the rest of a verdict is time. */
export interface Known {
  readonly schedules: readonly Schedule[];
  /** By name of their schedule; those that have ended may be among them. */
  readonly overrides: ReadonlyMap<string, Override>;
}

export interface Timelines {
  /**
   * Looks up what {@link of} would have to, a few starts at a time, with a `turn` for everybody else in between: to ask
   * for those of a thousand schedules takes a fifth of a second. True when others had one.
   */
  prepare(schedules: readonly Schedule[], now: number, turn: () => Promise<void>): Promise<boolean>;
  /** Of every schedule that is enabled. */
  of(known: Known, now: number): readonly Timeline[];
}

/** More patterns than anybody has; what is forgotten is looked up again. */
const PATTERNS_MAX = 10_000;
/** Schedules that are looked up in one turn: some milliseconds. */
const TURN_SCHEDULES = 25;
/** How often in a row a verdict is followed to where the next begins: about this many days of windows that touch. */
const STEPS_MAX = 8;

/** What is asked of croner for a schedule, and by what it is remembered. */
interface Asked extends Pattern {
  readonly key: string;
}

/** The answer, and its starts in order. */
interface Found extends Neighbours {
  readonly starts: readonly number[];
}

export function createTimelines(): Timelines {
  const asked = new WeakMap<Schedule, Asked>();
  const found = new Map<string, Found>();
  const askedOf = (schedule: Schedule): Asked => {
    const before = asked.get(schedule);
    if (before !== undefined) return before;
    const { timezone } = schedule;
    const cron = patternOf(schedule);
    const fresh = { cron, timezone, key: `${cron} ${timezone}` };
    asked.set(schedule, fresh);
    return fresh;
  };
  const known = ({ key }: Asked, now: number): Found | null => {
    const before = found.get(key);
    return before !== undefined && isBetween(before, now) ? before : null;
  };
  const around = (pattern: Asked, now: number): Found => {
    const before = known(pattern, now);
    if (before !== null) return before;
    if (found.size >= PATTERNS_MAX) found.clear();
    const fresh = foundAt(pattern, now);
    found.set(pattern.key, fresh);
    return fresh;
  };
  return {
    async prepare(schedules, now, turn): Promise<boolean> {
      let lookedUp = 0;
      for (const schedule of schedules) {
        if (!schedule.enabled || known(askedOf(schedule), now) !== null) continue;
        around(askedOf(schedule), now);
        lookedUp += 1;
        if (lookedUp % TURN_SCHEDULES === 0) await turn();
      }
      return lookedUp >= TURN_SCHEDULES;
    },
    of: ({ schedules, overrides }, now) =>
      schedules
        .filter(({ enabled }) => enabled)
        .map((schedule): Timeline => {
          const pattern = askedOf(schedule);
          const { starts } = around(pattern, now);
          const override = overrides.get(schedule.name);
          if (override === undefined || now >= override.until) return { schedule, starts };
          const all = new Set([...starts, ...foundAt(pattern, override.until).starts]);
          return { schedule, starts: [...all].toSorted((one, other) => one - other) };
        }),
  };
}

function foundAt(pattern: Pattern, at: number): Found {
  const { last, next } = neighboursOf(pattern, at);
  return { last, next, starts: [last ?? [], next ?? []].flat() };
}

/** Those that concern each of some projects, in their order, so that not every project looks at every schedule. */
export function byProject(
  timelines: readonly Timeline[],
  projects: Iterable<string>,
): ReadonlyMap<string, readonly Timeline[]> {
  const found = new Map([...projects].map((name): [string, Timeline[]] => [name, []]));
  for (const line of timelines)
    for (const name of line.schedule.projects ?? found.keys()) found.get(name)?.push(line);
  return found;
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

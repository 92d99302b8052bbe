/**
 * Whether a project is open, until when, when it opens next, and how work is done meanwhile. Pure: everything comes as
 * numbers, and the starts of windows are found by who asks (`scheduler/slots.ts`).
 *
 * J1. A project is open while any window of its schedules is, and always when it has no schedule.
 * J2. An override takes the place of its schedule's own times until it ends, and of no other schedule's.
 * J3. Of several open windows the largest concurrency counts, and the settings of the one that opened last.
 * J4. A stretch is as long as nothing changes: neither open or closed, nor concurrency, nor settings. Before and after
 *     it nothing is known, so whoever goes by it needs no timer that is on time.
 */

import { concerns, type Override, type Schedule } from "./schedule.ts";

/**
 * A schedule with instants at which its windows open, in order: the last one up to now and the first one later, and the
 * same two for the end of its override.
 */
export interface Timeline {
  readonly schedule: Schedule;
  readonly starts: readonly number[];
}

/** A window, or what an override makes of it; open from `from` until just before `until`. */
export interface Opening {
  readonly from: number;
  readonly until: number;
  readonly schedule: Schedule;
  readonly override: Override | null;
}

export interface Stretch {
  readonly from: number;
  readonly until: number;
  /** Agents at work on the project. */
  readonly concurrency: number;
  /** The opening whose settings count. */
  readonly by: Opening;
}

export type Verdict =
  /** It has no schedule. */
  | { readonly kind: "always" }
  | {
      readonly kind: "open";
      readonly stretch: Stretch;
      /** When it closes, so far as the timelines reach (ms). */
      readonly until: number;
    }
  | {
      readonly kind: "closed";
      /** The next stretch in which it is open; `null` when none is known. */
      readonly next: Stretch | null;
      /** The opening that ended last, so far as the timelines reach. */
      readonly last: Opening | null;
      /** The overrides without which it would be open. */
      readonly overrides: readonly Override[];
    };

interface Asked {
  readonly project: string;
  /** Agents at work on it where no window says otherwise. */
  readonly concurrency: number;
  readonly timelines: readonly Timeline[];
  /** By name of their schedule. */
  readonly overrides: ReadonlyMap<string, Override>;
  /** Calendar time, ms. */
  readonly now: number;
}

export function judge(asked: Asked): Verdict {
  const { project, timelines, overrides, now, concurrency } = asked;
  const own = timelines.filter(({ schedule }) => concerns(schedule, project));
  if (own.length === 0) return { kind: "always" };
  const openings = own.flatMap((line) => openingsOf(line, overrides.get(line.schedule.name), now));
  // Before the end of an override it was another stretch, to which a clock may be set back (J4).
  const over = own.flatMap(({ schedule: { name } }) => overrides.get(name)?.until ?? []);
  const stretch = stretchAt(openings, now, concurrency, over);
  if (stretch !== null) return { kind: "open", stretch, until: endOf(openings, now) };
  const opens = Math.min(...openings.flatMap(({ from }) => (from > now ? [from] : [])));
  const ended = openings.filter(({ until }) => until <= now);
  const closing = own.flatMap(({ schedule, starts }) => {
    const override = overrides.get(schedule.name);
    const isOpen = starts.some((start) => start <= now && now < start + schedule.durationMs);
    return override !== undefined && isActive(override, now) && isOpen ? [override] : [];
  });
  return {
    kind: "closed",
    next: Number.isFinite(opens) ? stretchAt(openings, opens, concurrency) : null,
    last: ended.toSorted((one, other) => one.until - other.until).at(-1) ?? null,
    overrides: closing,
  };
}

/** The windows of one schedule with what its override makes of them (J2). */
export function openingsOf(
  { schedule, starts }: Timeline,
  override: Override | undefined,
  now: number,
): readonly Opening[] {
  const windows = starts.map(
    (from): Opening => ({ from, until: from + schedule.durationMs, schedule, override: null }),
  );
  if (override === undefined || !isActive(override, now)) return windows;
  const { verdict, until } = override;
  // What a person has closed has ended when they said so, or before, where the clock was set back since.
  const since = Math.min(override.since, now);
  const before = windows.flatMap((window) =>
    window.from < since ? [{ ...window, until: Math.min(window.until, since) }] : [],
  );
  const after = windows.flatMap((window) =>
    window.until > until ? [{ ...window, from: Math.max(window.from, until) }] : [],
  );
  return verdict === "open"
    ? [...before, { from: since, until, schedule, override }, ...after]
    : [...before, ...after];
}

function isActive({ until }: Override, now: number): boolean {
  return now < until;
}

/** `null` where nothing is open. */
function stretchAt(
  openings: readonly Opening[],
  at: number,
  own: number,
  over: readonly number[] = [],
): Stretch | null {
  const open = openings.filter(({ from, until }) => from <= at && at < until);
  const [first, ...others] = open;
  if (first === undefined) return null;
  const edges = [...openings.flatMap(({ from, until }) => [from, until]), ...over];
  return {
    from: Math.max(...edges.filter((edge) => edge <= at)),
    until: Math.min(...edges.filter((edge) => edge > at)),
    concurrency: Math.max(...open.map(({ schedule }) => schedule.concurrency ?? own)),
    by: others.reduce((last, opening) => (opening.from >= last.from ? opening : last), first),
  };
}

/** When the openings that hold at an instant, and those that they lead into, are over. */
function endOf(openings: readonly Opening[], at: number): number {
  let end = at;
  for (const { from, until } of openings.toSorted((one, other) => one.from - other.from))
    if (from <= end) end = Math.max(end, until);
  return end;
}

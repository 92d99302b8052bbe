/**
 * When a window opens, worked out slowly and without what the product uses: from the offsets of a zone, of which the
 * transitions are found by bisection, and by walking minute by minute over the local clock.
 */

import { WEEKDAYS, type Weekday } from "../../workflow/windows/schedule.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
export const DAY = 86_400_000;

export interface Transition {
  readonly at: number;
  /** Minutes east of UTC before it and from it on. */
  readonly before: number;
  readonly after: number;
}

export interface Zone {
  readonly name: string;
  readonly first: number;
  readonly transitions: readonly Transition[];
}

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** Minutes east of UTC, of whole minutes. */
export function offsetAt(zone: string, at: number): number {
  let format = FORMATS.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit" },
    });
    FORMATS.set(zone, format);
  }
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0] = (format.format(at).match(/\d+/g) ?? []).map(
    Number,
  );
  const whole = Math.floor(at / MINUTE) * MINUTE;
  return (Date.UTC(year, month - 1, day, hour, minute) - whole) / MINUTE;
}

/** Every change of the clock between two instants; none lasts for less than six hours. */
export function readZone(name: string, from: number, to: number): Zone {
  const transitions: Transition[] = [];
  const first = offsetAt(name, from);
  let before = first;
  for (let at = from; at < to; at += DAY / 2) {
    const next = at + DAY / 2;
    const after = offsetAt(name, next);
    if (after === before) continue;
    let [low, high] = [at, next];
    while (high - low > MINUTE) {
      const middle = Math.floor((low + high) / 2 / MINUTE) * MINUTE;
      if (offsetAt(name, middle) === before) low = middle;
      else high = middle;
    }
    transitions.push({ at: high, before, after });
    before = after;
  }
  return { name, first, transitions };
}

function offsetOf({ first, transitions }: Zone, at: number): number {
  return transitions.findLast((transition) => transition.at <= at)?.after ?? first;
}

export interface Times {
  /** Minutes after midnight. */
  readonly start: number;
  readonly days: readonly Weekday[];
}

function isOn(days: readonly Weekday[], localDay: number): boolean {
  // Day 0 was a Thursday.
  return days.includes(WEEKDAYS[(((localDay + 3) % 7) + 7) % 7] ?? "mon");
}

/** The starts of a window on the local days around an instant, by the rule, from the table of transitions. */
export function startsAround(
  zone: Zone,
  { start, days }: Times,
  now: number,
  reach: number,
): readonly number[] {
  const today = Math.floor((now + offsetOf(zone, now) * MINUTE) / DAY);
  const near = zone.transitions.filter(({ at }) => Math.abs(at - now) < (reach + 3) * DAY);
  const offsets = new Set([offsetOf(zone, now), ...near.flatMap(({ before, after }) => [before, after])]);
  const starts = new Set<number>();
  for (let day = today - reach; day <= today + reach; day++) {
    if (!isOn(days, day)) continue;
    const wall = day * DAY + start * MINUTE;
    const valid = [...offsets]
      .map((offset) => wall - offset * MINUTE)
      .filter((at) => at + offsetOf(zone, at) * MINUTE === wall);
    if (valid.length > 0) {
      starts.add(Math.min(...valid));
      continue;
    }
    const gap = near.find(
      ({ at, before, after }) => at + before * MINUTE <= wall && wall < at + after * MINUTE,
    );
    // A gap that ends at midnight leaves nothing of the day.
    if (gap !== undefined && Math.floor((gap.at + gap.after * MINUTE) / DAY) === day) starts.add(gap.at);
  }
  return [...starts].toSorted((one, other) => one - other);
}

/** The same by looking at the local clock of every minute between two instants. */
export function startsByWalking(zone: string, from: number, to: number): (times: Times) => readonly number[] {
  const minutes: { readonly at: number; readonly day: number; readonly minute: number }[] = [];
  for (let at = from; at <= to; at += MINUTE) {
    const wall = at + offsetAt(zone, at) * MINUTE;
    const day = Math.floor(wall / DAY);
    minutes.push({ at, day, minute: (wall - day * DAY) / MINUTE });
  }
  return ({ start, days }) => {
    const found = new Map<number, number>();
    for (const [index, { at, day, minute }] of minutes.entries()) {
      if (index === 0 || found.has(day) || !isOn(days, day)) continue;
      const last = minutes[index - 1];
      const isLeapt =
        last?.day === day ? last.minute < start && minute > start : minute > start && last !== undefined;
      if (minute === start || isLeapt) found.set(day, at);
    }
    return [...found.values()];
  };
}

export function hours(count: number): number {
  return count * HOUR;
}

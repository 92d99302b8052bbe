/**
 * Slots: the instants at which a pattern falls due in a time zone. The only place that asks croner.
 *
 * S1. A time of the day that the clock leaps over is the first valid instant of the same local day; one that comes
 *     twice is the first. A leap that ends at midnight leaves no instant of that day, and the slot is dropped (of all
 *     zones only America/Nuuk and America/Scoresbysund do so, on one night of the year, from 23:00 on).
 * S2. This holds for times and lists of times; stars and steps follow real time: they skip what is leapt over, and come
 *     in both passes of an hour that comes twice.
 * S3. What croner holds of a pattern weighs 80 KiB, so it is shared by pattern and zone, and only the ones that were
 *     asked last are kept. Whoever goes through very many patterns, each once, keeps none: of those that grow old
 *     before they are pushed out, a thousand leave the process 80 MB larger.
 * S4. No timer, no callback, and never its `match`, which disagrees with its own slots when the clock is changed.
 */

import { Cron } from "croner";

/** Instants of a day or a week by the clock of a place. */
export interface Pattern {
  /** Five fields of cron: minute, hour, day, month, day of the week. */
  readonly cron: string;
  /** A good zone (`system/time-zone.ts`). */
  readonly timezone: string;
}

/** What croner holds of so many patterns is 5 MB; making one anew takes 0.04 ms. */
const KEPT_MAX = 64;
/** More than anybody writes, and little to show in a message. */
const PATTERN_LENGTH_MAX = 120;
const NICKNAMES: readonly string[] = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];
/** In the order of their last use. */
const kept = new Map<string, Cron>();

/** The slots on both sides of an instant; `null` where there is none. */
export interface Neighbours {
  /** The last one up to it. */
  readonly last: number | null;
  /** The first one after it. */
  readonly next: number | null;
}

/** What lies around an instant (ms), for whoever remembers the answer (S3). @throws when the pattern is none */
export function neighboursOf(pattern: Pattern, at: number): Neighbours {
  const cron = kept.get(keyOf(pattern)) ?? madeOf(pattern);
  return { last: lastOf(cron, at), next: nextOf(cron, at) };
}

/** The first slot after an instant (ms); `null` when none comes any more. @throws when the pattern is none */
export function firstAfter(pattern: Pattern, at: number): number | null {
  return nextOf(cronOf(pattern), at);
}

/** The last slot up to an instant (ms), that instant included; `null` when there was none. */
export function lastUpTo(pattern: Pattern, at: number): number | null {
  return lastOf(cronOf(pattern), at);
}

/** The next slots after an instant (ms), at most `count`. */
export function nextN(pattern: Pattern, at: number, count: number): readonly number[] {
  return cronOf(pattern)
    .nextRuns(count, new Date(at))
    .map((slot) => slot.getTime());
}

/**
 * Why a pattern cannot be followed, as the rest of a sentence that begins with it; `null` when it can.
 *
 * @param now calendar time (ms), after which at least one slot must come
 */
export function patternTrouble({ cron, timezone }: Pattern, now: number): string | null {
  if (cron.length > PATTERN_LENGTH_MAX) return `is longer than ${PATTERN_LENGTH_MAX} characters`;
  const fields = cron.trim().split(/\s+/);
  if (cron.includes("@") && !NICKNAMES.includes(cron.trim().toLowerCase()))
    return `is no pattern of cron; of those with an @ there are ${NICKNAMES.join(", ")}`;
  if (fields.length > 5) return "has more than five fields; seconds and years are not understood";
  // Croner takes a date for a pattern that falls due once.
  if (fields.length < 5 && !cron.trim().startsWith("@"))
    return /\d{4}-\d/.test(cron)
      ? "is a date; a pattern comes again, and has five fields, such as 0 3 * * 1-5"
      : "has fewer than five fields: minute, hour, day, month, day of the week";
  try {
    const first = firstAfter({ cron, timezone }, now);
    return first === null ? "never falls due: there is no such day" : null;
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    return `is no pattern of cron: ${reworded(error.message)}`;
  }
}

/** Croner counts days and months from zero when it complains. */
function reworded(message: string): string {
  const said = message.replace(/^CronPattern: /, "");
  const counted = /^Invalid value for (day|month): (-?\d+)$/.exec(said);
  return counted === null ? said : `Invalid value for ${counted[1]}: ${Number(counted[2]) + 1}`;
}

function nextOf(cron: Cron, at: number): number | null {
  return cron.nextRun(new Date(at))?.getTime() ?? null;
}

function lastOf(cron: Cron, at: number): number | null {
  const [slot] = cron.previousRuns(1, new Date(at + 1));
  return slot?.getTime() ?? null;
}

function keyOf({ cron, timezone }: Pattern): string {
  return `${cron} ${timezone}`;
}

function madeOf({ cron, timezone }: Pattern): Cron {
  return new Cron(cron, { timezone, mode: "5-part", fixedTimeRule: "no-wildcard" });
}

function cronOf(pattern: Pattern): Cron {
  const key = keyOf(pattern);
  const made = kept.get(key) ?? madeOf(pattern);
  kept.delete(key);
  kept.set(key, made);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  return made;
}

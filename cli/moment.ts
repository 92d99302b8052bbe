/**
 * Times and spans as people type them: `22:00`, `2026-12-01 07:00`, `3h`. What names no zone is meant in the one of
 * this terminal, so the daemon is told the instant, and people are shown what was understood.
 */

import { InvalidArgumentError } from "commander";
import { MOMENT_AHEAD_MAX_MS } from "../workflow/limits.ts";

const DAY_MS = 86_400_000;
const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z|[+-]\d{2}:\d{2})?)?$/;
const SPAN = /^(?:(\d{1,4})w)?(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$/;
const UNITS_MS = [7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1_000];

const TIMES = "It must be a time such as 22:00 or 2026-12-01 07:00 (with Z or +01:00 for another zone).";
const SPANS = "It must be a span such as 90s, 45m, 3h, 2d or 1h30m.";

/**
 * A parser of arguments for commander: the next such moment.
 *
 * @param now ms, when it is asked
 * @returns a parser whose result is an instant of the API
 */
export function timeAhead(now: () => number): (text: string) => string {
  return (text) => ahead(instant(text.trim(), now()), now());
}

/** The same for a span from now on. */
export function spanAhead(now: () => number): (text: string) => string {
  return (text) => ahead(now() + spanOf(text.trim()), now());
}

/** A time of the day as it is, such as `07:00`: by whose clock it is, the daemon knows. */
export function clockText(text: string): string {
  const [, hour, minute] = CLOCK.exec(text.trim()) ?? [];
  if (hour !== undefined) return `${hour.padStart(2, "0")}:${minute}`;
  throw new InvalidArgumentError("It must be a time of the day from 00:00 to 23:59.");
}

/** The same, or the moment that is named with its date. */
export function clockOrTimeAhead(now: () => number): (text: string) => string {
  return (text) => (CLOCK.test(text.trim()) ? clockText(text) : timeAhead(now)(text));
}

/** A span as the API takes it. */
export function spanText(text: string): string {
  return `${spanOf(text.trim())}ms`;
}

/** `2026-12-01 07:00` in the zone of this terminal. */
export function localTime(iso: string): string {
  const at = new Date(iso);
  const [year, month, day] = [at.getFullYear(), at.getMonth() + 1, at.getDate()];
  return `${year}-${two(month)}-${two(day)} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function ahead(at: number, now: number): string {
  if (at <= now) throw new InvalidArgumentError(`It is over: it is ${localTime(iso(now))} now.`);
  if (at - now > MOMENT_AHEAD_MAX_MS)
    throw new InvalidArgumentError(`It is more than ${MOMENT_AHEAD_MAX_MS / DAY_MS} days away.`);
  return iso(at);
}

function instant(text: string, now: number): number {
  const clock = CLOCK.exec(text);
  if (clock !== null) return nextAt(Number(clock[1]), Number(clock[2]), now);
  const date = DATE.exec(text);
  if (date === null) throw new InvalidArgumentError(TIMES);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = date
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  // The days of a month are those of UTC, where every day has all its hours.
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day || month < 1 || month > 12)
    throw new InvalidArgumentError(`There is no such day. ${TIMES}`);
  const zone = date[7];
  if (zone === undefined) return new Date(year, month - 1, day, hour, minute, second).getTime();
  const at = Date.parse(`${text.slice(0, 10)}T${two(hour)}:${two(minute)}:${two(second)}${zone}`);
  if (Number.isNaN(at)) throw new InvalidArgumentError(TIMES);
  return at;
}

/** Today, or tomorrow where that has been. */
function nextAt(hour: number, minute: number, now: number): number {
  const today = new Date(now);
  const on = (days: number): number =>
    new Date(today.getFullYear(), today.getMonth(), today.getDate() + days, hour, minute).getTime();
  return on(0) > now ? on(0) : on(1);
}

function spanOf(text: string): number {
  const found = text === "" ? null : SPAN.exec(text);
  if (found === null) throw new InvalidArgumentError(SPANS);
  return UNITS_MS.reduce((sum, unit, index) => sum + Number(found[index + 1] ?? 0) * unit, 0);
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

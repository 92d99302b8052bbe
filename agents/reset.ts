/**
 * Waiting times out of the sentences of an agent program: "try again in 2h5m", "resets Nov 23, 5:11am (UTC)".
 *
 * T1. It is the last resort: a moment or a number of seconds in a field is better, and is read by whoever has it.
 * T2. Only a program's own report of an error comes here, never what a model wrote or a tool printed (I13).
 * T3. A moment is what the text says, even where that has just passed; the caller clamps. A time of day that passed
 *     longer ago is tomorrow's, and a day that passed a month ago is next year's.
 * T4. Without a zone UTC is meant: agents run with `TZ=UTC`. A zone that nobody knows makes the whole unknown.
 */

import type { FailureClass } from "../workflow/faults.ts";
import { FAULTS } from "../workflow/faults.ts";
import type { Terminal } from "./terminal.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|millis)/i, 1],
  [/^d/i, DAY],
  [/^h/i, HOUR],
  [/^m/i, MINUTE],
  [/^s/i, SECOND],
];

const UNIT =
  "(?:ms|milliseconds?|d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)(?![a-z])(?:,? and |,)?";
const PART = `\\d{1,9}(?:\\.\\d{1,9})?\\s?${UNIT}`;
const SPAN = new RegExp(
  `\\b(?:retry(?:ing)?|again|resets?|wait)\\s+(?:in|after|for)\\s+((?:${PART}\\s?){1,6})`,
  "i",
);

/** The span that a text asks to wait, in ms; `null` when it names none. */
export function waitIn(text: string): number | null {
  const [, span] = SPAN.exec(text) ?? [];
  if (span === undefined) return null;
  const parts = [...span.matchAll(/(\d+(?:\.\d+)?)\s?([a-z]+)/gi)];
  return Math.round(parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs(unit ?? ""), 0));
}

function unitMs(unit: string): number {
  return UNITS.find(([name]) => name.test(unit))?.[1] ?? 0;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/** Month, day and year, all or none of them or without the year; hour, minute, half of the day; zone. */
const CLOCK = new RegExp(
  "\\b(?:resets?|again)\\s+(?:at\\s+|on\\s+)?" +
    `(?:(${MONTHS.join("|")})[a-z]*\\.?\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(?:(\\d{4}),?\\s+)?(?:at\\s+)?)?` +
    "(\\d{1,2})(?::(\\d{2}))?\\s?(?:([ap])\\.?m\\b\\.?)?(?:\\s?\\(([^)]{1,40})\\))?",
  "i",
);

/** A clock that shows minutes is up to one behind, and the program took its time to end. */
const JUST_PASSED_MS = 5 * MINUTE;

/**
 * The moment (ms) at which a text says that a limit resets, as a span or as a time; `null` when it says nothing.
 *
 * @param now when the text was written (ms)
 */
export function resetIn(text: string, now: number): number | null {
  const wait = waitIn(text);
  return wait === null ? clockIn(text, now) : now + wait;
}

/** What a text asks to wait, in ms, where its failure is one of those that a wait is asked for; else 0. */
export function waitAsked(failure: FailureClass, text: string): number {
  return FAULTS[failure].namesWait === true ? (waitIn(text) ?? 0) : 0;
}

/** A usage limit whose reset is told in words only, with the moment they mean. */
export function withReset(terminal: Terminal, now: number): Terminal {
  if (terminal.ok || terminal.resetAt !== null) return terminal;
  if (FAULTS[terminal.failure].closes !== "account_until_reset") return terminal;
  return { ...terminal, resetAt: resetIn(terminal.reason, now) };
}

function clockIn(text: string, now: number): number | null {
  const [, month, day, year, hour, minute, half, zone = "UTC"] = CLOCK.exec(text) ?? [];
  const minutes = minutesOf(hour, minute, half);
  const today = wallClock(now, zone);
  if (minutes === null || today === null) return null;
  const at = (years: number, months: number, days: number): number =>
    momentOf(Date.UTC(years, months, days, 0, minutes), zone);
  const shown = new Date(today);
  if (month === undefined) {
    const [years, months, days] = [shown.getUTCFullYear(), shown.getUTCMonth(), shown.getUTCDate()];
    const soon = at(years, months, days);
    return soon >= now - JUST_PASSED_MS ? soon : at(years, months, days + 1);
  }
  const months = MONTHS.indexOf(month.toLowerCase());
  if (year !== undefined) return at(Number(year), months, Number(day));
  const soon = at(shown.getUTCFullYear(), months, Number(day));
  return soon >= now - 31 * DAY ? soon : at(shown.getUTCFullYear() + 1, months, Number(day));
}

/** Minutes since midnight. A lone number without "am" or "pm" is no time. */
function minutesOf(
  hour: string | undefined,
  minute: string | undefined,
  half: string | undefined,
): number | null {
  if (hour === undefined || (minute === undefined && half === undefined)) return null;
  const hours = Number(hour);
  const minutes = Number(minute ?? 0);
  if (minutes > 59 || hours > (half === undefined ? 23 : 12)) return null;
  if (half === undefined) return hours * 60 + minutes;
  return ((hours % 12) + (half.toLowerCase() === "p" ? 12 : 0)) * 60 + minutes;
}

/** What a clock on the wall of this zone shows at a moment, as if it were UTC (ms); `null` for an unknown zone. */
function wallClock(moment: number, zone: string): number | null {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { ...FIGURES, timeZone: zone }).formatToParts(moment);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

const FIGURES = {
  ...({ year: "numeric", month: "numeric", day: "numeric" } as const),
  ...({ hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" } as const),
};

/** The moment at which the wall shows this. Where it does so never or twice, an hour is nobody's loss. */
function momentOf(wall: number, zone: string): number {
  const guess = wall - ((wallClock(wall, zone) ?? wall) - wall);
  return guess - ((wallClock(guess, zone) ?? wall) - wall);
}

/**
 * A week of windows as a drawing: a row a day, by the clock of a zone, half an hour a column, 80 columns at most. Pure.
 *
 * W1. Open windows that overlap are one: a column says whether anything is open, and its halves do so for a quarter.
 * W2. A time that the clock leaps over is crossed out. One that comes twice is open where one of the two is. Below the
 *     rows stands what the clock does, and when.
 */

import { dateText, instantsOf, type Offsets, offsetsOf, timeText, wallOf } from "./zone.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const QUARTER = 15 * MINUTE;
const HALF_HOUR = 2 * QUARTER;
const COLUMNS = 48;
const DAYS = [0, 1, 2, 3, 4, 5, 6];
/** Before the columns: `Mon 2027-03-22` and two blanks. */
const MARGIN = " ".repeat(16);
/** Every third hour, above the column that begins with it. */
const HOURS = ["00", "03", "06", "09", "12", "15", "18", "21", "24"].map((hour) => hour.padEnd(6)).join("");
const TOLD_MAX = 6;

export interface WeekSpan {
  /** ms; open from here until just before `until`. */
  readonly from: number;
  readonly until: number;
}

export interface Week {
  readonly timezone: string;
  /** The Monday, as midnight UTC of the same date (ms). */
  readonly monday: number;
  /** Whose windows they are, for the line above them. */
  readonly names: readonly string[];
  readonly spans: readonly WeekSpan[];
  readonly now: number;
}

/** Lines of the drawing, each with a line feed. */
export function drawWeek({ timezone, monday, names, spans, now }: Week): string {
  const offset = offsetsOf(timezone);
  const days = DAYS.map((day) => monday + day * DAY);
  const changes = days.flatMap((midnight) => changesOn(midnight, offset));
  const rows = days.map((midnight) => {
    const cells = cellsOf(midnight, offset, spans, now).join("");
    const mark = changes.some((change) => change.midnight === midnight) ? " *" : "";
    return `${dateText(midnight)}  ${cells}${mark}`;
  });
  const drawn = rows.join("");
  const legend = LEGEND.filter(([sign, , always]) => always === true || drawn.includes(sign)).map(
    ([sign, meaning]) => `${sign} ${meaning}`,
  );
  return [
    `Week ${weekOf(monday)}, by the clock of ${timezone}`,
    ...(names.length === 0 ? [] : [namesText(names)]),
    "",
    `${MARGIN}${HOURS}`.trimEnd(),
    ...rows,
    "",
    legend.join("  "),
    ...changes.map(({ text }) => `* ${text}`),
    "",
  ].join("\n");
}

/** Sign, meaning, and whether it is explained where it is not drawn. */
const LEGEND: readonly (readonly [sign: string, meaning: string, always?: true])[] = [
  ["█", "open", true],
  ["·", "closed", true],
  ["▐", "opens"],
  ["▌", "closes"],
  ["x", "no such time"],
  ["◆", "now, open"],
  ["◇", "now, closed"],
];

function namesText(names: readonly string[]): string {
  const told = names.slice(0, TOLD_MAX).join(", ");
  return names.length > TOLD_MAX ? `${told} and ${names.length - TOLD_MAX} more` : told;
}

function cellsOf(
  midnight: number,
  offset: Offsets,
  spans: readonly WeekSpan[],
  now: number,
): readonly string[] {
  const isOpen = (instants: readonly number[]): boolean =>
    instants.some((at) => spans.some(({ from, until }) => from < at + QUARTER && until > at));
  return Array.from({ length: COLUMNS }, (_, column) => {
    const wall = midnight + column * HALF_HOUR;
    const [first, second] = [instantsOf(wall, offset), instantsOf(wall + QUARTER, offset)];
    const instants = [...first, ...second];
    if (instants.length === 0) return "x";
    const [begins, ends] = [isOpen(first), isOpen(second)];
    const quarter = instants.find((at) => at <= now && now < at + QUARTER);
    if (quarter !== undefined) return spans.some(({ from, until }) => from <= now && now < until) ? "◆" : "◇";
    if (begins && ends) return "█";
    return begins ? "▌" : ends ? "▐" : "·";
  });
}

/** The Monday of a week such as `2027-W13`, or of the one in which an instant lies; `null` for what is no week. */
export function mondayOf(week: string | undefined, now: number, timezone: string): number | null {
  if (week === undefined) {
    const today = Math.floor(wallOf(now, offsetsOf(timezone)) / DAY);
    // Day 0 was a Thursday.
    return (today - ((today + 3) % 7)) * DAY;
  }
  const [, year = "", number = ""] = /^(\d{4})-W(\d{2})$/i.exec(week) ?? [];
  // There was no UTC, and no such calendar, before.
  if (Number(year) < 1_970 || Number(number) < 1) return null;
  const monday = firstMonday(Number(year)) + (Number(number) - 1) * 7 * DAY;
  return yearOf(monday) === Number(year) ? monday : null;
}

/** `2027-W13`: the opposite. */
function weekOf(monday: number): string {
  const year = yearOf(monday);
  return `${year}-W${String((monday - firstMonday(year)) / (7 * DAY) + 1).padStart(2, "0")}`;
}

/** Of the year's first week, in which its fourth of January is. */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4) / DAY;
  return (fourth - ((fourth + 3) % 7)) * DAY;
}

/** A week is of the year that has its Thursday. */
function yearOf(monday: number): number {
  return new Date(monday + 3 * DAY).getUTCFullYear();
}

/** The instants of a week in a zone, from its Monday's first to the next. */
export function spanOf(monday: number, timezone: string): WeekSpan {
  const offset = offsetsOf(timezone);
  return { from: firstOf(monday, offset), until: firstOf(monday + 7 * DAY, offset) };
}

/** The first instant of a local day, or of the one after where the clock leaps over it. */
function firstOf(midnight: number, offset: Offsets): number {
  for (let wall = midnight; ; wall += QUARTER) {
    const [first] = instantsOf(wall, offset);
    if (first !== undefined) return first;
  }
}

interface Change {
  /** Of the local day that it belongs to. */
  readonly midnight: number;
  readonly text: string;
}

/** What the clock does on a local day. */
function changesOn(midnight: number, offset: Offsets): readonly Change[] {
  const [last, next] = [firstOf(midnight, offset) - 1, firstOf(midnight + DAY, offset) - 1];
  if (offset(last) === offset(next)) return [];
  let [before, after] = [last, next];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offset(middle) === offset(last)) before = middle;
    else after = middle;
  }
  const [from, to] = [after + offset(before) * MINUTE, wallOf(after, offset)];
  const day = dateText(midnight);
  const [one, other] = [timeText(from), timeText(to)];
  const at = `${day}: at ${one} clocks go`;
  const text =
    to > from ? `${at} forward to ${other}.` : `${at} back to ${other}; ${other}–${one} comes twice.`;
  return [{ midnight, text }];
}

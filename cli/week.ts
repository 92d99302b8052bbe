/**
 * A week of windows as a drawing: a row a day, by the clock of a zone, half an hour a column. Pure.
 *
 * What is open at any time of a column is drawn so; an hour that the clock leaps over is crossed out, one that comes
 * twice is open where one of the two is; both are named at the end of the row.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;
const COLUMNS = 48;
const HALF_HOUR = 30 * MINUTE;
const NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

export interface WeekSpan {
  /** ms; open from here until just before `until`. */
  readonly from: number;
  readonly until: number;
}

export interface Week {
  readonly timezone: string;
  /** The Monday, as midnight UTC of the same date (ms). */
  readonly monday: number;
  readonly spans: readonly WeekSpan[];
  readonly now: number;
}

/** Lines of the drawing, each with a line feed. */
export function drawWeek({ timezone, monday, spans, now }: Week): string {
  const offset = offsetsOf(timezone);
  const isOpen = (from: number): boolean =>
    spans.some((one) => one.from < from + HALF_HOUR && one.until > from);
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padEnd(2)).join("");
  const rows = NAMES.map((name, day) => {
    const midnight = monday + day * DAY;
    const cells = Array.from({ length: COLUMNS }, (_, column) => {
      const instants = instantsOf(midnight + column * HALF_HOUR, offset);
      if (instants.length === 0) return "x";
      const open = instants.some(isOpen);
      if (instants.some((at) => at <= now && now < at + HALF_HOUR)) return open ? "◆" : "◇";
      return open ? "█" : "·";
    });
    const date = new Date(midnight).toISOString().slice(0, 10);
    return `${name} ${date}  ${cells.join("")}  ${changeOn(midnight, offset)}`.trimEnd();
  });
  const head = `${"".padEnd(16)}${hours}`.trimEnd();
  return [timezone, head, ...rows, "█ open  · closed  x leapt over by the clock  ◆ ◇ now", ""].join("\n");
}

/** The Monday of a week such as `2027-W13`, or of the one in which an instant lies; `null` for what is no week. */
export function mondayOf(week: string | undefined, now: number, timezone: string): number | null {
  if (week === undefined) {
    const today = Math.floor((now + offsetsOf(timezone)(now) * MINUTE) / DAY);
    // Day 0 was a Thursday.
    return (today - ((today + 3) % 7)) * DAY;
  }
  const [, year = "", number = ""] = /^(\d{4})-W(\d{2})$/.exec(week) ?? [];
  // The fourth of January is in the first week.
  const fourth = Date.UTC(Number(year), 0, 4) / DAY;
  const monday = fourth - ((fourth + 3) % 7) + (Number(number) - 1) * 7;
  const thursday = new Date((monday + 3) * DAY).getUTCFullYear();
  return year === "" || Number(number) < 1 || thursday !== Number(year) ? null : monday * DAY;
}

/** The instants of a week in a zone, from its Monday's midnight to the next. */
export function spanOf(monday: number, timezone: string): WeekSpan {
  const offset = offsetsOf(timezone);
  const first = (wall: number): number => wall - offset(wall - offset(wall) * MINUTE) * MINUTE;
  return { from: first(monday), until: first(monday + 7 * DAY) };
}

type Offsets = (at: number) => number;

/** Minutes east of UTC. */
function offsetsOf(timezone: string): Offsets {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: timezone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric" },
  });
  return (at) => {
    const numbers = (format.format(at).match(/\d+/g) ?? []).map(Number);
    const [month = 1, day = 1, year = 1_970, hour = 0, minute = 0] = numbers;
    return (Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / MINUTE) * MINUTE) / MINUTE;
  };
}

/** When the local clock shows a time: never, once, or twice. */
function instantsOf(wall: number, offset: Offsets): readonly number[] {
  const offsets = new Set([offset(wall - DAY), offset(wall), offset(wall + DAY)]);
  return [...offsets]
    .map((one) => wall - one * MINUTE)
    .filter((at) => at + offset(at) * MINUTE === wall)
    .toSorted((one, other) => one - other);
}

/** What the clock does on a local day, for the end of its row. */
function changeOn(midnight: number, offset: Offsets): string {
  const [before, after] = [offset(midnight - offset(midnight) * MINUTE), offset(midnight + DAY)];
  if (before === after) return "";
  const way = after > before ? "forward" : "back";
  return `the clock goes ${way} by ${Math.abs(after - before)} minutes`;
}

/**
 * What the clock of a time zone shows, and when. A wall time is a date and a time of the day without a zone, written as
 * the instant (ms) at which a clock of UTC shows it. Pure.
 */

const MINUTE = 60_000;
const DAY = 86_400_000;
const NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Minutes east of UTC at an instant (ms). */
export type Offsets = (at: number) => number;

/** @throws RangeError for a zone that {@link knowsZone} does not know */
export function offsetsOf(timezone: string): Offsets {
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

/** The daemon may run on a newer Node, or an older one, than this command. */
export function knowsZone(timezone: string): boolean {
  try {
    offsetsOf(timezone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** When the clock shows a wall time: never, once, or twice. */
export function instantsOf(wall: number, offset: Offsets): readonly number[] {
  const offsets = new Set([offset(wall - DAY), offset(wall), offset(wall + DAY)]);
  return [...offsets]
    .map((one) => wall - one * MINUTE)
    .filter((at) => at + offset(at) * MINUTE === wall)
    .toSorted((one, other) => one - other);
}

export function wallOf(at: number, offset: Offsets): number {
  return at + offset(at) * MINUTE;
}

/** `Mon 2027-03-22`. */
export function dateText(wall: number): string {
  // Day 0 was a Thursday.
  const name = NAMES[(((Math.floor(wall / DAY) + 3) % 7) + 7) % 7];
  return `${name} ${new Date(wall).toISOString().slice(0, 10)}`;
}

/** `02:00`. */
export function timeText(wall: number): string {
  return new Date(wall).toISOString().slice(11, 16);
}

/** `Mon 2027-03-22 22:00` by the clock of a zone; the instant as it is where this Node does not know the zone. */
export function zoneTime(iso: string, timezone: string): string {
  if (!knowsZone(timezone) || Number.isNaN(Date.parse(iso))) return iso;
  const wall = wallOf(Date.parse(iso), offsetsOf(timezone));
  return `${dateText(wall)} ${timeText(wall)}`;
}

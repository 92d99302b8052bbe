/** What the clock of a place says at an instant. Pure. */

import type { Pattern } from "../slots.ts";

export interface LocalTime {
  /** `2026-11-28` */
  readonly date: string;
  /** `03:00` */
  readonly time: string;
  /** `Saturday` */
  readonly weekday: string;
  /** `+01:00` */
  readonly offset: string;
}

/** One of them takes 50 µs to make; there are as many as the configuration names zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @param timezone a good zone (`system/time-zone.ts`) */
export function localTime(timezone: string, at: number): LocalTime {
  const parts = formatOf(timezone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((candidate) => candidate.type === type)?.value ?? "";
  // `GMT` is how an offset of nothing is written.
  const offset = part("timeZoneName").replace("GMT", "") || "+00:00";
  return {
    date: `${part("year")}-${part("month")}-${part("day")}`,
    time: `${part("hour")}:${part("minute")}`,
    weekday: part("weekday"),
    offset,
  };
}

/** `Saturday 2026-11-28 03:00 +01:00` */
export function localText(timezone: string, at: number): string {
  const { weekday, date, time, offset } = localTime(timezone, at);
  return `${weekday} ${date} ${time} ${offset}`;
}

/**
 * By what a slot is the same one although the rules of its zone have changed: its local time. A pattern that follows
 * real time has an hour twice that comes twice, so there the offset belongs to it.
 */
export function localName({ cron, timezone }: Pattern, at: number): string {
  const { date, time, offset } = localTime(timezone, at);
  return `${date}T${time}${namesTimes(cron) ? "" : offset}`;
}

/** Whether a pattern is of times, or lists of times: those happen once a day each, whatever the clock does. */
function namesTimes(cron: string): boolean {
  const [minute = "", hour = ""] = cron.trim().split(/\s+/);
  return minute.startsWith("@") ? minute.toLowerCase() !== "@hourly" : !/[*?/]/.test(minute + hour);
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    ...{ year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" },
    weekday: "long",
    hourCycle: "h23",
    timeZoneName: "longOffset",
  });
  formats.set(timezone, made);
  return made;
}

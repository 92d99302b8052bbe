/** Days of the week as people type them. */

import { InvalidArgumentError } from "commander";
import { WEEKDAYS, type Weekday } from "../../../workflow/windows/schedule.ts";

const DAYS = "It must be days of the week such as mon-fri, sat,sun or daily.";

/**
 * `mon-fri`, `sat,sun`, `fri-mon`, `daily`, in any case, in the order of the week: a parser of arguments for commander.
 */
export function daysFrom(text: string): readonly Weekday[] {
  const named = new Set(text.toLowerCase().split(",").flatMap(range));
  return WEEKDAYS.filter((day) => named.has(day));
}

function range(text: string): readonly Weekday[] {
  if (text.trim() === "daily") return WEEKDAYS;
  const [first, last, ...more] = text.split("-").map((name) => dayOf(name.trim()));
  if (first === undefined || more.length > 0) throw new InvalidArgumentError(DAYS);
  if (last === undefined) return [first];
  const from = WEEKDAYS.indexOf(first);
  const count = ((WEEKDAYS.indexOf(last) - from + WEEKDAYS.length) % WEEKDAYS.length) + 1;
  return [...WEEKDAYS, ...WEEKDAYS].slice(from, from + count);
}

/** By the first three letters, or the whole name. */
function dayOf(name: string): Weekday {
  const day = WEEKDAYS.find((known) => name === known || name === NAMES[known]);
  if (day === undefined) throw new InvalidArgumentError(DAYS);
  return day;
}

const NAMES: Readonly<Record<Weekday, string>> = {
  ...{ mon: "monday", tue: "tuesday", wed: "wednesday", thu: "thursday", fri: "friday" },
  ...{ sat: "saturday", sun: "sunday" },
};

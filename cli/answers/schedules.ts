/** What the command line reads of the answers about schedules and recurring tasks. */

import type { ScheduleAnswer } from "../../handlers/api/schedules/view.ts";
import type { RecurringAnswer, WholeRecurringAnswer } from "../../handlers/api/views/recurring.ts";
import {
  answer,
  anything,
  listOf,
  number,
  object,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "../decoder.ts";

export const scheduleShape = answer<ScheduleAnswer>()({
  name: text,
  start: text,
  duration_s: number,
  days: listOf(text),
  timezone: text,
});
export type ToldSchedule = Shaped<typeof scheduleShape>;

const windowShape = object({ from: text, until: text });

export const nextWindowsShape = object({ timezone: text, windows: listOf(windowShape) });
export type ToldNextWindows = Shaped<typeof nextWindowsShape>;

export const weekShape = object({
  ...{ timezone: text, monday: text, schedules: listOf(object({ name: text, enabled: anything })) },
  windows: listOf(windowShape),
});
export type ToldWeek = Shaped<typeof weekShape>;

const slotShape = answer<WholeRecurringAnswer["slots"][number]>()({ at: text, by: text, status: text });

export const recurringShape = answer<RecurringAnswer>()({
  name: text,
  project: text,
  every: text,
  timezone: text,
  missed: text,
  overlap: text,
});
export type ToldRecurring = Shaped<typeof recurringShape>;

export const wholeRecurringShape = answer<WholeRecurringAnswer>()({
  name: text,
  project: text,
  every: text,
  timezone: text,
  missed: text,
  overlap: text,
  next_slots: listOf(object({ at: text, local: text })),
  slots: listOf(slotShape),
});
export type ToldWholeRecurring = Shaped<typeof wholeRecurringShape>;

export const schedulesShape = object({
  schedules: listOf(scheduleShape),
  recurring: listOf(recurringShape),
});
export type ToldSchedules = Shaped<typeof schedulesShape>;

/** What is asked for by a name that either may have. */
export const eitherScheduleShape: Shape<ToldSchedule | ToldWholeRecurring> = (value, where) =>
  isRecurring(recordOf(anything)(value, where))
    ? wholeRecurringShape(value, where)
    : scheduleShape(value, where);

export function isRecurring<T extends object>(one: T): one is Extract<T, { readonly every: unknown }> {
  return "every" in one;
}

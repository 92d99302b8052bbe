/** Kinds of values that tell of times of the week, with the sentences that refuse others. */

import { z } from "zod";
import { zoneTrouble } from "../time-zone.ts";
import { duration } from "./values.ts";

const TIME = 'must be a time of the day from "00:00" to "23:59", in quotes';
/** As `22:00`. */
export const timeOfDay = z.string(TIME).regex(/^([01]\d|2[0-3]):[0-5]\d$/, TIME);

export const weekdays = z
  .array(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
  .min(1, "must name at least one day: mon, tue, wed, thu, fri, sat, sun")
  .refine((days) => new Set(days).size === days.length, "names a day twice");

/** A place whose clock is followed. */
export const timeZone = z.string().superRefine((name, context) => {
  const trouble = zoneTrouble(name);
  if (trouble !== null) context.addIssue({ code: "custom", message: `"${name.slice(0, 64)}" ${trouble}` });
});

/** A span of real time, between two spans, all in ms. @param range both of them in words */
export function durationBetween(min: number, max: number, range: string): z.ZodType<number, string> {
  return duration.refine((span) => span >= min && span <= max, `must be ${range}`);
}

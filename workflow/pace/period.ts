/** Periods after which what a subscription allows begins anew, and what programs report of them. Pure. */

export const PERIODS = ["5h", "week", "month"] as const;
export type Period = (typeof PERIODS)[number];

/** How much of what an account allows in a period was used, by everybody who uses it, as its program told. */
export interface LimitUse {
  readonly per: Period;
  /** 0 to 1. */
  readonly used: number;
  /** When the period ends (ms). */
  readonly resetsAt: number;
}

/** From when until when (ms). */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The first Monday of the epoch. */
const MONDAY = 4 * DAY;
/** More than any service calls over-used; whoever says more says anything. */
const USED_MAX = 2;
/** The furthest moment that a date can have. */
const MOMENT_MAX = 8_640_000_000_000_000;

export const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  "5h": "5 hours",
  week: "week",
  month: "month",
};

/** The period of the calendar (UTC) that an instant lies in: from midnight of a Monday, of the first, or 5 hours. */
export function calendarPeriod(per: Period, now: number): Stretch {
  if (per === "month") {
    const date = new Date(now);
    const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
    return { from: Date.UTC(year, month), until: Date.UTC(year, month + 1) };
  }
  const length = per === "week" ? 7 * DAY : 5 * HOUR;
  const offset = per === "week" ? MONDAY : 0;
  const from = Math.floor((now - offset) / length) * length + offset;
  return { from, until: from + length };
}

/** The period that ends at an instant. */
export function periodUntil(per: Period, until: number): Stretch {
  if (per === "month") {
    const date = new Date(until);
    date.setUTCMonth(date.getUTCMonth() - 1);
    return { from: date.getTime(), until };
  }
  return { from: until - (per === "week" ? 7 * DAY : 5 * HOUR), until };
}

/**
 * What a program printed of a period, if it can be true; `null` for all else. Used-up and over-used are the same.
 *
 * @param used a part of one
 * @param resetsAtSeconds since the epoch
 */
export function limitUse(per: Period, used: number | null, resetsAtSeconds: number | null): LimitUse | null {
  if (used === null || resetsAtSeconds === null || !(used >= 0) || used > USED_MAX) return null;
  const resetsAt = Math.round(resetsAtSeconds * 1_000);
  if (!(resetsAt > 0) || resetsAt > MOMENT_MAX) return null;
  return { per, used: Math.min(1, used), resetsAt };
}

/**
 * What a `rate_limit_event` of Claude Code tells of the periods of a subscription. It comes with good runs, too; with
 * an API key there is none. Older versions name one window in the event itself, newer ones all in `unifiedWindows`.
 */

import { type LimitUse, limitUse, type Period } from "../../workflow/pace/period.ts";
import { type Fields, numberAt, objectAt, textAt } from "../dialect/fields.ts";

/** Windows of single models are not listed: they are no period of the account. */
const WINDOWS: readonly (readonly [string, Period])[] = [
  ["five_hour", "5h"],
  ["seven_day", "week"],
];

/** What was known, with what this event says; values that cannot be true change nothing. */
export function claudeLimits(known: readonly LimitUse[], info: Fields): readonly LimitUse[] {
  const windows = objectAt(info, "unifiedWindows") ?? {};
  const named = textAt(info, "rateLimitType");
  return WINDOWS.reduce((limits, [name, per]) => {
    const window = objectAt(windows, name) ?? (named === name ? info : {});
    const limit = limitUse(per, numberAt(window, "utilization"), numberAt(window, "resetsAt"));
    return limit === null ? limits : [...limits.filter((other) => other.per !== per), limit];
  }, known);
}

/** What `rate_limits` in a rollout of Codex tells of the periods of a subscription: two windows, by their length. */

import { type LimitUse, limitUse, type Period } from "../../workflow/pace/period.ts";
import { type Fields, numberAt, objectAt } from "../dialect/fields.ts";

const PERIOD_OF_MINUTES: ReadonlyMap<number, Period> = new Map<number, Period>([
  [300, "5h"],
  [10_080, "week"],
]);

/** What was known, with what this entry says; values that cannot be true change nothing. */
export function codexLimits(known: readonly LimitUse[], rateLimits: Fields): readonly LimitUse[] {
  return ["primary", "secondary"].reduce((limits, name) => {
    const window = objectAt(rateLimits, name) ?? {};
    const per = PERIOD_OF_MINUTES.get(numberAt(window, "window_minutes") ?? 0);
    const percent = numberAt(window, "used_percent");
    if (per === undefined || percent === null) return limits;
    const limit = limitUse(per, percent / 100, numberAt(window, "resets_at"));
    return limit === null ? limits : [...limits.filter((other) => other.per !== per), limit];
  }, known);
}

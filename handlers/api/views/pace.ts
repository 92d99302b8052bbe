/** How the pace of an account stands, as the API shows it. Pure. */

import { z } from "@hono/zod-openapi";
import type { PaceStanding } from "../../../workflow/pace/pace.ts";
import { PERIODS } from "../../../workflow/pace/period.ts";
import { iso, isoOrNull, maybeTime, time } from "../shapes.ts";

const percent = z.number().min(0);

export const PaceView = z
  .object({
    account: z.string(),
    per: z.enum(PERIODS),
    source: z.enum(["reported", "counted", "unknown"]).openapi({
      description:
        "reported: the program has told what is used; counted: by our own runs and the capacity; unknown: nothing is known yet",
    }),
    used_percent: percent.openapi({ description: "of the whole period" }),
    allowed_percent: percent.openapi({ description: "what may be used by now" }),
    ceiling_percent: percent.openapi({ description: "what may be used by the end of the period" }),
    open: z.boolean().openapi({ description: "whether its pace lets something start now" }),
    opens_at: maybeTime.openapi({ description: "when time alone lets something start" }),
    lasts_until: maybeTime.openapi({
      description: "until when what may be used lasts at this pace; null: nothing was used yet",
    }),
    period_begins: time,
    period_ends: time,
  })
  .openapi("Pace", { description: "how what an account allows in a period is spread over it" });

export type PaceAnswer = z.infer<typeof PaceView>;

export function viewPace(standing: PaceStanding): PaceAnswer {
  const { setting, source, used, allowed, ceiling, mayStart, opensAt, lasts, from, until } = standing;
  return {
    account: setting.account,
    per: setting.per,
    source,
    used_percent: inPercent(used),
    allowed_percent: inPercent(allowed),
    ceiling_percent: inPercent(ceiling),
    open: mayStart,
    opens_at: isoOrNull(opensAt),
    lasts_until: isoOrNull(lasts),
    period_begins: iso(from),
    period_ends: iso(until),
  };
}

/** With one digit behind the point, rounded down. */
function inPercent(part: number): number {
  return Math.floor(part * 1_000 + 1e-6) / 10;
}

/** Jobs as cells, for every command that shows some. */

import type { ToldJob } from "../answers/tasks.ts";
import { ago, why } from "../phrases.ts";

/** Every hold with when it ends and what can be done; how the last try went where nothing holds it. */
export function whyWaiting({ holds, reason }: ToldJob, now: number): string {
  if (holds.length === 0) return reason ?? "";
  return holds
    .map((hold) => why(hold.until ? `${hold.reason} (${ago(hold.until, now)})` : hold.reason, hold.remedy))
    .join("; ");
}

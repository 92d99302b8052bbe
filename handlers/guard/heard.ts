/**
 * One change is heard once, by however many deliveries it is told: by a webhook, and by whoever has asked (I2). What it
 * changes in a task is kept from happening twice by the task's history; this is for all else that follows from it, such
 * as the answer to a question, or that somebody is not trusted.
 *
 * E1. Whoever replays a delivery wants it to be handled again.
 * E2. What is done to a pull request is compared with what is known of it: it may be closed twice, and is then told by
 *     the same key.
 */

import type { Store } from "../../store/store.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import type { Understood } from "../understand.ts";

/** The key of the change that was understood; `null` of what nobody would tell a second time. */
export function keyOf(source: string, understood: Understood): string | null {
  switch (understood.kind) {
    case "wish": {
      const [first] = understood.wishes;
      return first === undefined || first.intent.kind === "pull_changed" ? null : first.intent.key;
    }
    case "ignore": {
      const comment = understood.refusal?.spot?.comment ?? null;
      return comment === null ? null : `${source}:comment:${comment}`;
    }
    default:
      return null;
  }
}

/** The delivery that has told it before, and is over; `null`: it is news, and is written down as such. */
export async function heardBefore(
  { changes }: Pick<Store, "changes">,
  { id, source, replayOf }: Pick<Delivery, "id" | "source" | "replayOf">,
  understood: Understood,
): Promise<number | null> {
  const key = keyOf(source, understood);
  if (key === null) return null;
  const before = replayOf === null ? await changes.before(id, source, key) : null;
  if (before === null) await changes.note(id, key);
  return before;
}

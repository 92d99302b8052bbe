/** Recurring tasks and their slots as the API shows them. Pure. */

import { z } from "@hono/zod-openapi";
import type { RecurringTask, SettledSlot } from "../../../workflow/recurring/recurring.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";

export const SlotView = z
  .object({
    at: time.openapi({ description: "its instant; for one that a person wanted, when that was" }),
    by: z.enum(["time", "person"]),
    status: z.enum(["fired", "skipped"]),
    task: words.openapi({ description: "the task that was made" }),
    reason: words.openapi({ description: "why none was made" }),
    settled_at: time,
  })
  .openapi("Slot");

export const RecurringView = z
  .object({
    name: z.string(),
    project: z.string(),
    every: z.string(),
    timezone: z.string(),
    title: z.string(),
    agent: words.openapi({ description: "null: the project's" }),
    priority: z.int(),
    missed: z.enum(["skip", "latest", "all"]),
    missed_max: count.nullable(),
    missed_max_age_s: count.nullable(),
    overlap: z.enum(["skip", "queue"]),
    jitter_s: count,
    next_slot: maybeTime,
    last_slot: SlotView.nullable().openapi({ description: "what became of the newest slot" }),
  })
  .openapi("Recurring");

export type RecurringAnswer = z.infer<typeof RecurringView>;

export const WholeRecurringView = RecurringView.extend({
  next_slots: z
    .array(z.object({ at: time, local: z.string() }))
    .openapi({ description: "without the jitter; `local` is what the clock of the place says then" }),
  slots: z.array(SlotView).openapi({ description: "what became of the newest ones, newest first" }),
}).openapi("RecurringWithSlots");

export type WholeRecurringAnswer = z.infer<typeof WholeRecurringView>;

/** One of the lines of `status`. */
export const RecurringLine = z
  .object({
    name: z.string(),
    project: z.string(),
    next: maybeTime.openapi({ description: "its next slot; null: there is none" }),
    local: words.openapi({ description: "what the clock of its zone says then" }),
    timezone: z.string(),
    last: SlotView.nullable().openapi({ description: "what became of the newest slot" }),
  })
  .openapi("RecurringLine");

export function viewRecurringLine(
  { name, project, pattern }: RecurringTask,
  next: { readonly at: number; readonly local: string } | undefined,
  last: SettledSlot | undefined,
): z.infer<typeof RecurringLine> {
  return {
    ...{ name, project, timezone: pattern.timezone },
    next: isoOrNull(next?.at ?? null),
    local: next?.local ?? null,
    last: last === undefined ? null : viewSlot(last),
  };
}

export function viewSlot({ at, by, status, task, reason, settledAt }: SettledSlot): z.infer<typeof SlotView> {
  return { at: iso(at), by, status, task, reason, settled_at: iso(settledAt) };
}

export function viewRecurring(
  recurring: RecurringTask,
  next: number | undefined,
  last: SettledSlot | undefined,
): RecurringAnswer {
  const { name, project, pattern, title, agent, priority, missed, overlap, jitterMs } = recurring;
  const all = missed.kind === "all" ? missed : null;
  return {
    ...{ name, project, title, agent, priority, overlap },
    every: pattern.cron,
    timezone: pattern.timezone,
    missed: missed.kind,
    missed_max: all?.max ?? null,
    missed_max_age_s: all === null ? null : Math.round(all.maxAgeMs / 1_000),
    jitter_s: Math.round(jitterMs / 1_000),
    next_slot: isoOrNull(next ?? null),
    last_slot: last === undefined ? null : viewSlot(last),
  };
}

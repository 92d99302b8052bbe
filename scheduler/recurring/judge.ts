/**
 * What is to be done about the slots of a schedule that have come since it was looked at last. Pure.
 *
 * J1. Slots are settled in their order: none is decided while an earlier one is not due yet.
 * J2. A slot that is no later than the grace is on time, and fires. A later one was missed, and its policy decides.
 * J3. However long a daemon was away, no more than {@link MISSED_SLOTS_MAX} slots are looked at.
 */

import { MISSED_SLOTS_MAX, SLOT_GRACE_MS } from "../../workflow/limits.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { jitterOf } from "./jitter.ts";

/** The instants of a pattern (`scheduler/slots.ts`). */
export interface Slots {
  firstAfter(at: number): number | null;
  lastUpTo(at: number): number | null;
}

export type Verdict =
  | { readonly kind: "fire"; readonly at: number }
  | { readonly kind: "skip"; readonly at: number; readonly reason: string };

export interface Judgement {
  /** By their instants, oldest first. */
  readonly verdicts: readonly Verdict[];
  /** Whether there were more than are looked at. */
  readonly passedOver: boolean;
  /** When to look again (ms); `null` when no slot comes any more. */
  readonly next: number | null;
}

/**
 * @param settledTo the slots up to this instant (ms) are settled
 * @param now calendar time (ms), not before `settledTo`
 */
export function judgeSlots(task: RecurringTask, settledTo: number, now: number, slots: Slots): Judgement {
  const come: number[] = [];
  let at = slots.lastUpTo(now);
  while (at !== null && at > settledTo && come.length < MISSED_SLOTS_MAX) {
    come.unshift(at);
    at = slots.lastUpTo(at - 1);
  }
  const dueAt = (slot: number): number => slot + jitterOf(task, slot);
  const waits = come.find((slot) => dueAt(slot) > now);
  const due = come.filter((slot) => waits === undefined || slot < waits);
  const next = waits ?? slots.firstAfter(now);
  const late = due.filter((slot) => now - dueAt(slot) > SLOT_GRACE_MS);
  const made = madeUpFor(task, late, due.length > late.length, now);
  return {
    verdicts: due.map((slot): Verdict => {
      if (!late.includes(slot) || made.includes(slot)) return { kind: "fire", at: slot };
      return { kind: "skip", at: slot, reason: WHY[task.missed.kind] };
    }),
    passedOver: at !== null && at > settledTo,
    next: next === null ? null : dueAt(next),
  };
}

/** J2. Which of the missed slots are made up for. */
function madeUpFor(
  { missed }: RecurringTask,
  late: readonly number[],
  oneIsOnTime: boolean,
  now: number,
): readonly number[] {
  switch (missed.kind) {
    case "skip":
      return [];
    case "latest":
      // One that is on time is newer than all of them.
      return oneIsOnTime ? [] : late.slice(-1);
    case "all":
      return late.filter((slot) => now - slot <= missed.maxAgeMs).slice(-missed.max);
    default:
      return missed satisfies never;
  }
}

const WHY: Readonly<Record<RecurringTask["missed"]["kind"], string>> = {
  skip: "it was missed while the daemon was away (missed: skip)",
  latest: "it was missed while the daemon was away, and a later one is made (missed: latest)",
  all: "it was missed while the daemon was away, and is too old or one too many (missed: all)",
};

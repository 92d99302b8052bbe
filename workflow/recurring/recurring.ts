/**
 * Recurring tasks: a schedule whose slots are instants, and at each of them a task is made. What became of a slot is
 * recorded once, and for ever: it has fired, or it was skipped with a reason.
 */

import type { ExternalRef } from "../task.ts";
import type { Workflow } from "../workflow.ts";

/** What becomes of slots that fell due while the daemon was away. */
export type MissedPolicy =
  | { readonly kind: "skip" }
  /** The newest of them is made up for. */
  | { readonly kind: "latest" }
  /** The newest `max` of them that are no older than `maxAgeMs` are made up for. */
  | { readonly kind: "all"; readonly max: number; readonly maxAgeMs: number };

/** What becomes of a slot while the task of an earlier one is not finished: skipped, or made all the same. */
export type Overlap = "skip" | "queue";

export interface RecurringTask {
  readonly name: string;
  readonly project: string;
  readonly pattern: {
    /** Five fields of cron. */
    readonly cron: string;
    /** IANA. */
    readonly timezone: string;
  };
  /** Templates. */
  readonly title: string;
  readonly body: string;
  /** The profile that plays instead of the project's. */
  readonly agent: string | null;
  /** `null` for that of the repository; without it, the project's. */
  readonly workflow?: Workflow | null;
  readonly priority: number;
  readonly missed: MissedPolicy;
  readonly overlap: Overlap;
  /** A slot is acted on up to so much later (ms), always the same for the same slot. */
  readonly jitterMs: number;
}

/** A slot by its instant, and by what the clock of the place says then. */
export interface Slot {
  readonly schedule: string;
  /** ms */
  readonly at: number;
  /** Two slots with the same are one, although a change of the zone's rules has moved the instant. */
  readonly local: string;
}

/** A slot that fires, of itself or because a person wants it now. */
export interface FiringSlot extends Slot {
  readonly by: "time" | "person";
}

export interface SkippedSlot extends Slot {
  /** One sentence. */
  readonly reason: string;
}

/** A slot as it is on record. */
export type SettledSlot = Slot &
  (
    | { readonly status: "fired"; readonly task: string; readonly reason: null }
    | { readonly status: "skipped"; readonly task: null; readonly reason: string }
  ) & { readonly by: FiringSlot["by"]; readonly settledAt: number };

/** How a schedule stands, as far as a slot of it is concerned. */
export interface SlotStanding {
  /** Slots up to this instant (ms) are settled. */
  readonly settledTo: number;
  /** What became of this slot, or of one with the same local time; `null` while nothing did. */
  readonly settled: SettledSlot | null;
  /** The newest task of the schedule that is not finished. */
  readonly unfinished: { readonly task: string; readonly status: string } | null;
  /** How many are not. */
  readonly unfinishedCount: number;
}

/** The name under which the task of a slot is found again. */
export function refOfSlot({ schedule, at }: Slot): ExternalRef {
  return { source: "schedule", kind: "slot", id: slotName(schedule, at) };
}

/** `weekly-update@2026-11-28T02:00:00.000Z` */
export function slotName(schedule: string, at: number): string {
  return `${schedule}@${new Date(at).toISOString()}`;
}

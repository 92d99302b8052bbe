/**
 * Merges: the work of a task goes into its base branch, by git or by its pull request, as a phase that no agent plays.
 *
 * M1. What is merged is what the task has published last, and nothing while some of it is kept for a person.
 * M2. It is done once: whoever comes to it again, after a crash between the push and its record, finds it in the base.
 * M3. Git alone settles who was first: a base that has moved meanwhile refuses the push, and nothing is ever forced.
 */

import { defineMachine, type Machine, type StatusOf } from "../machine.ts";

const mergeTable = {
  finish: { pending: "done" },
  fail: { pending: "failed" },
  abandon: { pending: "abandoned" },
} as const;
export const mergeMoves: Machine<typeof mergeTable> = defineMachine({
  name: "merge",
  initial: "pending",
  final: ["done", "failed", "abandoned"],
  timed: ["finish", "fail"],
  meaning: {
    pending:
      "The daemon merges it, or waits before it tries again: for people, for checks, for a remote; the reason says why.",
    done: "It was merged, does not fit, or there was nothing to merge: the verdict of its phase says which.",
    failed: "It could not be merged, and its task has failed with it.",
    abandoned: "It matters no more: its task was ended or begun anew meanwhile.",
  },
  moves: mergeTable,
});
export type MergeStatus = StatusOf<typeof mergeTable>;
export type MergeMove = keyof typeof mergeTable;

/** Whose time it is while a pull request is not to be merged yet. */
export const MERGE_WAITS_FOR = ["people", "checks", "queue"] as const;
export type MergeWaitsFor = (typeof MERGE_WAITS_FOR)[number];

/** Whom it waits for, in a sentence. */
export const MERGE_AWAITED: Readonly<Record<MergeWaitsFor, string>> = {
  people: "people",
  checks: "checks",
  queue: "the queue of its base",
};

/** With what such a phase ends. */
export const MERGE_VERDICTS = ["merged", "conflict", "nothing"] as const;
export type MergeVerdict = (typeof MERGE_VERDICTS)[number];

/** Who plays such phases, in rows and views: no agent profile is called so. */
export const MERGER = "chargehand";

export interface Merge {
  readonly task: string;
  /** Of its phase: the number in the task, and the key. */
  readonly seq: number;
  readonly phase: string;
  readonly status: MergeStatus;
  /** How often it was tried in vain. */
  readonly tries: number;
  readonly askedAt: number;
  /** When it is tried next (ms). */
  readonly dueAt: number;
  /** For whom it waits, and nobody has failed; `null` where it was tried in vain, or not yet. */
  readonly waitsFor: MergeWaitsFor | null;
  /** Why it is not merged yet, or how it ended. */
  readonly reason: string | null;
  readonly finishedAt: number | null;
}

export type MergeChange =
  | ({ readonly change: "ask" } & Pick<Merge, "seq" | "phase">)
  /** What it waits for may have come. */
  | { readonly change: "hasten"; readonly seq: number }
  | { readonly change: MergeMove; readonly seq: number; readonly reason: string };

/**
 * Phases of a task as they were played: a row each, in the order in which the task came to them. A phase that is gone
 * back to is a new row with the next cycle, so what an earlier one ended with stays as it was.
 */

import type { SessionOwner } from "../job.ts";
import type { PhaseMove, PhaseStatus } from "./states.ts";

export interface Phase {
  readonly task: string;
  /** Numbered per task, from 1, without gaps; the newest is where the task stands. */
  readonly seq: number;
  /** Its key in the workflow. */
  readonly phase: string;
  readonly role: string;
  /** Name of the agent profile that plays the role in this task. */
  readonly agent: string;
  /** How often the task has come to it, this time included. */
  readonly cycle: number;
  /** Of these, how often because of a verdict or a rejection since a person has last started the task: `max_cycles`. */
  readonly pass: number;
  readonly status: PhaseStatus;
  /** What its artifact says at its top, if anything. */
  readonly verdict: string | null;
  /** SHA-256 of all bytes of the artifact that was accepted (hex). */
  readonly artifact: string | null;
  /** The last commit that was published of it. */
  readonly commit: string | null;
  readonly summary: string | null;
  /** What went wrong in its last run, as its agent is told it: lines, or nothing. */
  readonly trouble: string | null;
  /** The conversation that it ended in. */
  readonly session: SessionOwner | null;
  readonly enteredAt: number;
  readonly finishedAt: number | null;
}

/** What its last run has brought. */
export interface PhaseResult {
  readonly verdict?: string | null;
  readonly artifact?: string | null;
  readonly commit?: string | null;
  readonly summary?: string | null;
  readonly session?: SessionOwner | null;
}

/** A phase that is come to: begun, or passed by. */
export type PhaseEntered = { readonly change: "enter" | "pass_by" } & Pick<
  Phase,
  "seq" | "phase" | "role" | "agent" | "cycle" | "pass"
>;

export type PhaseMoved = {
  readonly change: Exclude<PhaseMove, "start" | "skip" | "retry">;
  readonly seq: number;
} & PhaseResult;

export type PhaseChange =
  | PhaseEntered
  | PhaseMoved
  /** Writes down what its next run is told. */
  | { readonly change: "trouble"; readonly seq: number; readonly trouble: string | null };

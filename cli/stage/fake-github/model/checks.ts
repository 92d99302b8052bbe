/** What CI says of commits. Times are milliseconds. */

import type { User } from "./user.ts";

export interface Status {
  readonly id: number;
  readonly sha: string;
  readonly state: "pending" | "success" | "failure" | "error";
  readonly context: string;
  readonly description: string | null;
  readonly url: string | null;
  readonly by: User;
  readonly at: number;
}

export interface Annotation {
  readonly path: string;
  readonly line: number;
  readonly level: "notice" | "warning" | "failure";
  readonly message: string;
  readonly title: string | null;
}

export const CONCLUSIONS = [
  ...(["success", "failure", "neutral", "cancelled", "skipped", "timed_out"] as const),
  ...(["action_required", "stale", "startup_failure"] as const),
] as const;
export type Conclusion = (typeof CONCLUSIONS)[number];

export interface CheckRun {
  readonly id: number;
  readonly suite: number;
  readonly sha: string;
  readonly name: string;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  title: string | null;
  summary: string | null;
  annotations: readonly Annotation[];
  readonly startedAt: number;
  completedAt: number | null;
  /** Of a job of Actions, which has the same id. */
  log: string | null;
  readonly run: number | null;
}

/** The checks of one App at one commit. */
export interface CheckSuite {
  readonly id: number;
  readonly sha: string;
  readonly branch: string | null;
  readonly app: string;
  readonly createdAt: number;
  updatedAt: number;
}

export interface WorkflowRun {
  readonly id: number;
  readonly suite: number;
  readonly name: string;
  readonly sha: string;
  readonly branch: string | null;
  status: "queued" | "in_progress" | "completed";
  conclusion: Conclusion | null;
  readonly by: User;
  readonly createdAt: number;
  updatedAt: number;
}

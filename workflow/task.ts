/** Tasks: units of work with a key, and the names by which the world outside knows them. */

import type { Source } from "./delivery.ts";
import type { TaskMove, TaskStatus } from "./states.ts";
import type { Workflow } from "./workflow.ts";

/** A thing in the outside world that a task stands for, such as `github` `issue` `acme/shop#12`. */
export interface ExternalRef {
  readonly source: Source | "api" | "schedule";
  readonly kind: string;
  readonly id: string;
}

export interface Task {
  readonly key: string;
  readonly project: string;
  readonly prefix: string;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  /** Who asked for it, as the source names them. */
  readonly author: string | null;
  readonly status: TaskStatus;
  /** Why it failed, was cancelled, is blocked or paused: one sentence. */
  readonly reason: string | null;
  /** Since when it is paused (ms); `null` of every other. */
  readonly pausedAt: number | null;
  /** When time alone resumes it (ms); `null` unless it is paused, and where a person has to. */
  readonly pausedUntil: number | null;
  /** The name of its workflow, and the hash of the one that it is pinned to; `null` for tasks of older versions. */
  readonly workflow: string;
  readonly workflowHash: string | null;
  /** By role, the agent profile that plays it in this task. */
  readonly agents: Readonly<Record<string, string>>;
  readonly priority: number;
  /** Key of the task that it goes on from: on its branch, in its sessions. That one is done; it is followed once. */
  readonly follows: string | null;
  readonly branch: string | null;
  /** The commit last published on the branch. */
  readonly commit: string | null;
  /** How many files that commit changes against the base; `null` where nobody has counted. */
  readonly files: number | null;
  /** Compare-and-set guard: every decision raises it by one. */
  readonly version: number;
  /** Number of the newest event. */
  readonly events: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly finishedAt: number | null;
}

export interface NewTask {
  readonly project: string;
  readonly prefix: string;
  /** The status it begins in: `active` when nothing stands in its way. */
  readonly status: TaskStatus;
  /** The number wanted; the store walks forward from here when it is taken. `null`: the next of the counter. */
  readonly wanted: number | null;
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string | null;
  readonly workflow: Workflow;
  readonly agents: Readonly<Record<string, string>>;
  readonly priority: number;
  /** The branch that it goes on with, of the task that it follows; `null` for one of its own. */
  readonly branch: string | null;
}

export type TaskChange =
  | { readonly change: "create"; readonly task: NewTask }
  /** Moves the task; `keep` changes no status but still raises the version. */
  | {
      readonly change: TaskMove | "keep";
      readonly reason?: string | null;
      readonly branch?: string;
      readonly commit?: string;
      readonly files?: number;
      /** Who plays the roles from now on, by role. */
      readonly agents?: Readonly<Record<string, string>>;
      /** Of a pause: when it ends by itself (ms). Every move forgets it; left out, what changes no status leaves it. */
      readonly pausedUntil?: number | null;
    };

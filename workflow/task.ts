/** Tasks: units of work with a key, and the names by which the world outside knows them. */

import type { Source } from "./delivery.ts";
import type { TaskMove, TaskStatus } from "./states.ts";
import type { Workflow } from "./workflow.ts";

/** What whoever asked for a task has chosen for it, in place of what configuration and workflow say. */
export interface Pins {
  /** Of all its phases; `null` for what each phase and its agent say. */
  readonly model: string | null;
  readonly effort: string | null;
  /** The agent profile that plays the roles for which nobody is named; `null` for the project's. */
  readonly agent: string | null;
  /** By role, the agent profile that plays it, whatever comes to stand in the configuration. */
  readonly agents: Readonly<Record<string, string>>;
}

export const NO_PINS: Pins = { model: null, effort: null, agent: null, agents: {} };

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
  /**
   * The name of its workflow, and the hash of the one that it is pinned to; `null` for tasks of older versions, and for
   * one whose workflow is still to be read from its repository (`isUnsettled`).
   */
  readonly workflow: string;
  readonly workflowHash: string | null;
  /**
   * By role, the agent profile that plays it in this task, and the one that plays the others: as they were when it
   * began. Of a task whose workflow is still to be read, all whom task or project name.
   */
  readonly agents: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly pins: Pins;
  /** The branch that its work begins from, and is compared with; `null` for tasks of older versions. */
  readonly base: string | null;
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
  /** `null` for one that is still to be read from its repository. */
  readonly workflow: Workflow | null;
  readonly agents: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly pins: Pins;
  readonly base: string;
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
      /** By which it goes from now on. */
      readonly workflow?: Workflow;
      /** Who plays the roles from now on, by role. */
      readonly agents?: Readonly<Record<string, string>>;
      /** Of a pause: when it ends by itself (ms). Every move forgets it; left out, what changes no status leaves it. */
      readonly pausedUntil?: number | null;
    };

/** How a task reads from now on; what it was before becomes a revision. */
export interface Revision {
  readonly title: string;
  readonly body: string;
  readonly by: string;
}

/** What a task is called to go by while nobody has read what its repository says. */
export const FROM_REPOSITORY = "repository";

/** Whether its workflow is still to be read from its repository. */
export function isUnsettled({ workflow, workflowHash }: Pick<Task, "workflow" | "workflowHash">): boolean {
  return workflowHash === null && workflow === FROM_REPOSITORY;
}

/**
 * `say`: a person tells a task something, and `follow_up`: what was said too late for it. The next run that works on it
 * is told, in order. Part of `decide`, and as pure.
 *
 * A task that is done is followed by another: on its branch, in its sessions, linked both ways. It is followed once, so
 * what is said to any task of such a row is for the newest one.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import type { ProjectFacts } from "../../project.ts";
import type { Task } from "../../task.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { aboutTask, ignore, refuse } from "../parts.ts";
import { createTask } from "../start-task.ts";
import { telling, tellTask } from "./tell.ts";

export interface Say extends Asked {
  readonly kind: "say";
  readonly target: TaskTarget;
  /** As they wrote it. */
  readonly text: string;
  /** What the configuration says of the project now, for a task that follows. */
  readonly facts: ProjectFacts;
}

/** A task was done before it had heard everything. */
export interface FollowUp extends Asked {
  readonly kind: "follow_up";
  readonly target: TaskTarget;
  readonly facts: ProjectFacts;
}

export const say: IntentKind<Say> = {
  about: (intent) => ({ ...aboutTask(intent), newest: true }),
  decide: (snapshot, intent) => {
    const { task, seen } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (seen) return ignore(`this change is already part of ${task.key}`);
    if (task.status === "cancelled")
      return refuse(
        `${task.key} is cancelled, and nobody would hear it; make a new task, or: chargehand retry ${task.key}`,
      );
    return task.status === "done"
      ? telling(follow(snapshot, task, intent), intent, intent.text)
      : tellTask(task, intent, intent.text);
  },
};

export const followUp: IntentKind<FollowUp> = {
  about: (intent) => ({ ...aboutTask(intent), newest: true }),
  decide: (snapshot, intent) => {
    const { task, lastSaid } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (task.status !== "done" || lastSaid === 0) return ignore(`${task.key} has nothing to hear`);
    return follow(snapshot, task, intent);
  },
};

/** The same work goes on in a task of its own: what was delivered stays as it was recorded. */
function follow(snapshot: Snapshot, task: Task, intent: Say | FollowUp): Decision {
  const { title, body, url, priority, project } = task;
  const { by, key, because, facts } = intent;
  const wish = { project, by, key, because, facts, title, body, url, priority };
  return createTask(snapshot, { ...wish, refs: [], author: by.name, number: null }, task);
}

/** `start_task`: something outside, or a person, asks for a task. */

import type { Hold } from "../hold.ts";
import type { Asked } from "../intent.ts";
import type { ProjectFacts } from "../project.ts";
import { taskMoves } from "../states.ts";
import type { ExternalRef, NewTask, Task } from "../task.ts";
import { type Change, UNCHANGED } from "./change.ts";
import type { IntentKind, Snapshot } from "./decision.ts";
import { ignore } from "./parts.ts";
import { restart } from "./retry-task.ts";

/** A task that is wanted. */
export interface NewTaskWish extends Asked {
  /** All names the outside world has for it; any of them finds the task again. */
  readonly refs: readonly ExternalRef[];
  readonly title: string;
  readonly body: string;
  readonly url: string | null;
  readonly author: string | null;
  /** The tracker's own number, if it has one. */
  readonly number: number | null;
  readonly priority: number;
  /** Its first job waits until then (ms). */
  readonly notBefore?: number;
  /** What the configuration says of the project now. */
  readonly facts: ProjectFacts;
}

export interface StartTask extends NewTaskWish {
  readonly kind: "start_task";
  /** A person asked in so many words (command, reopened), so a finished task is followed by another. */
  readonly explicit: boolean;
}

export const startTask: IntentKind<StartTask> = {
  about: ({ project, refs, key }) => ({ target: { project, refs }, key, run: null }),
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    if (task === null) return createTask(snapshot, intent, null);
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (!taskMoves.final.includes(task.status)) return ignore(tellLive(task));
    if (!intent.explicit)
      return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
    if (taskMoves.can("retry", task.status)) return restart(snapshot, task, intent.facts.agent, intent);
    return createTask(snapshot, intent, task.key);
  },
};

/** A pause is stronger than whoever asks again: it stays, and the reason of the delivery says so. */
function tellLive({ key, status, reason }: Task): string {
  if (status !== "paused") return `${key} is already ${status}`;
  return `${key} is ${reason ?? "paused"}; it goes on with: chargehand resume ${key}`;
}

/** @param replaces the finished task whose names the new one takes over */
export function createTask({ now }: Snapshot, intent: NewTaskWish, replaces: string | null): Change {
  const { workflow, prefix, agent, pinned = false } = intent.facts;
  const task: NewTask = {
    project: intent.project,
    prefix,
    status: "active",
    wanted: intent.number,
    title: intent.title,
    body: intent.body,
    url: intent.url,
    author: intent.author,
    workflow: workflow.name,
    priority: intent.priority,
  };
  const data = {
    by: intent.by.name,
    from: intent.by.kind,
    because: intent.because,
    ...(replaces && { after: replaces }),
  };
  const [{ key: phase }] = workflow.phases;
  return {
    ...UNCHANGED,
    base: null,
    task: { change: "create", task },
    refs: intent.refs,
    replaces,
    jobs: [
      { change: "create", phase, agent, pinned, priority: intent.priority, holds: laterThan(now, intent) },
    ],
    events: [{ kind: "task.created", key: intent.key, data }],
  };
}

/** A time that has passed is now. */
function laterThan(now: number, { notBefore = now, by }: NewTaskWish): readonly Hold[] {
  if (notBefore <= now) return [];
  const reason = `${by.name} wants it to begin later`;
  return [{ kind: "not_before", reason, remedy: "begin now with: chargehand resume KEY", until: notBefore }];
}

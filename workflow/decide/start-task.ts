/** `start_task`: something outside, or a person, asks for a task. */

import type { Asked } from "../intent.ts";
import type { ProjectFacts } from "../project.ts";
import { taskMoves } from "../states.ts";
import type { ExternalRef, NewTask } from "../task.ts";
import { type Change, UNCHANGED } from "./change.ts";
import type { IntentKind } from "./decision.ts";
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
    if (task === null) return createTask(intent, null);
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (!taskMoves.final.includes(task.status)) return ignore(`${task.key} is already ${task.status}`);
    if (!intent.explicit)
      return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
    if (taskMoves.can("retry", task.status)) return restart(snapshot, task, intent.facts.agent, intent);
    return createTask(intent, task.key);
  },
};

/** @param replaces the finished task whose names the new one takes over */
export function createTask(intent: NewTaskWish, replaces: string | null): Change {
  const { workflow, prefix, agent } = intent.facts;
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
    jobs: [{ change: "create", phase, agent, priority: intent.priority, holds: [] }],
    events: [{ kind: "task.created", key: intent.key, data }],
  };
}

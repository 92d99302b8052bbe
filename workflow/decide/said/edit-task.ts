/**
 * `edit_task`: a person has changed the text of what a task stands for, where it stands outside. Part of `decide`, and
 * as pure.
 *
 * E1. A task goes by the text as it was when it was asked for. Only somebody whom the project trusts changes it; how it
 *     read before is kept.
 * E2. Who works on it is told, with the new text: what was begun goes by the old one. Of a task that is over the text
 *     stays as it was worked on.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import { FEEDBACK_BYTES_MAX } from "../../limits.ts";
import { taskMoves } from "../../states.ts";
import { UNCHANGED } from "../change.ts";
import type { IntentKind } from "../decision.ts";
import { aboutTask, asked, ignore } from "../parts.ts";

export interface EditTask extends Asked {
  readonly kind: "edit_task";
  readonly target: TaskTarget;
  /** The whole text as it is now; left out, it was not changed. */
  readonly title?: string;
  readonly body?: string;
}

export const editTask: IntentKind<EditTask> = {
  about: aboutTask,
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (task.status === "done" || task.status === "cancelled")
      return ignore(`${task.key} is ${task.status}: its text stays as it was worked on`);
    const { title = task.title, body = task.body, by } = intent;
    if (title === task.title && body === task.body) return ignore(`${task.key} reads so already`);
    const isHeard = snapshot.phases.length > 0 && !taskMoves.final.includes(task.status);
    const told = [
      "What is asked for was changed; it goes by this text now.",
      ...(title === task.title ? [] : [`Title: ${title}`]),
      ...(body === task.body ? [] : [body === "" ? "(no description)" : body]),
    ].join("\n\n");
    const text = told.slice(0, FEEDBACK_BYTES_MAX).toWellFormed();
    const data = asked(intent, { title: title !== task.title, body: body !== task.body });
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      revision: { title, body, by: by.name },
      feedback: isHeard ? [{ by: by.name, from: by.kind, text }] : [],
      events: [{ kind: "task.edited", key: intent.key, data }],
    };
  },
};

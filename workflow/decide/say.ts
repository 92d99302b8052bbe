/**
 * `say`: a person tells a task something; the next run that works on it is told, in order. Part of `decide`, and as
 * pure.
 */

import type { Asked, TaskTarget } from "../intent.ts";
import { taskMoves } from "../states.ts";
import { UNCHANGED } from "./change.ts";
import type { IntentKind } from "./decision.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";

export interface Say extends Asked {
  readonly kind: "say";
  readonly target: TaskTarget;
  /** As they wrote it. */
  readonly text: string;
}

export const say: IntentKind<Say> = {
  about: aboutTask,
  decide: ({ task, seen }, intent) => {
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (seen) return ignore(`this change is already part of ${task.key}`);
    if (task.status === "done" || task.status === "cancelled")
      return refuse(
        `${task.key} is ${task.status}, and nobody would hear it; make a new task, or retry this one`,
      );
    const { by, text } = intent;
    const isHeardLater = taskMoves.final.includes(task.status);
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      feedback: [{ by: by.name, from: by.kind, text }],
      events: [
        {
          kind: "task.told",
          key: intent.key,
          data: asked(intent, { ...(isHeardLater && { heard: "with a retry" }) }),
        },
      ],
    };
  },
};

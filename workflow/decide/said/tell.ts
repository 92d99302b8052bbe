/** What a person says to a task, as part of a change of it. Part of `decide`, and as pure. */

import type { Asked } from "../../intent.ts";
import type { NewFeedback } from "../../phases/feedback.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision } from "../decision.ts";
import { asked } from "../parts.ts";

/** A task that can still hear is told. */
export function tellTask(task: Task, intent: Asked, text: string): Change {
  const isHeardLater = taskMoves.final.includes(task.status);
  const data = asked(intent, { ...(isHeardLater && { heard: "with a retry" }) });
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    feedback: [saidBy(intent, text)],
    events: [{ kind: "task.told", key: intent.key, data }],
  };
}

/** What was asked, and what was said with it. What is refused or ignored tells nobody. */
export function telling(decision: Decision, intent: Asked, text: string | null): Decision {
  if (decision.kind !== "change" || text === null) return decision;
  return { ...decision, feedback: [...decision.feedback, saidBy(intent, text)] };
}

function saidBy({ by }: Asked, text: string): NewFeedback {
  return { by: by.name, from: by.kind, text };
}

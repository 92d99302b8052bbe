/** `cancel_task`: the task is over at once, and its agent is asked to stop. */

import type { Asked, TaskTarget } from "../intent.ts";
import { jobMoves, taskMoves } from "../states.ts";
import { UNCHANGED } from "./change.ts";
import type { IntentKind } from "./decision.ts";
import { isMerging } from "./flow.ts";
import { leaveOpen } from "./gates/leave-open.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";

export interface CancelTask extends Asked {
  readonly kind: "cancel_task";
  readonly target: TaskTarget;
  readonly reason: string;
  /** What it stands for was closed outside; that its work is merged closes it, too, and is no wish to stop. */
  readonly isClosed?: boolean;
  /** What it stands for is over at its source: nobody waits for it there any more. */
  readonly isOver?: boolean;
}

export const cancelTask: IntentKind<CancelTask> = {
  about: aboutTask,
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (intent.isClosed === true && (snapshot.pull?.status === "merged" || isMerging(snapshot)))
      return ignore(`the work of ${task.key} is merged, which closes what it stands for`);
    if (!taskMoves.can("cancel", task.status) && intent.isOver === true && task.status !== "done")
      return {
        ...UNCHANGED,
        base: task,
        task: { change: "keep" },
        events: [{ kind: "item.over", key: intent.key, data: asked(intent, { reason: intent.reason }) }],
      };
    if (!taskMoves.can("cancel", task.status))
      return refuse(`${task.key} is ${task.status}, so there is nothing to cancel`);
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "cancel", reason: intent.reason },
      jobs: snapshot.jobs
        .filter((job) => jobMoves.can("cancel", job.status))
        .map((job) => ({ change: "cancel", id: job.id, fence: job.fence, reason: intent.reason })),
      ...leaveOpen(snapshot, "abort"),
      stopRuns: snapshot.liveRuns > 0 ? "cancelled" : null,
      events: [{ kind: "task.cancelled", key: intent.key, data: asked(intent, { reason: intent.reason }) }],
    };
  },
};

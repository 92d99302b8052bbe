/** `retry_task`: a task that failed or was cancelled begins again. */

import { budgetHold } from "../budget.ts";
import type { Hold } from "../hold.ts";
import type { Asked, TaskTarget } from "../intent.ts";
import { BREAKER_RETRIES_MAX } from "../limits.ts";
import { taskMoves } from "../states.ts";
import type { Task } from "../task.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";

export interface RetryTask extends Asked {
  readonly kind: "retry_task";
  readonly target: TaskTarget;
  /** Name of the agent profile that the project's configuration gives the task's first phase now. */
  readonly agent: string;
}

export const retryTask: IntentKind<RetryTask> = {
  about: aboutTask,
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    if (task === null) return { kind: "unknown", reason: "there is no such task" };
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (!taskMoves.can("retry", task.status)) {
      return refuse(
        task.status === "paused"
          ? `${task.key} is paused; it goes on with: chargehand resume ${task.key}`
          : `${task.key} is ${task.status}; only ${taskMoves.sources("retry").join(", ")} tasks can be retried`,
      );
    }
    return restart(snapshot, task, intent.agent, intent);
  },
};

/** The same task again, from its first phase and with a fresh budget of attempts. */
export function restart(
  { workflow, recentRetries, liveRuns, standings }: Snapshot,
  task: Task,
  agent: string,
  intent: Asked,
): Decision {
  if (workflow === null)
    return refuse(`${task.key} was begun by a workflow that is unknown: ${task.workflow}`);
  if (recentRetries >= BREAKER_RETRIES_MAX) {
    return refuse(`${task.key} was restarted ${recentRetries} times within minutes; this looks like a loop`);
  }
  // A stopped run may still be dying. Its successor waits for its end, so that no two agents share a worktree (I4).
  const ending: Hold = { kind: "run_ending", reason: ENDING, remedy: null, until: null };
  const budget = budgetHold(task.key, standings);
  const holds = [...(liveRuns > 0 ? [ending] : []), ...(budget === null ? [] : [budget])];
  const [{ key: phase }] = workflow.phases;
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "retry", reason: null },
    jobs: [{ change: "create", phase, agent, priority: task.priority, holds }],
    events: [{ kind: "task.retried", key: intent.key, data: asked(intent, {}) }],
  };
}

const ENDING = "the previous run of this task is still ending";

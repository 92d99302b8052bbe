/**
 * The one place where a task's fate is decided: `decide(snapshot, intent, rules)`, pure.
 *
 * D1. No I/O, no clock, no chance: `now` and `jitter` come with the snapshot and the intent.
 * D2. A decision names moves; it never writes a status (I11).
 * D3. What it believed (task version, job fences) travels with the decision, and the store refuses it if the world
 *     has moved on; then the same intent is simply decided again.
 */

import { budgetHold } from "../budget.ts";
import type { Hold } from "../hold.ts";
import type { CancelTask, Intent, RetryTask, StartTask } from "../intent.ts";
import { BREAKER_RETRIES_MAX } from "../limits.ts";
import { SINGLE } from "../single.ts";
import { jobMoves, taskMoves } from "../states.ts";
import type { Task } from "../task.ts";
import { raiseBudget, reconsiderBudget } from "./budget-raised.ts";
import type { Change, Decision, NewTask, ProjectRules, Snapshot } from "./decision.ts";
import { asked, ignore, refuse, UNCHANGED } from "./parts.ts";
import { finishRun } from "./run-finished.ts";

export function decide(snapshot: Snapshot, intent: Intent, rules: ProjectRules): Decision {
  switch (intent.kind) {
    case "start_task":
      return startTask(snapshot, intent, rules);
    case "cancel_task":
      return cancelTask(snapshot, intent);
    case "retry_task":
      return retryTask(snapshot, intent, rules);
    case "raise_budget":
      return raiseBudget(snapshot, intent);
    case "reconsider_budget":
      return reconsiderBudget(snapshot, intent);
    case "run_finished":
      return finishRun(snapshot, intent);
    default:
      return intent satisfies never;
  }
}

function startTask(snapshot: Snapshot, intent: StartTask, rules: ProjectRules): Decision {
  const { task } = snapshot;
  if (task === null) return createTask(intent, rules, null);
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!isFinal(task)) return ignore(`${task.key} is already ${task.status}`);
  if (!intent.explicit)
    return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
  if (taskMoves.can("retry", task.status)) return restart(snapshot, task, rules, intent);
  return createTask(intent, rules, task.key);
}

function createTask(intent: StartTask, rules: ProjectRules, replaces: string | null): Change {
  const task: NewTask = {
    project: rules.name,
    prefix: rules.prefix,
    status: "active",
    wanted: intent.number,
    title: intent.title,
    body: intent.body,
    url: intent.url,
    author: intent.author,
    workflow: rules.workflow,
    priority: intent.priority,
  };
  const data = {
    by: intent.by.name,
    from: intent.by.kind,
    because: intent.because,
    ...(replaces && { after: replaces }),
  };
  return {
    ...UNCHANGED,
    base: null,
    task: { change: "create", task },
    refs: intent.refs,
    replaces,
    jobs: [
      {
        change: "create",
        phase: SINGLE.phases[0].key,
        agent: rules.agent,
        priority: intent.priority,
        holds: [],
      },
    ],
    events: [{ kind: "task.created", key: intent.key, data }],
  };
}

function cancelTask(snapshot: Snapshot, intent: CancelTask): Decision {
  const { task } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!taskMoves.can("cancel", task.status))
    return refuse(`${task.key} is ${task.status}, so there is nothing to cancel`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "cancel", reason: intent.reason },
    jobs: snapshot.jobs
      .filter((job) => jobMoves.can("cancel", job.status))
      .map((job) => ({ change: "cancel", id: job.id, fence: job.fence, reason: intent.reason })),
    stopRuns: snapshot.liveRuns > 0 ? "cancelled" : null,
    events: [{ kind: "task.cancelled", key: intent.key, data: asked(intent, { reason: intent.reason }) }],
  };
}

function retryTask(snapshot: Snapshot, intent: RetryTask, rules: ProjectRules): Decision {
  const { task } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  if (!taskMoves.can("retry", task.status)) {
    return refuse(
      `${task.key} is ${task.status}; only ${taskMoves.sources("retry").join(", ")} tasks can be retried`,
    );
  }
  return restart(snapshot, task, rules, intent);
}

/** The same task again, from its first phase and with a fresh budget of attempts. */
function restart(
  snapshot: Snapshot,
  task: Task,
  rules: ProjectRules,
  intent: StartTask | RetryTask,
): Decision {
  if (snapshot.recentRetries >= BREAKER_RETRIES_MAX) {
    return refuse(
      `${task.key} was restarted ${snapshot.recentRetries} times within minutes; this looks like a loop`,
    );
  }
  // A stopped run may still be dying. Its successor waits for its end, so that no two agents share a worktree (I4).
  const ending: Hold = { kind: "run_ending", reason: ENDING, remedy: null, until: null };
  const budget = budgetHold(task.key, snapshot.standings);
  const holds = [...(snapshot.liveRuns > 0 ? [ending] : []), ...(budget === null ? [] : [budget])];
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "retry", reason: null },
    jobs: [
      { change: "create", phase: SINGLE.phases[0].key, agent: rules.agent, priority: task.priority, holds },
    ],
    events: [{ kind: "task.retried", key: intent.key, data: asked(intent, {}) }],
  };
}

function isFinal(task: Task): boolean {
  return taskMoves.final.includes(task.status);
}

const ENDING = "the previous run of this task is still ending";

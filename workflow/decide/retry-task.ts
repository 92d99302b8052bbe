/** `retry_task`: a task that failed or was cancelled begins again. */

import { holdsOfBeginning } from "../between/between.ts";
import type { Hold } from "../hold.ts";
import type { Asked, TaskTarget } from "../intent.ts";
import type { JobChange } from "../job.ts";
import { BREAKER_RETRIES_MAX } from "../limits.ts";
import { jobMoves, taskMoves } from "../states.ts";
import { isUnsettled, type Task } from "../task.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { enterAgain, phaseOf, whereToBegin } from "./flow.ts";
import { leaveOpen } from "./gates/leave-open.ts";
import { holdsOnTheWay } from "./on-the-way.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";
import { isChosen, rolesOf } from "./players.ts";
import { telling } from "./said/tell.ts";
import { unsettledJob } from "./settle-workflow.ts";

export interface RetryTask extends Asked {
  readonly kind: "retry_task";
  readonly target: TaskTarget;
  /** The phase to begin with; left out, the one where it stands. */
  readonly from?: string | null;
  /** What they have said besides, as they wrote it. */
  readonly said?: string | null;
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
    const again = restart(snapshot, task, intent, intent.from ?? null);
    return telling(again, intent, intent.said ?? null);
  },
};

/**
 * The same task again, with a fresh budget of attempts, and played by whom it began with.
 *
 * @param from the phase to begin with; `null` for the one where it stands
 */
export function restart(snapshot: Snapshot, task: Task, intent: Asked, from: string | null = null): Decision {
  const { workflow, recentRetries, liveRuns, phases } = snapshot;
  if (isUnsettled(task)) return restartUnsettled(snapshot, task, intent, from);
  if (workflow === null)
    return refuse(`${task.key} was begun by a workflow that is unknown: ${task.workflow}`);
  if (recentRetries >= BREAKER_RETRIES_MAX) {
    return refuse(`${task.key} was restarted ${recentRetries} times within minutes; this looks like a loop`);
  }
  if (from !== null && phaseOf(workflow, from) === null) {
    const keys = workflow.phases.map(({ key }) => key).join(", ");
    return refuse(`workflow ${workflow.name} of ${task.key} has no phase ${from}; there are ${keys}`);
  }
  // A stopped run may still be dying. Its successor waits for its end, so that no two agents share a worktree (I4).
  const ending: Hold = { kind: "run_ending", reason: ENDING, remedy: null, until: null };
  const key = from ?? whereToBegin({ workflow, phases });
  const holds = [
    ...(liveRuns > 0 ? [ending] : []),
    ...holdsOfBeginning(snapshot.between.needs, snapshot.between.line),
    ...holdsOnTheWay(snapshot, { ...task, status: "active" }),
  ];
  const left = leaveOpen(snapshot, "supersede");
  const step = enterAgain(
    {
      workflow,
      phases,
      agents: rolesOf(workflow, task),
      priority: task.priority,
      pinned: isChosen(task.pins),
    },
    key,
    holds,
  );
  if (step.kind !== "enters") return refuse(step.kind === "fails" ? step.reason : ENDING);
  return {
    ...UNCHANGED,
    ...left,
    base: task,
    task: { change: "retry", reason: null },
    phases: [...left.phases, ...step.phases],
    merges: [...left.merges, ...step.merges],
    // Of a task that waits for an answer there is one.
    jobs: [...cancelled(snapshot), ...step.jobs],
    events: [
      {
        kind: "task.retried",
        key: intent.key,
        data: asked(intent, { phase: key }),
      },
      ...step.events,
    ],
  };
}

/** Nobody has read by which workflow it goes. */
function restartUnsettled(snapshot: Snapshot, task: Task, intent: Asked, from: string | null): Decision {
  if (from !== null)
    return refuse(`${task.key} has no phases yet: its workflow was not read from its repository`);
  const keeping = holdsOfBeginning(snapshot.between.needs, snapshot.between.line);
  const holds = [...keeping, ...holdsOnTheWay(snapshot, { ...task, status: "active" })];
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "retry", reason: null },
    jobs: [...cancelled(snapshot), unsettledJob(task.agent, task.priority, isChosen(task.pins), holds)],
    events: [{ kind: "task.retried", key: intent.key, data: asked(intent, {}) }],
  };
}

function cancelled({ jobs }: Snapshot): readonly JobChange[] {
  const reason = "its task was started again";
  return jobs
    .filter(({ status }) => jobMoves.can("cancel", status))
    .map(({ id, fence }) => ({ change: "cancel", id, fence, reason }));
}

const ENDING = "the previous run of this task is still ending";

/**
 * `pause_task` and `resume_task`: a person stops a task for a while, and it goes on. Part of `decide`, and as pure.
 *
 * Z1. A paused task has no agent: one that lives is asked to stop, its session is kept, and no attempt is paid (I9).
 *     What it has finished before that counts (E1 of `agents/conclude.ts`).
 * Z2. Its job waits with the hold `pause`, and gets it when its run has ended (`run-finished.ts`).
 * Z3. A pause that was given an end is ended by this decision, too, which the loop of pauses asks for when it is time.
 */

import { passBy } from "../between/between.ts";
import type { Hold, HoldKind } from "../hold.ts";
import type { Asked, TaskTarget } from "../intent.ts";
import type { JobChange } from "../job.ts";
import { isOpenQuestion, waitsForAnswer } from "../phases/question.ts";
import { approvalMoves } from "../phases/states.ts";
import { jobMoves, taskMoves } from "../states.ts";
import type { Task } from "../task.ts";
import { UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { waitsForApproval } from "./gates/open-gate.ts";
import { aboutTask, asked, ignore, refuse } from "./parts.ts";
import { pauseOfTask } from "./pause.ts";

export interface PauseTask extends Asked {
  readonly kind: "pause_task";
  readonly target: TaskTarget;
  /** Why: one sentence; `null` where nobody has said. */
  readonly why: string | null;
  /** When it ends by itself (ms). */
  readonly until: number | null;
  /** In place of that, how long it lasts (ms). */
  readonly forMs?: number | null;
}

export interface ResumeTask extends Asked {
  readonly kind: "resume_task";
  readonly target: TaskTarget;
  /** Time asks, and not a person: only a pause that is over by now ends. */
  readonly onlyDue: boolean;
}

export const pauseTask: IntentKind<PauseTask> = { about: aboutTask, decide: pause };

/** A task that is paused already gets the newer end and reason. */
function pause(snapshot: Snapshot, intent: PauseTask): Decision {
  const { task, jobs, liveRuns, now } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const isPaused = task.status === "paused";
  if (!isPaused && !taskMoves.can("pause", task.status))
    return refuse(`${task.key} is ${task.status}, so there is nothing to pause`);
  const { why, forMs = null } = intent;
  const until = forMs === null ? intent.until : now + forMs;
  const hold = pauseOfTask(task.key, { by: intent.by.name, why, until });
  const told = { ...(why !== null && { reason: why }), ...(until !== null && { until }) };
  return {
    ...UNCHANGED,
    base: task,
    task: { change: isPaused ? "keep" : "pause", reason: hold.reason, pausedUntil: until },
    jobs: jobs
      .filter(({ status }) => jobMoves.can("hold", status) || jobMoves.can("release", status))
      .map(({ id, fence }) => ({ change: "hold", id, fence, hold })),
    stopRuns: liveRuns > 0 ? "paused" : null,
    events: [{ kind: "task.paused", key: intent.key, data: asked(intent, told) }],
  };
}

export const resumeTask: IntentKind<ResumeTask> = { about: aboutTask, decide: resume };

/** Of a task that is not paused but waits for its time: it begins now. */
function resume(snapshot: Snapshot, intent: ResumeTask): Decision {
  const { task, now } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const data = asked(intent, {});
  if (taskMoves.can("resume", task.status)) {
    if (intent.onlyDue && !isOver(task, now)) return ignore(`${task.key} is paused for longer by now`);
    const waits = waitsFor(snapshot);
    return {
      ...UNCHANGED,
      base: task,
      // Nothing of it goes on before somebody has answered.
      task: waits === null ? { change: "resume", reason: null } : { change: "block", reason: waits },
      jobs: release(snapshot, "pause"),
      events: [{ kind: "task.resumed", key: intent.key, data }],
    };
  }
  const turn = passBy(snapshot.jobs);
  const early = [...release(snapshot, "not_before"), ...turn];
  if (intent.onlyDue || early.length === 0)
    return refuse(`${task.key} is ${task.status} and not paused, so there is nothing to resume`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: turn.length > 0 && task.status === "waiting" ? "activate" : "keep" },
    jobs: early,
    events: [{ kind: "task.hastened", key: intent.key, data }],
  };
}

/** Whose word it waits for, pause or no pause. */
function waitsFor({ approval, question }: Snapshot): string | null {
  if (approval !== null && approvalMoves.live.includes(approval.status))
    return waitsForApproval(approval.phase, 1);
  return isOpenQuestion(question) ? waitsForAnswer(question.phase, question.form) : null;
}

function isOver({ pausedUntil }: Task, now: number): boolean {
  return pausedUntil !== null && pausedUntil <= now;
}

function release({ jobs }: Snapshot, kind: HoldKind): readonly JobChange[] {
  const has = (holds: readonly Hold[]): boolean => holds.some((hold) => hold.kind === kind);
  return jobs
    .filter(({ holds }) => has(holds))
    .map(({ id, fence }) => ({ change: "release", id, fence, kind }));
}

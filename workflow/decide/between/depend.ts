/**
 * `depend_task` and `reconsider_task`: what a task waits for changes, because somebody says so, or because what it
 * waits for has ended. Part of `decide`, and as pure.
 *
 * Y1. Who ends a task asks this of those that wait for it, and all of it is one transaction (`store/settle.ts`).
 * Y2. Every task that needs the one that ends is written then, even where nothing changes for it: of two that end at
 *     once, the later one sees the other.
 */

import { circleOf, DEPENDENTS_MAX, isKeeping, NEEDS_MAX, type Need, regard } from "../../between/between.ts";
import type { NewEvent } from "../../event.ts";
import type { Asked, TaskTarget } from "../../intent.ts";
import { jobMoves, type TaskStatus, taskMoves } from "../../states.ts";
import type { Task, TaskChange } from "../../task.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { aboutTask, asked, ignore, refuse } from "../parts.ts";

export interface DependTask extends Asked {
  readonly kind: "depend_task";
  readonly target: TaskTarget;
  /** Keys of tasks. */
  readonly add: readonly string[];
  readonly drop: readonly string[];
  /** Where it is declared; left out, here. */
  readonly source?: string;
}

/** A task that has ended, or goes on again. */
export interface Ended {
  readonly key: string;
  readonly status: TaskStatus;
  /** What it stands for is over at its source, so that nobody waits for it there any more. */
  readonly isOver?: boolean;
}

export interface ReconsiderTask {
  readonly kind: "reconsider_task";
  readonly task: string;
  /** What ends in the same transaction, and is not in the rows yet. */
  readonly ended: readonly Ended[];
  /** By project, who begins in the same transaction, and is before it in a line. */
  readonly begun?: Readonly<Record<string, string>>;
}

export const dependTask: IntentKind<DependTask> = {
  about: (intent) => ({ ...aboutTask(intent), wanted: intent.add }),
  decide: depend,
};

function depend(snapshot: Snapshot, intent: DependTask): Decision {
  const { task, jobs, between } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const add = [...new Set(intent.add)].filter((key) => !between.needs.some((need) => need.key === key));
  const drop = [...new Set(intent.drop)];
  const wrong = whyNot(snapshot, task, add, drop);
  if (wrong !== null) return refuse(wrong);
  if (add.length + drop.length === 0) return ignore(`${task.key} needs what it is to need`);
  const added = between.wanted.filter(({ key }) => add.includes(key));
  const needs = [...between.needs.filter(({ key }) => !drop.includes(key)), ...added];
  const regarded = regard(jobs, needs, between.line, add.length > 0);
  return {
    ...UNCHANGED,
    base: task,
    task: onwards(task, regarded.isFree),
    jobs: regarded.jobs,
    dependencies: [
      ...drop.map((key) => ({ change: "drop", needs: key }) as const),
      ...addNeeds(added, between.lastEdge, intent.source ?? null),
    ],
    events: [
      ...add.map((key) => told("dependency.added", intent, key)),
      ...drop.map((key) => told("dependency.dropped", intent, key)),
      ...activated(task, regarded.isFree, null),
    ].map((event, index) => (index === 0 ? { ...event, key: intent.key } : event)),
  };
}

function told(kind: string, intent: DependTask, needs: string): NewEvent {
  return { kind, data: asked(intent, { needs }) };
}

function whyNot(
  { jobs, between }: Snapshot,
  { key, status }: Task,
  add: readonly string[],
  drop: readonly string[],
): string | null {
  if (status === "done") return `${key} is done, so it needs nothing any more`;
  const unknown = drop.find((one) => !between.needs.some((need) => need.key === one));
  if (unknown !== undefined) return `${key} does not need ${unknown}`;
  // One that waits for an answer, for CI or for a merge has no job at all.
  if (add.length > 0 && hasBegun(status, jobs))
    return `${key} has begun, so nothing keeps it from beginning any more`;
  if (between.needs.length + add.length - drop.length > NEEDS_MAX)
    return `${key} would need more than ${NEEDS_MAX} tasks`;
  return wrongNeeds(key, add, between);
}

/** Then nothing keeps it from beginning any more. */
export function hasBegun(status: TaskStatus, jobs: Snapshot["jobs"]): boolean {
  return (
    !taskMoves.final.includes(status) &&
    !jobs.some((job) => !jobMoves.final.includes(job.status) && job.opens)
  );
}

/** Why a task cannot need these; `null` when it can. @param task key of it; `null` of one that is only made */
export function wrongNeeds(
  task: string | null,
  add: readonly string[],
  { wanted, edges }: Snapshot["between"],
): string | null {
  if (task !== null && add.includes(task)) return `${task} cannot need itself`;
  if (add.length > NEEDS_MAX) return `a task cannot need more than ${NEEDS_MAX} others`;
  const missing = add.find((key) => !wanted.some((need) => need.key === key));
  if (missing !== undefined) return `there is no task ${missing} that it could need`;
  const crowded = wanted.find(({ dependents }) => dependents >= DEPENDENTS_MAX);
  if (crowded !== undefined) return `${DEPENDENTS_MAX} tasks need ${crowded.key} already, and no more can`;
  const circle = task === null ? null : circleOf(task, add, edges);
  return circle === null ? null : `that would be a circle: ${circle}`;
}

/** New edges, each with the number that it takes. @param source where they are declared; `null`: here */
export function addNeeds(
  added: readonly Need[],
  lastEdge: number,
  source: string | null,
): Change["dependencies"] {
  return added.map(({ key, version }, index) => {
    return { change: "add", needs: key, version, number: lastEdge + 1 + index, source };
  });
}

export const reconsiderTask: IntentKind<ReconsiderTask> = {
  about: ({ task, ended }) => {
    return { target: { key: task }, key: null, run: null, leaves: ended.map(({ key }) => key) };
  },
  decide: reconsider,
};

function reconsider({ task, jobs, between }: Snapshot, { ended, begun = {} }: ReconsiderTask): Decision {
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (taskMoves.final.includes(task.status)) return ignore(`${task.key} is ${task.status}`);
  const endOf = (key: string): Ended | undefined => ended.find((one) => one.key === key);
  // Where it was declared nobody waits for it any more. What somebody has said here stays.
  const over = between.needs.filter(({ key, source }) => source !== null && endOf(key)?.isOver === true);
  const needs = between.needs
    .filter((need) => !over.includes(need))
    .map((need) => ({ ...need, status: endOf(need.key)?.status ?? need.status }));
  const { line } = between;
  const before = line?.before ?? begun[task.project] ?? null;
  const regarded = regard(jobs, needs, line === null ? null : { ...line, before }, false);
  const of = ended.filter(({ key }) => between.needs.some((need) => need.key === key));
  const isFreed = regarded.jobs.length > 0 && regarded.isFree;
  // Y2.
  if (regarded.jobs.length === 0 && of.length === 0 && !isStale(task, regarded.isFree))
    return ignore(`nothing has changed for ${task.key}`);
  const after = ended[0]?.key ?? null;
  return {
    ...UNCHANGED,
    base: task,
    task: onwards(task, regarded.isFree),
    jobs: regarded.jobs,
    dependencies: over.map(({ key }) => ({ change: "drop", needs: key })),
    events: [
      ...of.map(({ key, status }): NewEvent => ({ kind: "dependency.ended", data: { needs: key, status } })),
      ...(isFreed || isStale(task, regarded.isFree) ? activated(task, regarded.isFree, after) : []),
    ],
  };
}

/** It waits, and nothing keeps it. */
function isStale({ status }: Task, isFree: boolean): boolean {
  return status === "waiting" && isFree;
}

function onwards({ status }: Task, isFree: boolean): TaskChange {
  return { change: isFree && taskMoves.can("activate", status) ? "activate" : "keep" };
}

function activated({ status }: Task, isFree: boolean, after: string | null): readonly NewEvent[] {
  if (!isFree || !taskMoves.can("activate", status)) return [];
  return [{ kind: "task.activated", data: after === null ? {} : { after: `${after} has ended` } }];
}

/** Whether a change lets its task begin, as far as others go. */
export function isFreed({ jobs }: Change): boolean {
  const isKept = jobs.some((job) => job.change === "hold" && isKeeping(job.hold));
  return !isKept && jobs.some((job) => job.change === "release" && isKeeping(job));
}

/** `start_task`: something outside, or a person, asks for a task. */

import { holdsOfBeginning } from "../between/between.ts";
import type { Hold } from "../hold.ts";
import type { Asked } from "../intent.ts";
import type { ProjectFacts } from "../project.ts";
import { taskMoves } from "../states.ts";
import { type ExternalRef, type NewTask, NO_PINS, type Task } from "../task.ts";
import { type Workflow, workflowFor } from "../workflow.ts";
import { addNeeds, wrongNeeds } from "./between/depend.ts";
import { type Change, UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { begin, type Entry } from "./flow.ts";
import { ignore } from "./parts.ts";
import { isChosen, playedBy } from "./players.ts";
import { restart } from "./retry-task.ts";
import { unsettledJob } from "./settle-workflow.ts";

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
  /** Its first job waits until then (ms). */
  readonly notBefore?: number;
  /** Keys of the tasks that have to be done before it begins. */
  readonly needs?: readonly string[];
  /** What the configuration says of the project now. */
  readonly facts: ProjectFacts;
}

export interface StartTask extends NewTaskWish {
  readonly kind: "start_task";
  /** A person asked in so many words (command, reopened), so a finished task is followed by another. */
  readonly explicit: boolean;
}

export const startTask: IntentKind<StartTask> = {
  about: ({ project, refs, key, needs = [] }) => {
    return { target: { project, refs }, key, run: null, wanted: needs };
  },
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    if (task === null) return createTask(snapshot, intent, null);
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (!taskMoves.final.includes(task.status)) return ignore(tellLive(task));
    if (!intent.explicit)
      return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
    if (taskMoves.can("retry", task.status)) return restart(snapshot, task, intent.facts, intent);
    return createTask(snapshot, intent, task.key);
  },
};

/** A pause is stronger than whoever asks again: it stays, and the reason of the delivery says so. */
function tellLive({ key, status, reason }: Task): string {
  if (status !== "paused") return `${key} is already ${status}`;
  return `${key} is ${reason ?? "paused"}; it goes on with: chargehand resume ${key}`;
}

/** @param replaces the finished task whose names the new one takes over */
export function createTask(
  { now, between }: Snapshot,
  intent: NewTaskWish,
  replaces: string | null,
): Change | Extract<Decision, { kind: "refuse" }> {
  const { prefix, pins = NO_PINS, baseBranch } = intent.facts;
  const workflow = workflowOfTask(intent.facts);
  const wrong = wrongNeeds(null, [...new Set(intent.needs)], between);
  if (wrong !== null) return { kind: "refuse", reason: wrong };
  // What it is to need is what it needs; of a task that is only made there is no more.
  const keeping = holdsOfBeginning(between.wanted, between.line);
  const agents = workflow === null ? {} : playedBy(workflow, intent.facts, pins.agents);
  const task: NewTask = {
    project: intent.project,
    prefix,
    status: keeping.length > 0 ? "waiting" : "active",
    wanted: intent.number,
    title: intent.title,
    body: intent.body,
    url: intent.url,
    author: intent.author,
    workflow,
    agents,
    pins,
    base: baseBranch,
    priority: intent.priority,
  };
  const data = {
    by: intent.by.name,
    from: intent.by.kind,
    because: intent.because,
    ...(replaces && { after: replaces }),
  };
  const entered = entryOf(intent, workflow, agents, [...keeping, ...laterThan(now, intent)]);
  return {
    ...UNCHANGED,
    base: null,
    task: { change: "create", task },
    refs: intent.refs,
    replaces,
    phases: entered.phases,
    jobs: entered.jobs,
    merges: entered.merges,
    dependencies: addNeeds(between.wanted, between.lastEdge),
    events: [
      { kind: "task.created", key: intent.key, data },
      ...between.wanted.map(({ key }) => ({ kind: "dependency.added", data: { needs: key } })),
      ...entered.events,
    ],
  };
}

/** Into the first phase; of a workflow that is still to be read, before it. */
/** What its project lets be of it; `null` where it is still to be read. */
function workflowOfTask({ workflow, merges = false }: NewTaskWish["facts"]): Workflow | null {
  return workflow === null ? null : workflowFor(workflow, { merge: merges });
}

function entryOf(
  { facts, priority }: NewTaskWish,
  workflow: Workflow | null,
  agents: Readonly<Record<string, string>>,
  holds: readonly Hold[],
): Entry {
  const { agent, pins = NO_PINS } = facts;
  const pinned = facts.pinned === true || isChosen(pins);
  if (workflow === null)
    return { phases: [], jobs: [unsettledJob(agent, priority, pinned, holds)], merges: [], events: [] };
  const first = begin({ workflow, phases: [], agents, priority, pinned }, holds);
  // The first phase of a workflow has no condition, so there is one to enter.
  return first.kind === "enters" ? first : { phases: [], jobs: [], merges: [], events: [] };
}

/** A time that has passed is now. */
function laterThan(now: number, { notBefore = now, by }: NewTaskWish): readonly Hold[] {
  if (notBefore <= now) return [];
  const reason = `${by.name} wants it to begin later`;
  return [{ kind: "not_before", reason, remedy: "begin now with: chargehand resume KEY", until: notBefore }];
}

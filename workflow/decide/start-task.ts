/** `start_task`: something outside, or a person, asks for a task. */

import { holdsOfBeginning } from "../between/between.ts";
import type { Hold } from "../hold.ts";
import type { Asked } from "../intent.ts";
import { type ItemContext, tellContext } from "../outside/context.ts";
import type { Phase } from "../phases/phase.ts";
import type { ProjectFacts } from "../project.ts";
import { taskMoves } from "../states.ts";
import { type ExternalRef, type NewTask, NO_PINS, type Task } from "../task.ts";
import { workflowFor } from "../workflow.ts";
import { addNeeds, wrongNeeds } from "./between/depend.ts";
import { type Change, UNCHANGED } from "./change.ts";
import type { Decision, IntentKind, Snapshot } from "./decision.ts";
import { begin, type Entry } from "./flow.ts";
import { asked, ignore } from "./parts.ts";
import { isChosen, type Players, playersOf, rolesOf } from "./players.ts";
import { restart } from "./retry-task.ts";
import { telling, tellTask } from "./said/tell.ts";
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
  /** Where that is declared; left out, here. */
  readonly needsFrom?: string;
  /** What the configuration says of the project now. */
  readonly facts: ProjectFacts;
}

export interface StartTask extends NewTaskWish {
  readonly kind: "start_task";
  /** A person asked in so many words (command, reopened), so a finished task goes on. */
  readonly explicit: boolean;
  /** What they have said besides, as they wrote it: for whoever works on the task. */
  readonly said?: string | null;
  /** What stands there besides the text; left out where nobody has looked. */
  readonly context?: ItemContext;
}

export const startTask: IntentKind<StartTask> = {
  about: ({ project, refs, key, needs = [] }) => {
    return { target: { project, refs }, key, run: null, wanted: needs, newest: true };
  },
  decide: (snapshot, intent) => {
    const { task } = snapshot;
    const { said = null } = intent;
    if (task === null) return telling(knowing(createTask(snapshot, intent, null), intent), intent, said);
    if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
    if (!taskMoves.final.includes(task.status))
      return said === null ? ignore(tellLive(task)) : tellTask(task, intent, said);
    if (!intent.explicit)
      return ignore(`${task.key} is ${task.status}; only a person's command starts it again`);
    const again = taskMoves.can("retry", task.status)
      ? restart(snapshot, task, intent)
      : createTask(snapshot, intent, task);
    return telling(knowing(again, intent), intent, said);
  },
};

/** A task that begins is told what stands where it was asked for, as of now. */
function knowing(decision: Decision, { context }: StartTask): Decision {
  if (decision.kind !== "change" || context === undefined) return decision;
  const read = { kind: "item.read", data: tellContext(context) };
  return { ...decision, context, events: [...decision.events, read] };
}

/** A pause is stronger than whoever asks again: it stays, and the reason of the delivery says so. */
function tellLive({ key, status, reason }: Task): string {
  if (status !== "paused") return `${key} is already ${status}`;
  return `${key} is ${reason ?? "paused"}; it goes on with: chargehand resume ${key}`;
}

/**
 * @param follows the done task from which it goes on: on its branch and in its sessions, and its names are taken over
 */
export function createTask(
  snapshot: Snapshot,
  intent: NewTaskWish,
  follows: Task | null,
): Change | Extract<Decision, { kind: "refuse" }> {
  const { now, between } = snapshot;
  const facts = factsOfTask(follows === null ? intent.facts : asBefore(intent.facts, follows, snapshot));
  const { workflow, prefix, pins = NO_PINS, baseBranch } = facts;
  const wrong = wrongNeeds(null, [...new Set(intent.needs)], between);
  if (wrong !== null) return { kind: "refuse", reason: wrong };
  // What it is to need is what it needs; of a task that is only made there is no more.
  const keeping = holdsOfBeginning(between.wanted, between.line);
  const players = playersOf(facts);
  const agents = workflow === null ? players.agents : rolesOf(workflow, players);
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
    agent: players.agent,
    pins,
    base: baseBranch,
    priority: intent.priority,
    branch: follows?.branch ?? null,
  };
  const { by, because } = intent;
  const data = asked({ by, because }, follows === null ? {} : { after: follows.key });
  const before = follows === null ? [] : snapshot.phases;
  const entered = entryOf(
    { ...intent, facts },
    { ...players, agents },
    [...keeping, ...laterThan(now, intent)],
    before,
  );
  return {
    ...UNCHANGED,
    base: null,
    task: { change: "create", task },
    refs: intent.refs,
    replaces: follows?.key ?? null,
    phases: entered.phases,
    jobs: entered.jobs,
    merges: entered.merges,
    dependencies: addNeeds(between.wanted, between.lastEdge, intent.needsFrom ?? null),
    events: [
      { kind: "task.created", key: intent.key, data },
      ...between.wanted.map(({ key }) => ({ kind: "dependency.added", data: { needs: key } })),
      ...entered.events,
    ],
  };
}

/** What goes on goes by the workflow, the players and what was chosen before, whatever a new task would go by today. */
function asBefore(facts: ProjectFacts, task: Task, snapshot: Snapshot): ProjectFacts {
  const { agent, agents, pins, base } = task;
  const workflow = snapshot.workflow ?? facts.workflow;
  return { ...facts, workflow, agent, agents, pins, baseBranch: base ?? facts.baseBranch };
}

/** With what its project lets be of the workflow. */
function factsOfTask(facts: ProjectFacts): ProjectFacts {
  const { workflow, merges = false } = facts;
  return { ...facts, workflow: workflow === null ? null : workflowFor(workflow, { merge: merges }) };
}

/** Into the first phase; of a workflow that is still to be read, before it. */
function entryOf(
  { facts, priority }: NewTaskWish,
  { agent, agents }: Players,
  holds: readonly Hold[],
  before: readonly Phase[],
): Entry {
  const { workflow, pins = NO_PINS } = facts;
  const pinned = isChosen(pins);
  if (workflow === null)
    return { phases: [], jobs: [unsettledJob(agent, priority, pinned, holds)], merges: [], events: [] };
  const first = begin({ workflow, phases: [], before, agents, priority, pinned }, holds);
  // The first phase of a workflow has no condition, so there is one to enter.
  return first.kind === "enters" ? first : { phases: [], jobs: [], merges: [], events: [] };
}

/** A time that has passed is now. */
function laterThan(now: number, { notBefore = now, by }: NewTaskWish): readonly Hold[] {
  if (notBefore <= now) return [];
  const reason = `${by.name} wants it to begin later`;
  return [{ kind: "not_before", reason, remedy: "begin now with: chargehand resume KEY", until: notBefore }];
}

/**
 * Asks for something: reads a snapshot, lets `decide` answer, commits. The one way in which tasks change, whoever asks
 * (inbox, API, runner, reaper).
 *
 * A conflict means that somebody changed the task between reading and writing; the intent is then decided again on
 * what is true now, so no intent is lost and none is applied to a world that has gone.
 */

import { type Between, NOTHING_BETWEEN } from "../workflow/between/between.ts";
import { type Ended, isFreed } from "../workflow/decide/between/depend.ts";
import { endedBy } from "../workflow/decide/between/line.ts";
import type { Change } from "../workflow/decide/change.ts";
import { aboutOf, decide, type Intent } from "../workflow/decide/decide.ts";
import type { About, Decision, Snapshot } from "../workflow/decide/decision.ts";
import { BREAKER_WINDOW_MS, DECIDE_TRIES_MAX } from "../workflow/limits.ts";
import type { NewCall } from "../workflow/outbox.ts";
import { awaitedCommit } from "../workflow/phases/ci.ts";
import { aboutTask } from "../workflow/subject.ts";
import type { Task } from "../workflow/task.ts";
import { StoreFault } from "./engine/engine.ts";
import type { Store } from "./store.ts";

export type Asked =
  /** Committed; the keys of the tasks that changed. */
  | { readonly kind: "done"; readonly tasks: readonly string[] }
  /** Nothing to do. The delivery, if any, is still to be finished by the caller. */
  | { readonly kind: "ignored"; readonly reason: string; readonly task: string | null }
  | { readonly kind: "refused"; readonly reason: string; readonly task: string | null }
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Decides all intents and commits what they change, together with the mark on `delivery`, in one transaction.
 *
 * @param calls what is told outside, if anything changes
 * @throws StoreFault when the database cannot work, or when the task changes faster than it can be read.
 */
export async function ask(
  store: Store,
  intents: readonly Intent[],
  delivery: number | null,
  now: number,
  calls: readonly NewCall[] = [],
): Promise<Asked> {
  for (let tries = 0; tries < DECIDE_TRIES_MAX; tries++) {
    const answers = await Promise.all(intents.map((intent) => answer(store, intent, now)));
    const changes = answers.flatMap(({ decision }) => (decision.kind === "change" ? [decision] : []));
    if (changes.length === 0) return nothingToDo(answers);
    const all = [...changes, ...(await followUps(store, answers, now))];
    const result = await store.commit(oncePerLine(all), delivery, now, calls);
    if (result.kind === "committed") return { kind: "done", tasks: result.tasks };
  }
  throw new StoreFault(
    "busy",
    "the task changes faster than it can be decided",
    "look for a loop in its history",
  );
}

/**
 * What would follow from an intent now; nothing is written.
 * @throws StoreFault when the database cannot work
 */
export async function consider(
  store: Store,
  intent: Intent,
  now: number,
): Promise<{ readonly decision: Decision; readonly task: Task | null }> {
  return await answer(store, intent, now);
}

interface Answer {
  readonly decision: Decision;
  readonly task: Task | null;
  /** What its task has come to by this, where others may wait for that. */
  readonly ended: Ended | null;
}

async function answer(store: Store, intent: Intent, now: number): Promise<Answer> {
  const snapshot = await look(store, aboutOf(intent), now);
  const decision = decide(snapshot, intent);
  const ended = decision.kind === "change" ? endedBy(snapshot, decision) : null;
  const { task } = snapshot;
  if (decision.kind !== "change" || task === null || intent.kind !== "cancel_task" || intent.isOver !== true)
    return { decision, task, ended };
  return { decision, task, ended: { ...(ended ?? { key: task.key, status: task.status }), isOver: true } };
}

/**
 * What the ends of tasks mean for those that wait for them: part of the same transaction, so that nobody who waits is
 * forgotten between two. One that this transaction changes anyway is left to the loop of those who wait.
 */
async function followUps(store: Store, answers: readonly Answer[], now: number): Promise<readonly Change[]> {
  const ended = answers.flatMap((one) => one.ended ?? []);
  if (ended.length === 0) return [];
  const waiting = new Set<string>();
  for (const { task, ended: end } of answers) {
    if (task === null || end === null) continue;
    for (const key of await store.between.dependents(end.key)) waiting.add(key);
    for (const key of await store.between.next(task.project, end.key)) waiting.add(key);
  }
  for (const { task } of answers) if (task !== null) waiting.delete(task.key);
  const changes: Change[] = [];
  let begun: Readonly<Record<string, string>> = {};
  // One after another: of several that could begin in one line, the first does, and the others wait for it.
  for (const key of waiting) {
    const intent = { kind: "reconsider_task", task: key, ended, begun } as const;
    const { decision, task } = await answer(store, intent, now);
    if (decision.kind !== "change" || task === null) continue;
    changes.push(decision);
    if (isFreed(decision)) begun = { ...begun, [task.project]: key };
  }
  return changes;
}

/** A line is moved up once, however many of one transaction stand in it. */
function oncePerLine(changes: readonly Change[]): readonly Change[] {
  const moved = new Set<string>();
  return changes.map((change) => {
    const { line } = change;
    if (line === null) return change;
    if (moved.has(line.project)) return { ...change, line: null };
    moved.add(line.project);
    return change;
  });
}

/** Reads what a decision may depend on. The task comes first: its version guards everything read after it. */
async function look(store: Store, about: About, now: number): Promise<Snapshot> {
  const { target, key } = about;
  const slot = about.slot === undefined ? null : await store.recurring.standing(about.slot);
  const named =
    "key" in target ? await store.tasks.get(target.key) : await store.tasks.find(target.project, target.refs);
  const task = about.newest === true && named?.status === "done" ? await store.follow.newest(named) : named;
  const project = task?.project ?? ("project" in target ? target.project : null);
  const between = await lookBetween(store, about, task?.key ?? null, project);
  if (task === null) return { ...NO_TASK, now, slot, between };
  const [
    workflow,
    jobs,
    phases,
    approval,
    ci,
    pull,
    asked,
    lastSaid,
    liveRuns,
    seen,
    recentRetries,
    run,
    kept,
  ] = await Promise.all([
    store.workflows.ofTask(task),
    store.jobs.ofTask(task.key),
    store.phases.ofTask(task.key),
    store.approvals.newest(task.key),
    store.ci.newest(task.key),
    task.branch === null ? null : store.pulls.newest(task.project, task.branch),
    store.questions.standing(task.key, about.asks ?? null),
    store.approvals.lastSaid(task.key),
    store.runs.countLive(task.key),
    key === null ? false : store.events.has(aboutTask(task.key), key),
    store.events.count(aboutTask(task.key), "task.retried", now - BREAKER_WINDOW_MS),
    about.run === null ? null : lookAtRun(store, about.run),
    about.kept === true ? store.kept.ofTask(task.key) : [],
  ]);
  const phase = jobs.at(-1)?.phase ?? null;
  const standings = await store.budgets.standings({ project: task.project, task: task.key, phase }, now);
  const checks = await checksOf(store, about, task, ci);
  return {
    ...{ now, task, workflow, jobs, phases, approval, ci, pull, checks, ...asked, lastSaid, liveRuns, seen },
    ...{ recentRetries, run, standings, kept, slot, between },
  };
}

async function lookBetween(
  store: Store,
  { wanted = [], leaves = [] }: About,
  task: string | null,
  project: string | null,
): Promise<Between> {
  return project === null ? NOTHING_BETWEEN : store.between.look({ task, project, wanted, leaves });
}

const NO_TASK: Omit<Snapshot, "now"> = {
  task: null,
  workflow: null,
  jobs: [],
  phases: [],
  approval: null,
  ci: null,
  pull: null,
  checks: [],
  question: null,
  questions: { count: 0, same: null },
  lastSaid: 0,
  liveRuns: 0,
  seen: false,
  recentRetries: 0,
  run: null,
  standings: [],
  kept: [],
  slot: null,
  between: NOTHING_BETWEEN,
};

/** What is known of the commit that an intent is about. */
async function checksOf(
  store: Store,
  { commit }: About,
  task: Task,
  ci: Snapshot["ci"],
): Promise<Snapshot["checks"]> {
  const meant = commit === undefined ? null : (commit ?? awaitedCommit(task, ci));
  return meant === null ? [] : store.ci.checks(task.key, meant);
}

async function lookAtRun(store: Store, id: string): Promise<Snapshot["run"]> {
  const run = await store.runs.get(id);
  if (run === null) return null;
  const { status, agent, claimedAt, heard } = run;
  const account = run.account === null ? null : await store.accounts.get(run.account);
  return { status, agent, claimedAt, account, heard };
}

/** Of several projects' answers the one that says most: a refusal before an ignored before an unknown. */
function nothingToDo(answers: readonly Answer[]): Asked {
  for (const kind of ["refuse", "ignore"] as const) {
    const found = answers.find(({ decision }) => decision.kind === kind);
    if (found?.decision.kind === "refuse")
      return { kind: "refused", reason: found.decision.reason, task: found.task?.key ?? null };
    if (found?.decision.kind === "ignore")
      return { kind: "ignored", reason: found.decision.reason, task: found.task?.key ?? null };
  }
  const first = answers[0]?.decision;
  return { kind: "unknown", reason: first?.kind === "unknown" ? first.reason : "nothing was asked" };
}

/**
 * `pull_changed`: somebody has opened, closed, merged or pushed to the pull request of a task, by whatever way it was
 * heard of. Part of `decide`, and as pure.
 *
 * P1. What the row says already is nothing new, however often it is told.
 * P2. Who merges it by hand has ended the wait for it; who closes it has ended the task. What is done stays done.
 * P3. What others push to it is theirs: nothing is forced over it. The next run is told to take it over first, and what
 *     a run publishes meanwhile goes on top of it.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import { type PullMove, type PullRequest, pullMoves, pullRef, type SeenPull } from "../../phases/pull.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { cancelTask } from "../cancel-task.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { isMerging, standing } from "../flow.ts";
import { mergeEnded } from "../gates/merge-ended.ts";
import { aboutTask, asked, ignore } from "../parts.ts";
import { takeOver } from "../said/take-over.ts";

/** A pull request as an event, or a look, shows it. */
export interface ToldPull extends Omit<SeenPull, "isOurs"> {
  /** The branch that it is to go into. */
  readonly base: string;
}

export interface PullChanged extends Asked {
  readonly kind: "pull_changed";
  /** By key, or by the name that `pullRef` gives. */
  readonly target: TaskTarget;
  readonly pull: ToldPull;
  /** `pushed`: its head is another; `by` may be unknown to whoever only looked. */
  readonly what: "opened" | "reopened" | "closed" | "merged" | "pushed";
  /** Of `merged`: the commit of the base, where it was told. */
  readonly mergedAs: string | null;
  /** Whether the project trusts who did it; asked of `opened` alone, which anybody may do. */
  readonly isTrusted: boolean;
}

export const pullChanged: IntentKind<PullChanged> = {
  about: (intent) => ({ ...aboutTask(intent), kept: true, newest: true }),
  decide,
};

function decide(snapshot: Snapshot, intent: PullChanged): Decision {
  const { task, pull } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  const { pull: told, what } = intent;
  const isKnown = pull !== null && pull.number === told.number && pull.repo === told.repo;
  if (pull !== null && !isKnown && (pull.number > told.number || pull.status === "open"))
    return ignore(`${task.key} goes on with pull request ${pull.number}, and not with ${told.number}`);
  if (!isKnown) {
    if (what === "pushed" || what === "reopened") return ignore(`${name(told)} is not known here`);
    const trouble = whyNotOurs(task, intent);
    if (trouble !== null) return ignore(trouble);
  }
  const begun = withEvent(isKnown ? bare(task) : recorded(task, told), snapshot, intent);
  if (what === "opened") return isKnown ? ignore(`${name(told)} is known already`) : begun;
  if (what === "pushed") return pushed(begun, snapshot, task, pull, intent);
  const move = MOVES[what];
  if (isKnown && !pullMoves.can(move, pull.status)) return ignore(`${name(told)} is ${pull.status} already`);
  return moved(begun, snapshot, task, move, intent);
}

const MOVES = { closed: "close", merged: "merge", reopened: "reopen" } as const satisfies Readonly<
  Record<string, PullMove>
>;

/** U3 of `workflow/phases/pull.ts`: why one that nobody here has opened is not the task's; `null` where it is. */
function whyNotOurs(task: Task, { pull, what, isTrusted, by }: PullChanged): string | null {
  if (pull.branch !== task.branch) return `${name(pull)} is of another branch than that of ${task.key}`;
  if (task.base !== null && pull.base !== task.base)
    return `${name(pull)} is to go into ${pull.base}, and the work of ${task.key} into ${task.base}`;
  return what === "opened" && !isTrusted
    ? `${name(pull)} was opened by ${by.name}, whom the project does not trust`
    : null;
}

function bare(task: Task): Change {
  return { ...UNCHANGED, base: task, task: { change: "keep" } };
}

/** One that a person has opened, or of which our own opening was never written down. */
function recorded(task: Task, { base: _, ...pull }: ToldPull): Change {
  return {
    ...bare(task),
    refs: [pullRef(pull)],
    pulls: [{ change: "record", pull: { ...pull, isOurs: false } }],
  };
}

function withEvent(change: Change, { seen }: Snapshot, intent: PullChanged): Change {
  const { pull, what, mergedAs } = intent;
  const { number, repo, commit, url } = pull;
  const merged = mergedAs === null ? {} : { merged_as: mergedAs };
  const data = asked(intent, { number, repo, url, ...(commit !== null && { commit }), ...merged });
  // It may be closed, opened again, and closed once more as it was.
  return { ...change, events: [{ kind: `pull.${what}`, ...(!seen && { key: intent.key }), data }] };
}

/** P2. */
function moved(begun: Change, snapshot: Snapshot, task: Task, move: PullMove, intent: PullChanged): Decision {
  const { pull, by, mergedAs } = intent;
  const { source, repo, number, commit } = pull;
  const change = { change: move, source, repo, number, by: by.name, mergedAs, commit } as const;
  const written: Change = { ...begun, pulls: [...begun.pulls, change] };
  if (move === "close" && taskMoves.can("cancel", task.status)) {
    const reason = `${name(pull)} was closed by ${by.name} and not merged`;
    const { project, key, because } = intent;
    const wish = {
      kind: "cancel_task",
      project,
      by,
      key,
      because,
      target: { key: task.key },
      reason,
    } as const;
    const ended = cancelTask.decide({ ...snapshot, seen: false }, wish);
    return joined(written, ended, snapshot.seen);
  }
  const current = standing(snapshot.phases);
  if (move === "merge" && isMerging(snapshot) && current !== null) {
    const commit = mergedAs ?? pull.commit ?? task.commit ?? "";
    const outcome = { kind: "merged", base: pull.base, commit } as const;
    const wish = { kind: "merge_ended", task: task.key, seq: current.seq, outcome } as const;
    return joined(written, mergeEnded.decide({ ...snapshot, seen: false }, wish), false);
  }
  return written;
}

/** Both are one change. @param isSeen whether the key of the event stands in the history already */
function joined(written: Change, follows: Decision, isSeen: boolean): Decision {
  if (follows.kind !== "change") return written;
  const told = follows.events.map(({ key, ...event }) =>
    key === undefined || isSeen ? event : { ...event, key },
  );
  // One event has the key.
  const own = written.events.map(({ key: _, ...event }) => event);
  return {
    ...follows,
    refs: [...written.refs, ...follows.refs],
    pulls: [...written.pulls, ...follows.pulls],
    events: [...own, ...told],
  };
}

/** P3. */
function pushed(
  begun: Change,
  snapshot: Snapshot,
  task: Task,
  known: PullRequest | null,
  { pull, by }: PullChanged,
): Decision {
  const { source, repo, number, commit } = pull;
  if (commit === null || commit === task.commit || commit === known?.commit)
    return ignore(`the head of ${name(pull)} is known already`);
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const pulls = [...begun.pulls, { change: "push", source, repo, number, commit } as const];
  const isOver = taskMoves.final.includes(task.status);
  return { ...begun, pulls, feedback: isOver ? [] : [takeOver(by.name, pull.branch, commit)] };
}

function name({ number }: Pick<SeenPull, "number">): string {
  return `pull request ${number}`;
}

/**
 * `pull_reviewed`: somebody has reviewed the pull request of a task. Part of `decide`, and as pure.
 *
 * R1. A review is one effect, by its id, however often and by whatever way it is told, with all its remarks.
 * R2. An approval opens a gate that asks about exactly the commit which was looked at. Of another commit it is written
 *     down alone: nobody has seen what is there now.
 * R3. What is wanted otherwise, and what is remarked, is feedback with file and line, of whatever commit. A wish for
 *     changes is a no at a gate that asks; work that waits to be merged goes back for it as what does not fit does.
 * R4. Whom the project does not trust is heard by nobody.
 * R5. A review that is dismissed takes its approval back from a gate that still asks. What has been decided stays so.
 */

import type { Asked, TaskTarget } from "../../intent.ts";
import { FEEDBACK_BYTES_MAX, REMARKS_MAX } from "../../limits.ts";
import type { PullName, PullThread } from "../../phases/pull.ts";
import { approvalMoves } from "../../phases/states.ts";
import type { ProjectFacts } from "../../project.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { same } from "../../text/same.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { hasten, isMerging, standing } from "../flow.ts";
import { answerGate } from "../gates/answer-gate.ts";
import { mergeEnded } from "../gates/merge-ended.ts";
import { shortCommit } from "../made.ts";
import { aboutTask, asked, ignore } from "../parts.ts";
import { say } from "../said/say.ts";

/** A remark to a line: text from outside. */
export interface Remark extends Pick<PullThread, "comment" | "path" | "line"> {
  readonly text: string;
}

export interface PullReviewed extends Asked {
  readonly kind: "pull_reviewed";
  readonly target: TaskTarget;
  readonly pull: PullName;
  readonly said: "approved" | "changes_requested" | "commented" | "dismissed";
  /** The whole name of the commit that was looked at. */
  readonly commit: string | null;
  /** As they wrote it; may be empty. */
  readonly text: string;
  /** Its remarks, with `comment` being the first of the thread in which each stands. */
  readonly remarks: readonly Remark[];
  readonly isTrusted: boolean;
  /** For a task that follows one that is done. */
  readonly facts: ProjectFacts;
}

export const pullReviewed: IntentKind<PullReviewed> = {
  about: (intent) => ({ ...aboutTask(intent), kept: true, newest: true }),
  decide,
};

function decide(snapshot: Snapshot, intent: PullReviewed): Decision {
  const { task, seen } = snapshot;
  const { by, said } = intent;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (seen) return ignore(`this review is already part of ${task.key}`);
  if (said === "dismissed") return dismissed(snapshot, task, intent);
  if (!intent.isTrusted) return ignore(`${by.name} has reviewed it, whom the project does not trust`);
  const told = feedbackOf(intent);
  if (said === "approved") return approved(snapshot, task, intent, told);
  return told === null ? recorded(task, intent, {}) : heard(snapshot, task, intent, told);
}

/** R2. */
function approved(snapshot: Snapshot, task: Task, intent: PullReviewed, told: string | null): Decision {
  const { commit, remarks } = intent;
  const threads = threadsOf(intent);
  const isStale = commit === null || commit !== task.commit;
  const words = remarks.length > 0 && told !== null ? [feedback(intent, told)] : [];
  const more = taskMoves.final.includes(task.status) ? {} : { feedback: words, pulls: threads };
  if (!isAskedOf(snapshot, commit))
    return recorded(task, intent, { ...(isStale && { stale: true }) }, { ...more, merges: hasten(snapshot) });
  const why = intent.text.trim() === "" ? null : intent.text.slice(0, FEEDBACK_BYTES_MAX);
  const answer = {
    kind: "answer_gate",
    answer: "approve",
    why,
    artifact: null,
    ...base(intent),
    approval: snapshot.approval?.id ?? null,
  } as const;
  const decision = answerGate.decide(snapshot, answer);
  if (decision.kind !== "change") return recorded(task, intent, { refused: reasonOf(decision) }, more);
  const { feedback: said, pulls } = decision;
  return {
    ...decision,
    ...more,
    feedback: [...said, ...(more.feedback ?? [])],
    pulls: [...pulls, ...threads],
  };
}

/** R5. */
function dismissed({ approval }: Snapshot, task: Task, intent: PullReviewed): Decision {
  const isOpen = approval !== null && approvalMoves.live.includes(approval.status);
  const vote = isOpen ? approval.votes.find((name) => same(name, intent.by.name)) : undefined;
  if (approval === null || vote === undefined)
    return ignore("a review that was dismissed says nothing, and has no vote here that could be taken back");
  const noted = recorded(task, intent, {});
  const taken = { kind: "gate.unvoted", data: { phase: approval.phase, by: vote } };
  return {
    ...noted,
    approvals: [{ change: "unvote", id: approval.id, by: vote }],
    events: [...noted.events, taken],
  };
}

/** R3. */
function heard(snapshot: Snapshot, task: Task, intent: PullReviewed, told: string): Decision {
  const { said, by, commit } = intent;
  const threads = threadsOf(intent);
  if (said === "changes_requested") {
    const current = standing(snapshot.phases);
    if (isAskedOf(snapshot, commit)) {
      const answer = {
        kind: "answer_gate",
        answer: "reject",
        why: told,
        artifact: null,
        ...base(intent),
        approval: snapshot.approval?.id ?? null,
      } as const;
      const decision = answerGate.decide(snapshot, answer);
      if (decision.kind === "change")
        return decision.feedback.length === 0 ? decision : { ...decision, pulls: threads };
    }
    if (isMerging(snapshot) && current !== null) {
      const outcome = { kind: "unwanted", by: by.name, from: by.kind, text: told } as const;
      const wish = { kind: "merge_ended", task: task.key, seq: current.seq, outcome } as const;
      const decision = mergeEnded.decide({ ...snapshot, seen: false }, wish);
      const [noted] = recorded(task, intent, {}).events;
      if (decision.kind === "change" && noted !== undefined)
        return { ...decision, pulls: threads, events: [noted, ...decision.events] };
    }
  }
  const decision = say.decide(snapshot, { kind: "say", ...base(intent), text: told, facts: intent.facts });
  return decision.kind === "change" ? { ...decision, pulls: threads } : decision;
}

/** Of what asks for it, with which project and target. */
function base({ project, by, key, because, target }: PullReviewed): Asked & { readonly target: TaskTarget } {
  return { project, by, key, because, target };
}

/** Whether an approval is asked for of exactly this commit: its phase's own, or where that made none, the task's. */
function isAskedOf({ approval, task }: Snapshot, commit: string | null): boolean {
  if (commit === null || approval === null || !approvalMoves.live.includes(approval.status)) return false;
  return (approval.commit ?? (approval.artifact === null ? (task?.commit ?? null) : null)) === commit;
}

function reasonOf(decision: Decision): string {
  return decision.kind === "change" ? "" : decision.reason;
}

/** It is part of the history, and nothing follows from it but what `more` says. */
function recorded(
  task: Task,
  intent: PullReviewed,
  found: Readonly<Record<string, unknown>>,
  more: Partial<Pick<Change, "feedback" | "pulls" | "merges">> = {},
): Change {
  const { pull, said, commit, key } = intent;
  const data = asked(intent, { number: pull.number, said, ...(commit !== null && { commit }), ...found });
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    ...more,
    events: [{ kind: "pull.reviewed", key, data }],
  };
}

function feedback({ by }: PullReviewed, text: string): Change["feedback"][number] {
  return { by: by.name, from: by.kind, text };
}

/** All that was said, as the agent is told it; `null` for nothing. */
function feedbackOf({ said, commit, text, remarks, pull }: PullReviewed): string | null {
  const shown = remarks.slice(0, REMARKS_MAX).filter((remark) => remark.text.trim() !== "");
  if (text.trim() === "" && shown.length === 0 && said !== "changes_requested") return null;
  const what = said === "changes_requested" ? "changes are requested" : "a review";
  const of = commit === null ? "" : `, of commit ${shortCommit(commit)}`;
  const more = remarks.length > REMARKS_MAX ? [`(${remarks.length - REMARKS_MAX} more remarks)`] : [];
  const parts = [
    `Pull request ${pull.number}: ${what}${of}.`,
    ...(text.trim() === "" ? [] : [text.trim()]),
    ...shown.map(({ path, line, text: said }) => `${placeOf(path, line)}\n${said.trim()}`),
    ...more,
  ];
  return parts.join("\n\n").slice(0, FEEDBACK_BYTES_MAX).toWellFormed();
}

/** File and line; names of files are an agent's words. */
function placeOf(path: string, line: number | null): string {
  const shown = /^[\w./@+-]+$/.test(path) ? path : JSON.stringify(path);
  return line === null ? `${shown}:` : `${shown}:${line}:`;
}

/** Each thread once. */
function threadsOf({ pull, by, remarks }: PullReviewed): Change["pulls"] {
  const first = new Map(remarks.slice(0, REMARKS_MAX).map((remark) => [remark.comment, remark]));
  const { source, repo, number } = pull;
  return [...first.values()].map(({ comment, path, line }) => {
    return { change: "thread", source, repo, number, comment, by: by.name, path, line };
  });
}

/**
 * `answer_gate` and `expire_gate`: somebody says whether a phase is good, or nobody does in time. Part of `decide`, and
 * as pure.
 *
 * A1. The first valid answer wins; whoever comes later is told it (P2 of `workflow/phases/approval.ts`).
 * A2. What was asked about is an artifact and a commit. An answer that names another of either, or another approval,
 *     answers nothing.
 * A3. A no is feedback for whoever plays the phase again, or the end of the task, as the workflow says. Time is no no.
 */

import { type Asked, isSaidBefore, type TaskTarget } from "../../intent.ts";
import type { Approval } from "../../phases/approval.ts";
import { type ApprovalMove, approvalMoves } from "../../phases/states.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { same } from "../../text/same.ts";
import { type ApprovalGate, partsOf } from "../../workflow.ts";
import { type Change, UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { failTask, follow } from "../finish-phase.ts";
import { playAgain, standing } from "../flow.ts";
import { walkOf } from "../on-the-way.ts";
import { aboutTask, asked, ignore, refuse } from "../parts.ts";
import { abandonCi } from "./leave-open.ts";
import { gateOf, settlePart } from "./settle-gate.ts";

export interface AnswerGate extends Asked {
  readonly kind: "answer_gate";
  readonly target: TaskTarget;
  readonly answer: "approve" | "reject" | "abort";
  /** Why: text from outside; a rejection has one. */
  readonly why: string | null;
  /** SHA-256 of the artifact that the answer is about, or its beginning; `null` where nobody has said. */
  readonly artifact: string | null;
  /** The commit that it is about, or its beginning; left out or `null` where nobody has said. */
  readonly commit?: string | null;
  /** The approval that it is about; left out or `null` for the one that is asked for now. */
  readonly approval?: number | null;
  /** When it was said (ms), where it may have been on its way for long: what was asked later is not answered by it. */
  readonly saidAt?: number | null;
}

export interface ExpireGate {
  readonly kind: "expire_gate";
  readonly task: string;
  readonly approval: number;
}

export const answerGate: IntentKind<AnswerGate> = {
  about: (intent) => ({ ...aboutTask(intent), kept: true }),
  decide: answer,
};

export const expireGate: IntentKind<ExpireGate> = {
  about: ({ task }) => ({ target: { key: task }, key: null, run: null }),
  decide: expire,
};

function answer(snapshot: Snapshot, intent: AnswerGate): Decision {
  const { task, approval } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (snapshot.seen) return ignore(`this change is already part of ${task.key}`);
  const current = standing(snapshot.phases);
  const { approval: gate } = partsOf(gateOf(snapshot) ?? { kind: "none" });
  if (approval !== null && !approvalMoves.live.includes(approval.status))
    return refuse(tellDecided(task, approval));
  if (approval === null || current === null || gate === null)
    return refuse(`${task.key} waits for no approval`);
  const trouble = whyInvalid(task, approval, gate, intent);
  if (trouble !== null) return refuse(trouble);
  const { by } = intent;
  const isLast = approval.votes.length + 1 >= gate.count;
  const data = asked(intent, { phase: approval.phase, ...(intent.why !== null && { why: intent.why }) });
  if (intent.answer === "approve" && !isLast) {
    return {
      ...UNCHANGED,
      base: task,
      task: { change: "keep" },
      approvals: [{ change: "vote", id: approval.id, by: by.name }],
      events: [{ kind: "gate.voted", key: intent.key, data }],
    };
  }
  const kinds = { approve: "gate.approved", reject: "gate.rejected", abort: "gate.aborted" } as const;
  const decided: Change = {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    approvals: [{ change: intent.answer, id: approval.id, by, reason: intent.why }],
    events: [{ kind: kinds[intent.answer], key: intent.key, data }],
  };
  switch (intent.answer) {
    case "approve":
      return settlePart(decided, snapshot, task, "approval", "yes", (failed) => failed);
    case "reject":
      return rejected(decided, snapshot, task, gate, intent);
    default: {
      const reason = `given up by ${by.name}${intent.why === null ? "" : `: ${intent.why}`}`;
      const phases = [{ change: "fail", seq: current.seq }] as const;
      return { ...decided, phases, ci: abandonCi(snapshot), task: { change: "cancel", reason } };
    }
  }
}

/** A3. */
function rejected(
  decided: Change,
  snapshot: Snapshot,
  task: Task,
  { onReject }: ApprovalGate,
  { by, why }: AnswerGate,
): Decision {
  const current = standing(snapshot.phases);
  const walk = walkOf(snapshot, task);
  if (current === null || walk === null) return refuse(`${task.key} stands in no phase`);
  const because = why === null ? "" : `: ${why}`;
  const said = why === null || onReject === "fail" ? [] : [{ by: by.name, from: by.kind, text: why }];
  return settlePart({ ...decided, feedback: said }, snapshot, task, "approval", "no", (failed) =>
    onReject === "fail"
      ? failTask(failed, task, `phase ${current.phase} was rejected by ${by.name}${because}`)
      : follow(failed, snapshot, task, playAgain(walk, current), null),
  );
}

/** Why this answer does not count; `null` for one that does. */
function whyInvalid(
  task: Task,
  { id, artifact, commit, votes, askedAt }: Approval,
  { approvers, notAuthor }: ApprovalGate,
  intent: AnswerGate,
): string | null {
  const { name } = intent.by;
  const isName = (other: string): boolean => same(other, name);
  if ((intent.approval ?? id) !== id) return `${task.key} asks for another approval now: look again`;
  if (isSaidBefore(askedAt, intent.saidAt))
    return `${task.key} asks for another approval now than when that was said: look again`;
  if (isAnother(artifact, intent.artifact))
    return `${task.key} asks about the artifact ${artifact ?? "(none)"}, and not about ${intent.artifact}: look again`;
  if (isAnother(commit, intent.commit ?? null))
    return `${task.key} asks about the commit ${commit ?? "(none)"}, and not about ${intent.commit}: look again`;
  if (approvers.length > 0 && !approvers.some(isName))
    return `${name} may not answer here; those who may are ${approvers.join(", ")}`;
  if (intent.answer !== "approve") return null;
  if (notAuthor && task.author !== null && isName(task.author))
    return `${name} has asked for ${task.key}, so somebody else has to approve it`;
  return votes.some(isName) ? `${name} has approved it already; somebody else has to, too` : null;
}

/** A2. @param seen its beginning, or `null` where nobody has said */
function isAnother(hash: string | null, seen: string | null): boolean {
  return seen !== null && !(hash ?? "").startsWith(seen);
}

/** A1. */
function tellDecided({ key }: Task, { phase, status, decidedBy, reason }: Approval): string {
  const by = decidedBy === null ? "" : ` by ${decidedBy}`;
  const because = reason === null ? "" : `: ${reason}`;
  return `phase ${phase} of ${key} was ${status}${by} already${because}`;
}

function expire(snapshot: Snapshot, { approval: id }: ExpireGate): Decision {
  const { task, approval, now } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  const current = standing(snapshot.phases);
  if (approval === null || approval.id !== id || current === null)
    return ignore(`nobody is asked that about ${task.key} any more`);
  const move: ApprovalMove = "expire";
  if (!approvalMoves.can(move, approval.status)) return ignore(tellDecided(task, approval));
  if (approval.until === null || approval.until > now)
    return ignore(`${task.key} may be answered for longer`);
  // A paused task waits with everything.
  if (!taskMoves.can("unblock", task.status)) return ignore(`${task.key} is ${task.status}`);
  const reason = `nobody answered in time whether phase ${approval.phase} is good; its approval has expired`;
  const expired: Change = {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    approvals: [{ change: move, id, by: null, reason: null }],
    events: [{ kind: "gate.expired", data: { phase: approval.phase } }],
  };
  return settlePart(expired, snapshot, task, "approval", "no", (failed) => failTask(failed, task, reason));
}

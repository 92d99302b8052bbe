/**
 * What the gate of a phase wants when its run has ended well: somebody is asked, CI is waited for, both, or nothing.
 * Part of `decide`, and as pure.
 *
 * G1. Of `all_of` one no is enough, of `any_of` one yes; until then it is open ({@link weigh}).
 * G2. Nobody is asked what is settled by then: CI may have spoken before the run was over.
 */

import type { NewEvent } from "../../event.ts";
import type { ApprovalChange } from "../../phases/approval.ts";
import { type CiChange, judgeChecks, tellFailing } from "../../phases/ci.ts";
import type { NewFeedback } from "../../phases/feedback.ts";
import type { Phase } from "../../phases/phase.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import { type CiGate, type Gate, type GateParts, partsOf } from "../../workflow.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import { shortCommit } from "../made.ts";
import { noticeOfApproval } from "../notices.ts";

export type Said = "yes" | "no" | "open";

/** Why CI says no. */
export interface CiRefusal {
  /** A sentence. */
  readonly reason: string;
  /** What the agent can do something about; `null` for what it cannot: then the task fails. */
  readonly told: string | null;
}

export interface Opening {
  readonly said: Said;
  readonly change: Change;
  /** Of a no. */
  readonly refusal: CiRefusal | null;
}

/** G1. @param parts what each part of the gate says; of one that has a single part, only that */
export function weigh(needs: GateParts["needs"], parts: readonly Said[]): Said {
  const settles = needs === "all" ? "no" : "yes";
  if (parts.includes(settles)) return settles;
  return parts.includes("open") ? "open" : settles === "no" ? "yes" : "no";
}

/**
 * @param current the phase with what its run has brought
 * @param published what the task learns of it
 */
export function openGate(
  judged: Change,
  snapshot: Snapshot,
  task: Task,
  current: Phase,
  gate: Gate,
  published: { readonly branch?: string; readonly commit?: string; readonly files?: number },
): Opening {
  const { needs, approval, ci } = partsOf(gate);
  const waits = ci === null ? null : askCi(snapshot, task, current, ci);
  const said = weigh(needs, [
    ...(waits === null ? [] : [waits.said]),
    ...(approval === null ? [] : ["open" as const]),
  ]);
  const checked: Change = {
    ...judged,
    ci: waits?.changes ?? [],
    events: [...judged.events, ...(waits?.events ?? [])],
  };
  if (said !== "open") return { said, change: checked, refusal: waits?.refusal ?? null };
  const gated: Change = {
    ...checked,
    task: { change: "keep", ...published },
    phases: [...judged.phases, { change: "gate", seq: current.seq }],
  };
  if (approval === null) return { said, change: gated, refusal: null };
  const { seq, phase, artifact, commit } = current;
  const { expiresMs, count } = approval;
  const until = expiresMs === null ? null : snapshot.now + expiresMs;
  const asks: ApprovalChange = { change: "ask", seq, phase, artifact, commit, until };
  const reason = waitsForApproval(phase, count);
  const blocks = taskMoves.can("block", task.status) && task.status !== "paused";
  const asked: NewEvent = {
    kind: "gate.asked",
    data: { phase, ...(artifact !== null && { artifact }), ...(commit !== null && { commit }) },
  };
  const change: Change = {
    ...gated,
    task: { change: blocks ? "block" : "keep", ...(blocks && { reason }), ...published },
    approvals: [...checked.approvals, asks],
    events: [...gated.events, asked],
    outbox: [...judged.outbox, noticeOfApproval(task, phase, reason)],
  };
  return { said, change, refusal: null };
}

/** Why a task is blocked by the approval of a phase. */
export function waitsForApproval(phase: string, count: number): string {
  const who = count === 1 ? "a person has" : `${count} people have`;
  return `phase ${phase} waits for an approval: ${who} to say whether it is good`;
}

export function ciPassed(seq: number, phase: string, reason: string): SettledCi {
  return { change: { change: "pass", seq, reason }, event: { kind: "ci.passed", data: { phase, reason } } };
}

export function ciFailed(seq: number, phase: string, { reason }: CiRefusal): SettledCi {
  return { change: { change: "fail", seq, reason }, event: { kind: "ci.failed", data: { phase, reason } } };
}

interface SettledCi {
  readonly change: CiChange;
  readonly event: NewEvent;
}

/** What follows from checks that have failed: names are text from outside, so a sentence only counts them. */
export function refusalOf(commit: string, failing: Parameters<typeof tellFailing>[0]): CiRefusal {
  const many = failing.length === 1 ? "a check" : `${failing.length} checks`;
  return { reason: `${many} of CI failed on commit ${shortCommit(commit)}`, told: tellFailing(failing) };
}

/** As the next run is told it; its text came from outside. */
export function feedbackOfCi(text: string): NewFeedback {
  return { by: "CI", from: "daemon", text };
}

interface AskedCi {
  readonly said: Said;
  readonly changes: readonly CiChange[];
  readonly events: readonly NewEvent[];
  readonly refusal: CiRefusal | null;
}

/** The phase waits for its own commit, or for the newest that an earlier one has published. */
function askCi(snapshot: Snapshot, task: Task, { seq, phase, commit: own }: Phase, gate: CiGate): AskedCi {
  const { now, checks } = snapshot;
  const commit = own ?? task.commit;
  const until = now + gate.timeoutMs;
  const grace = now + gate.graceMs;
  const hasGrace = gate.noChecks !== "wait" && checks.length === 0;
  const dueAt = hasGrace ? Math.min(grace, until) : until;
  const asks: CiChange = { change: "ask", seq, phase, commit, until, dueAt };
  const settled = (said: Said, { change, event }: SettledCi, refusal: CiRefusal | null): AskedCi => {
    return { said, changes: [asks, change], events: [event], refusal };
  };
  if (commit === null) {
    const reason = "nothing was published, so CI has nothing to check";
    if (gate.noChecks === "pass") return settled("yes", ciPassed(seq, phase, reason), null);
    const refusal = { reason: `${reason} in phase ${phase}`, told: null };
    return settled("no", ciFailed(seq, phase, refusal), refusal);
  }
  const verdict = judgeChecks(checks, gate);
  if (verdict.said === "yes") return settled("yes", ciPassed(seq, phase, passedOn(commit)), null);
  if (verdict.said === "no") {
    const refusal = refusalOf(commit, verdict.failing);
    return settled("no", ciFailed(seq, phase, refusal), refusal);
  }
  const awaited: NewEvent = { kind: "ci.awaited", data: { phase, commit, until } };
  return { said: "open", changes: [asks], events: [awaited], refusal: null };
}

export function passedOn(commit: string): string {
  return `CI found commit ${shortCommit(commit)} good`;
}

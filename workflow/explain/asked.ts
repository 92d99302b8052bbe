/** What a task waits for that somebody outside has to say: a person, CI, a remote. Part of `explain`, and as pure. */

import { shortCommit } from "../decide/made.ts";
import { howToAnswer } from "../decide/notices.ts";
import type { Approval } from "../phases/approval.ts";
import { type CiCheck, type CiWait, ciMoves } from "../phases/ci.ts";
import { MERGE_AWAITED, type Merge, mergeMoves } from "../phases/merge.ts";
import { type Question, titleOf } from "../phases/question.ts";
import { approvalMoves } from "../phases/states.ts";
import type { Task } from "../task.ts";
import type { Cause } from "./lane.ts";

export interface AskedFacts {
  readonly task: Task;
  /** What somebody was asked about it last. */
  readonly approval: Approval | null;
  /** What it has waited for of CI last, and what is known of that commit. */
  readonly ci: CiWait | null;
  readonly checks: readonly CiCheck[];
  /** What was merged of it last, or is to be now. */
  readonly merge: Merge | null;
  /** What its agent has asked a person last. */
  readonly question: Question | null;
}

/** Whose word the task waits for. */
export function explainApproval({ task: { key }, approval }: AskedFacts): Cause | null {
  if (approval === null || !approvalMoves.live.includes(approval.status)) return null;
  const { phase, artifact, votes, askedAt, until } = approval;
  const yes = votes.length === 0 ? "" : `; ${votes.join(", ")} said yes`;
  const about = artifact === null ? "" : ` (artifact ${shortCommit(artifact)})`;
  const look = artifact === null ? `chargehand task ${key}` : `chargehand artifacts ${key} --text`;
  return {
    about: "task",
    reason: `${key} waits for somebody to say whether its phase ${phase} is good${about}${yes}`,
    remedy: `look at it: ${look}; then: chargehand approve ${key}, or: chargehand reject ${key} --because "…"`,
    since: askedAt,
    until,
  };
}

/** Which commit it waits for, and what CI has said of it so far. */
export function explainCi({ task: { key }, ci, checks }: AskedFacts): Cause | null {
  if (ci === null || ci.commit === null || !ciMoves.live.includes(ci.status)) return null;
  const ended = checks.filter(({ status }) => status !== "pending").length;
  const known =
    checks.length === 0 ? "no check is known yet" : `${ended} of ${checks.length} known checks have ended`;
  return {
    about: "task",
    reason: `${key} waits for CI of commit ${shortCommit(ci.commit)} in its phase ${ci.phase}; ${known}`,
    remedy: `report with: chargehand ci ${key} --check NAME=success, or NAME=failure`,
    since: ci.askedAt,
    until: ci.until,
  };
}

/** That it is merged now; or why it was not yet, and when that is tried again. */
export function explainMerge({ task: { key }, merge }: AskedFacts): Cause | null {
  if (merge === null || !mergeMoves.live.includes(merge.status)) return null;
  const { phase, tries, reason, askedAt, dueAt, waitsFor } = merge;
  const begun = { about: "task", remedy: null, since: askedAt } as const;
  if (reason === null)
    return { ...begun, reason: `${key} is merged into its base branch, in its phase ${phase}`, until: null };
  if (waitsFor !== null) {
    const remedy = waitsFor === "people" ? `look at its pull request: chargehand task ${key}` : null;
    const awaited = `${key} waits for ${MERGE_AWAITED[waitsFor]} before it is merged, in its phase ${phase}: ${reason}`;
    return { ...begun, reason: awaited, remedy, until: waitsFor === "people" ? null : dueAt };
  }
  const times = tries === 1 ? "once" : `${tries} times`;
  const why = `${key} is not merged yet, in its phase ${phase}, and was tried ${times}: ${reason}`;
  return { ...begun, reason: why, until: dueAt };
}

/** What its agent waits to be told. */
export function explainQuestion({ task, phase, form, askedAt: since, until }: Question): Cause {
  const fields = form.fields.map(({ name }) => name).join(", ");
  const reason = `${task} waits for somebody to answer what its phase ${phase} asks (${fields}): ${titleOf(form)}`;
  return { about: "task", reason, remedy: howToAnswer(task), since, until };
}

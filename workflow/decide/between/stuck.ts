/** `warn_stuck`: an unfinished task of which nothing goes on is told to a person, once (I7). Part of `decide`. */

import { ciMoves } from "../../phases/ci.ts";
import { isOpenQuestion } from "../../phases/question.ts";
import { approvalMoves } from "../../phases/states.ts";
import { jobMoves } from "../../states.ts";
import { UNCHANGED } from "../change.ts";
import type { Decision, IntentKind, Snapshot } from "../decision.ts";
import { isMerging } from "../flow.ts";
import { noticeOfStuck } from "../notices.ts";
import { ignore } from "../parts.ts";

export interface WarnStuck {
  readonly kind: "warn_stuck";
  readonly task: string;
  /** The same for as long as it is stuck in one place. */
  readonly key: string;
}

export const warnStuck: IntentKind<WarnStuck> = {
  about: ({ task, key }) => ({ target: { key: task }, key, run: null }),
  decide: warn,
};

function warn(snapshot: Snapshot, { key }: WarnStuck): Decision {
  const { task, jobs, liveRuns, seen } = snapshot;
  if (task === null) return { kind: "unknown", reason: "there is no such task" };
  if (seen) return ignore(`somebody was told of ${task.key} already`);
  const isWorked = jobs.some(({ status }) => !jobMoves.final.includes(status)) || liveRuns > 0;
  if (isAwaited(snapshot) || isWorked || (task.status !== "active" && task.status !== "waiting"))
    return ignore(`${task.key} goes on`);
  return {
    ...UNCHANGED,
    base: task,
    task: { change: "keep" },
    events: [{ kind: "task.stuck", key }],
    outbox: [noticeOfStuck(task)],
  };
}

/** Somebody outside is to say something: a person, CI, or a remote. */
function isAwaited(snapshot: Snapshot): boolean {
  const { approval, ci, question } = snapshot;
  if (isMerging(snapshot)) return true;
  if (approval !== null && approvalMoves.live.includes(approval.status)) return true;
  return (ci !== null && ciMoves.live.includes(ci.status)) || isOpenQuestion(question);
}

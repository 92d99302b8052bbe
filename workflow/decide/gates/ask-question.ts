/**
 * A run has ended because its agent asks a person something: its task waits for the answer, and then the same job goes
 * on in the same session. It costs no attempt (I9). Part of `decide`, and as pure.
 */

import { budgetHold } from "../../budget.ts";
import type { Hold } from "../../hold.ts";
import type { Job } from "../../job.ts";
import { QUESTIONS_MAX } from "../../limits.ts";
import { type AskedForm, titleOf, waitsForAnswer } from "../../phases/question.ts";
import type { RunOutcome } from "../../run.ts";
import { taskMoves } from "../../states.ts";
import type { Task } from "../../task.ts";
import type { Change } from "../change.ts";
import type { Snapshot } from "../decision.ts";
import { standing } from "../flow.ts";
import { howToAnswer, noticeOfQuestion } from "../notices.ts";
import { stillPaused } from "../pause.ts";

/**
 * The outcome, or the failure that it is where the answer is there already, or where a task asks without end. The
 * next run is told, and a job has few of those: asking again and again is no way to run for ever.
 */
export function unlessAskedBefore({ questions, phases }: Snapshot, outcome: RunOutcome): RunOutcome {
  if (outcome.status !== "succeeded" || outcome.asks === undefined) return outcome;
  const { same, count } = questions;
  const { summary, session } = outcome;
  const refused = { status: "failed", failure: "artifact", summary, session, retryAfterMs: 0 } as const;
  // A secret goes with the end of its task, so another phase, or a task that was started again, may need it anew.
  if (same !== null && (same.secrets === null || same.seq === standing(phases)?.seq)) {
    const reason = "its agent has asked what was asked before in the same words";
    return { ...refused, reason, trouble: `${reason}; the answers stand under Answers` };
  }
  if (count < QUESTIONS_MAX) return outcome;
  const reason = `its agent has asked more than ${QUESTIONS_MAX} questions`;
  return { ...refused, reason, trouble: `${reason}; go on without asking` };
}

/** @param base with the end of the run; of a job that is its own */
export function askPerson(
  base: Change,
  snapshot: Snapshot,
  task: Task,
  job: Job,
  outcome: Pick<RunOutcome, "session">,
  { form, hash }: AskedForm,
): Change {
  const reason = waitsForAnswer(job.phase, form);
  const question: Hold = { kind: "question", reason, remedy: howToAnswer(task.key), until: null };
  const others = [budgetHold(task.key, snapshot.standings), stillPaused(task)].filter(
    (hold) => hold !== null,
  );
  const owner = { agent: snapshot.run?.agent ?? job.agent, account: snapshot.run?.account?.name ?? null };
  const session = outcome.session === null ? {} : { session: { id: outcome.session, ...owner } };
  const again = { change: "retry", id: job.id, fence: job.fence, failure: null, reason: null } as const;
  const asks = { seq: standing(snapshot.phases)?.seq ?? 0, phase: job.phase, form, hash };
  const until = form.expiresMs === null ? null : snapshot.now + form.expiresMs;
  const blocks = taskMoves.can("block", task.status) && task.status !== "paused";
  return {
    ...base,
    task: blocks ? { change: "block", reason } : { change: "keep" },
    jobs: [...base.jobs, { ...again, ...session, holds: [question, ...others] }],
    questions: [{ change: "ask", ...asks, until }],
    events: [...base.events, { kind: "question.asked", data: { phase: job.phase, question: titleOf(form) } }],
    outbox: [...base.outbox, noticeOfQuestion(task, job.phase, reason)],
  };
}

/**
 * The one place where a task's fate is decided: `decide(snapshot, intent)`, pure.
 *
 * D1. No I/O, no clock, no chance: `now` and `jitter` come with the snapshot and the intent.
 * D2. A decision names moves; it never writes a status (I11).
 * D3. What it believed (task version, job fences) travels with the decision, and the store refuses it if the world
 *     has moved on; then the same intent is simply decided again.
 * D4. A kind of intent is a file of this folder and a line in each of the two tables here.
 */

import { type DependTask, dependTask, type ReconsiderTask, reconsiderTask } from "./between/depend.ts";
import { inLine } from "./between/line.ts";
import { type WarnStuck, warnStuck } from "./between/stuck.ts";
import { type RaiseBudget, type ReconsiderBudget, raiseBudget, reconsiderBudget } from "./budget-raised.ts";
import { type CancelTask, cancelTask } from "./cancel-task.ts";
import type { About, Decision, IntentKind, Snapshot } from "./decision.ts";
import { type AnswerGate, answerGate, type ExpireGate, expireGate } from "./gates/answer-gate.ts";
import {
  type AnswerQuestion,
  answerQuestion,
  type ExpireQuestion,
  expireQuestion,
} from "./gates/answer-question.ts";
import { type MergeEnded, mergeEnded } from "./gates/merge-ended.ts";
import { type MergeWaits, mergeWaits } from "./gates/merge-waits.ts";
import { type ExpireCi, expireCi, type ReportCi, reportCi } from "./gates/report-ci.ts";
import { type KeepWork, keepWork, type SettleKept, settleKept, type WarnKept, warnKept } from "./kept.ts";
import { type PauseTask, pauseTask, type ResumeTask, resumeTask } from "./pause-task.ts";
import { type PullChanged, pullChanged } from "./pulls/pull-changed.ts";
import { type PullReviewed, pullReviewed } from "./pulls/pull-reviewed.ts";
import { type PullTold, pullTold } from "./pulls/pull-told.ts";
import { type VerdictTold, verdictTold } from "./pulls/verdict-told.ts";
import { type RetryTask, retryTask } from "./retry-task.ts";
import { type RunFinished, runFinished } from "./run-finished.ts";
import { type KillRun, killRun } from "./runs/kill-run.ts";
import { type EditTask, editTask } from "./said/edit-task.ts";
import { type FollowUp, followUp, type Say, say } from "./said/say.ts";
import { type SettleWorkflow, settleWorkflow } from "./settle-workflow.ts";
import { type StartRecurring, startRecurring } from "./start-recurring.ts";
import { type StartTask, startTask } from "./start-task.ts";

interface Intents {
  readonly start_task: StartTask;
  readonly start_recurring: StartRecurring;
  readonly cancel_task: CancelTask;
  readonly retry_task: RetryTask;
  readonly pause_task: PauseTask;
  readonly resume_task: ResumeTask;
  readonly depend_task: DependTask;
  readonly reconsider_task: ReconsiderTask;
  readonly raise_budget: RaiseBudget;
  readonly reconsider_budget: ReconsiderBudget;
  readonly answer_gate: AnswerGate;
  readonly expire_gate: ExpireGate;
  readonly report_ci: ReportCi;
  readonly expire_ci: ExpireCi;
  readonly merge_ended: MergeEnded;
  readonly merge_waits: MergeWaits;
  readonly pull_changed: PullChanged;
  readonly pull_told: PullTold;
  readonly pull_reviewed: PullReviewed;
  readonly verdict_told: VerdictTold;
  readonly answer_question: AnswerQuestion;
  readonly expire_question: ExpireQuestion;
  readonly say: Say;
  readonly follow_up: FollowUp;
  readonly edit_task: EditTask;
  readonly settle_workflow: SettleWorkflow;
  readonly warn_stuck: WarnStuck;
  readonly kill_run: KillRun;
  readonly run_finished: RunFinished;
  readonly keep_work: KeepWork;
  readonly warn_kept: WarnKept;
  readonly settle_kept: SettleKept;
}

const KINDS: { readonly [K in keyof Intents]: IntentKind<Intents[K]> } = {
  start_task: startTask,
  start_recurring: startRecurring,
  cancel_task: cancelTask,
  retry_task: retryTask,
  pause_task: pauseTask,
  resume_task: resumeTask,
  depend_task: dependTask,
  reconsider_task: reconsiderTask,
  raise_budget: raiseBudget,
  reconsider_budget: reconsiderBudget,
  answer_gate: answerGate,
  expire_gate: expireGate,
  report_ci: reportCi,
  expire_ci: expireCi,
  merge_ended: mergeEnded,
  merge_waits: mergeWaits,
  pull_changed: pullChanged,
  pull_told: pullTold,
  pull_reviewed: pullReviewed,
  verdict_told: verdictTold,
  answer_question: answerQuestion,
  expire_question: expireQuestion,
  say,
  follow_up: followUp,
  edit_task: editTask,
  settle_workflow: settleWorkflow,
  warn_stuck: warnStuck,
  kill_run: killRun,
  run_finished: runFinished,
  keep_work: keepWork,
  warn_kept: warnKept,
  settle_kept: settleKept,
};

/** What somebody asks for. One type, whoever asks. */
export type Intent = Intents[keyof Intents];

export function decide(snapshot: Snapshot, intent: Intent): Decision {
  const decision = kindOf(intent.kind).decide(snapshot, intent);
  return decision.kind === "change" ? inLine(snapshot, decision) : decision;
}

/** What has to be read for {@link decide}. */
export function aboutOf(intent: Intent): About {
  return kindOf(intent.kind).about(intent);
}

function kindOf<K extends keyof Intents>(kind: K): IntentKind<Intents[K]> {
  return KINDS[kind];
}

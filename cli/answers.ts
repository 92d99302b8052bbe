/**
 * What the command line reads of the API's answers. Their types are the API's own (types cost nothing at run time);
 * here stands what an answer needs to be one, so that a stranger, or a daemon of another time, is noticed.
 */

import type { BudgetAnswer } from "../handlers/api/budgets.ts";
import type { ClearedAnswer } from "../handlers/api/cooldowns.ts";
import type { ExplanationAnswer, ReasonAnswer } from "../handlers/api/explain.ts";
import type { FrozenAnswer } from "../handlers/api/people/freezes.ts";
import type { KeptAnswer, KeptOfTaskAnswer } from "../handlers/api/kept.ts";
import type { CallAnswer } from "../handlers/api/outbox.ts";
import type { PausedAnswer, ResumedAnswer } from "../handlers/api/people/pauses.ts";
import type { ScheduleAnswer } from "../handlers/api/schedules/view.ts";
import type { StatusAnswer } from "../handlers/api/status.ts";
import type { DeliveryAnswer } from "../handlers/api/views/delivery.ts";
import type { AccountAnswer, HoldAnswer, RefusalAnswer, WideHoldAnswer } from "../handlers/api/views/hold.ts";
import type { JobAnswer } from "../handlers/api/views/job.ts";
import type { PaceAnswer } from "../handlers/api/views/pace.ts";
import type {
  ApprovalAnswer,
  ArtifactAnswer,
  CheckAnswer,
  CiWaitAnswer,
  PhaseAnswer,
} from "../handlers/api/views/phase.ts";
import type { QuestionAnswer, QuestionsAnswer } from "../handlers/api/views/question.ts";
import type { RecurringAnswer, WholeRecurringAnswer } from "../handlers/api/views/recurring.ts";
import type { RunAnswer } from "../handlers/api/views/run.ts";
import type { WholeTaskAnswer } from "../handlers/api/views/task.ts";
import {
  answer,
  anything,
  listOf,
  number,
  object,
  orElse,
  orNull,
  recordOf,
  type Shape,
  type Shaped,
  text,
} from "./decoder.ts";

export const runShape = answer<RunAnswer>()({ id: text, task: text, status: text });
export type ToldRun = Shaped<typeof runShape>;

const holdShape = answer<HoldAnswer>()({ kind: text, reason: text });

const jobShape = answer<JobAnswer>()({
  id: number,
  phase: text,
  agent: text,
  status: text,
  holds: listOf(holdShape),
});
export type ToldJob = Shaped<typeof jobShape>;

const phaseShape = answer<PhaseAnswer>()({
  phase: text,
  role: text,
  agent: text,
  cycle: number,
  status: text,
});
export type ToldPhase = Shaped<typeof phaseShape>;

const approvalShape = answer<ApprovalAnswer>()({ phase: text, status: text });

const ciWaitShape = answer<CiWaitAnswer>()({ phase: text, status: text });
const checkShape = answer<CheckAnswer>()({ name: text, status: text, commit: text });
export type ToldCheck = Shaped<typeof checkShape>;

const artifactShape = answer<ArtifactAnswer>()({
  phase: text,
  cycle: number,
  path: text,
  sha256: text,
  bytes: number,
  is_valid: anything,
  kept_at: text,
});
export type ToldArtifact = Shaped<typeof artifactShape>;

export const artifactsShape = answer<{
  readonly task: string;
  readonly artifacts: readonly ArtifactAnswer[];
}>()({
  task: text,
  artifacts: listOf(artifactShape),
});
export type ToldArtifacts = Shaped<typeof artifactsShape>;

const questionShape = answer<QuestionAnswer>()({
  id: number,
  phase: text,
  status: text,
  reason: text,
  fields: listOf(
    answer<QuestionAnswer["fields"][number]>()({
      name: text,
      type: text,
      label: text,
      required: anything,
      options: listOf(text),
    }),
  ),
});
export type ToldQuestion = Shaped<typeof questionShape>;

export const questionsShape = answer<QuestionsAnswer>()({ task: text, questions: listOf(questionShape) });
export type ToldQuestions = Shaped<typeof questionsShape>;

export const taskShape = answer<WholeTaskAnswer>()({
  key: text,
  project: text,
  title: text,
  status: text,
  depends_on: orElse(listOf(object({ key: text, status: text })), []),
  phases: orElse(listOf(phaseShape), []),
  approvals: orElse(listOf(approvalShape), []),
  ci: orElse(listOf(ciWaitShape), []),
  checks: orElse(listOf(checkShape), []),
  questions: orElse(listOf(questionShape), []),
  jobs: orElse(listOf(jobShape), []),
  runs: orElse(listOf(runShape), []),
});
export type ToldTask = Shaped<typeof taskShape>;

export const deliveryShape = answer<DeliveryAnswer & { readonly body: string }>()({
  id: number,
  source: text,
  event: text,
  status: text,
});
export type ToldDelivery = Shaped<typeof deliveryShape>;

export const callShape = answer<CallAnswer>()({ id: number, target: text, kind: text, status: text });
export type ToldCall = Shaped<typeof callShape>;

export const keptShape = answer<KeptAnswer>()({ task: text, name: text, status: text, files: number });
export type ToldKept = Shaped<typeof keptShape>;

export const keptOfTaskShape = answer<KeptOfTaskAnswer>()({
  task: text,
  kept: listOf(
    answer<KeptOfTaskAnswer["kept"][number]>()({
      task: text,
      name: text,
      status: text,
      files: number,
      commits: orElse(listOf(text), []),
      paths: orElse(listOf(text), []),
    }),
  ),
});
export type ToldKeptOfTask = Shaped<typeof keptOfTaskShape>;

const wideHoldShape = answer<WideHoldAnswer>()({ scope: text, subject: text, kind: text, reason: text });
export type ToldWideHold = Shaped<typeof wideHoldShape>;

const accountShape = answer<AccountAnswer>()({ name: text, status: text, running: number });
export type ToldAccount = Shaped<typeof accountShape>;

const counts = recordOf(number);

const paceShape = answer<PaceAnswer>()({
  ...{ account: text, per: text, source: text, used_percent: number, period_ends: text },
});
export type ToldPace = Shaped<typeof paceShape>;

export const statusShape = answer<StatusAnswer>()({
  version: text,
  uptime_s: number,
  deliveries: counts,
  tasks: counts,
  jobs: counts,
  runs: counts,
  holds: counts,
  accounts: listOf(accountShape),
  cooldowns: listOf(accountShape),
  paces: orElse(listOf(paceShape), []),
  wide_holds: listOf(wideHoldShape),
  refusals: listOf(answer<RefusalAnswer>()({ project: text, agent: text, reason: text })),
  running: listOf(runShape),
  database: answer<StatusAnswer["database"]>()({ engine: text }),
});
export type ToldStatus = Shaped<typeof statusShape>;

export const scheduleShape = answer<ScheduleAnswer>()({
  name: text,
  start: text,
  duration_s: number,
  days: listOf(text),
  timezone: text,
});
export type ToldSchedule = Shaped<typeof scheduleShape>;

const windowShape = object({ from: text, until: text });

export const nextWindowsShape = object({ timezone: text, windows: listOf(windowShape) });
export type ToldNextWindows = Shaped<typeof nextWindowsShape>;

export const weekShape = object({
  ...{ timezone: text, monday: text, schedules: listOf(object({ name: text, enabled: anything })) },
  windows: listOf(windowShape),
});
export type ToldWeek = Shaped<typeof weekShape>;

export const removedShape = object({ name: text });

export const clearedShape = answer<ClearedAnswer>()({ scope: text, name: text });

export const pausedShape = answer<PausedAnswer>()({
  pause: wideHoldShape,
  stopping: number,
  running: number,
});
export type ToldPaused = Shaped<typeof pausedShape>;

export const frozenShape = answer<FrozenAnswer>()({
  project: text,
  freezes: listOf(wideHoldShape),
  projects: orElse(listOf(text), []),
});
export type ToldFrozen = Shaped<typeof frozenShape>;

export const resumedShape = answer<ResumedAnswer>()({
  scope: text,
  subject: text,
  still_paused: orElse(listOf(wideHoldShape), []),
  paused_tasks: orElse(number, 0),
});
export type ToldResumed = Shaped<typeof resumedShape>;

/** What a pause, or the end of one, is answered with: a task where one was named, else what is wider. */
export type PausedOrTask = ToldPaused | ToldTask;
export const pausedOrTaskShape: Shape<PausedOrTask> = eitherTask(pausedShape);
export const resumedOrTaskShape: Shape<ToldResumed | ToldTask> = eitherTask(resumedShape);

function eitherTask<T>(wide: Shape<T>): Shape<T | ToldTask> {
  return (value, where) =>
    "key" in recordOf(anything)(value, where) ? taskShape(value, where) : wide(value, where);
}

export const budgetShape = answer<BudgetAnswer>()({
  project: text,
  scope: text,
  unit: text,
  amount: number,
  raised: number,
  used: number,
  reserved: number,
  status: text,
});
export type ToldBudget = Shaped<typeof budgetShape>;

const slotShape = answer<WholeRecurringAnswer["slots"][number]>()({ at: text, by: text, status: text });

export const recurringShape = answer<RecurringAnswer>()({
  name: text,
  project: text,
  every: text,
  timezone: text,
  missed: text,
  overlap: text,
});
export type ToldRecurring = Shaped<typeof recurringShape>;

export const wholeRecurringShape = answer<WholeRecurringAnswer>()({
  name: text,
  project: text,
  every: text,
  timezone: text,
  missed: text,
  overlap: text,
  next_slots: listOf(object({ at: text, local: text })),
  slots: listOf(slotShape),
});
export type ToldWholeRecurring = Shaped<typeof wholeRecurringShape>;

export const schedulesShape = object({
  schedules: listOf(scheduleShape),
  recurring: listOf(recurringShape),
});
export type ToldSchedules = Shaped<typeof schedulesShape>;

/** What is asked for by a name that either may have. */
export const eitherScheduleShape: Shape<ToldSchedule | ToldWholeRecurring> = (value, where) =>
  isRecurring(recordOf(anything)(value, where))
    ? wholeRecurringShape(value, where)
    : scheduleShape(value, where);

export function isRecurring<T extends object>(one: T): one is Extract<T, { readonly every: unknown }> {
  return "every" in one;
}

const reasonShape = answer<ReasonAnswer>()({ sentence: text });
export type ToldReason = Shaped<typeof reasonShape>;

export const explanationShape = answer<ExplanationAnswer>()({
  task: text,
  status: text,
  reasons: listOf(reasonShape),
  decisions: listOf(object({ at: text, sentence: text })),
});
export type ToldExplanation = Shaped<typeof explanationShape>;

export const jobsShape = object({
  jobs: listOf(jobShape),
  counts: orElse(counts, {}),
  next_cursor: orNull(text),
});
export type ToldJobs = Shaped<typeof jobsShape>;

export interface Listed<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** `{"<plural>": […], "next_cursor": …}`. */
export function listShape<T>(plural: string, item: Shape<T>): Shape<Listed<T>> {
  const fields = recordOf(anything);
  return (value, where) => {
    const { [plural]: items, next_cursor: next } = fields(value, where);
    return { items: listOf(item)(items, plural), next: orNull(text)(next, "next_cursor") };
  };
}

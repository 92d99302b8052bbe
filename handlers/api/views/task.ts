/** Tasks and their history as the API takes and shows them. Pure. */

import { z } from "@hono/zod-openapi";
import { NEEDS_MAX } from "../../../workflow/between/between.ts";
import { SOURCES } from "../../../workflow/delivery.ts";
import type { HistoryEvent } from "../../../workflow/event.ts";
import { BODY_CHARS_MAX, PHASES_MAX, TITLE_CHARS_MAX } from "../../../workflow/limits.ts";
import { type PullRequest, pullMoves } from "../../../workflow/phases/pull.ts";
import { taskMoves } from "../../../workflow/states.ts";
import type { Task } from "../../../workflow/task.ts";
import { isBranchName } from "../../../workflow/text/subject.ts";
import { moment } from "../moment.ts";
import { count, iso, isoOrNull, maybeCount, maybeTime, taskKey, time, words } from "../shapes.ts";
import { JobView } from "./job.ts";
import { ApprovalView, CheckView, CiWaitView, PhaseView } from "./phase.ts";
import { QuestionView } from "./question.ts";
import { RunView } from "./run.ts";

const RefView = z.object({ source: z.string(), kind: z.string(), id: z.string() }).openapi("ExternalRef");

export const TaskView = z
  .object({
    key: z.string(),
    project: z.string(),
    number: z.int(),
    title: z.string(),
    body: z.string(),
    url: words,
    author: words,
    status: z.enum(taskMoves.statuses),
    reason: words,
    paused_at: maybeTime,
    paused_until: maybeTime.openapi({ description: "when a pause of it ends by itself" }),
    workflow: z
      .string()
      .openapi({ description: "`repository` while that of its repository is still to be read" }),
    agents: z.record(z.string(), z.string()).openapi({ description: "by role, the agent that plays it" }),
    agent: z.string().openapi({ description: "who plays the roles that are not named, since it began" }),
    base_branch: words.openapi({ description: "the branch that its work begins from" }),
    model: words.openapi({ description: "chosen for it, in place of what agents and phases say" }),
    effort: words,
    priority: z.int(),
    follows: words.openapi({
      description: "the done task that it goes on from, on its branch and in its sessions",
    }),
    branch: words,
    commit: words,
    files: maybeCount.openapi({ description: "how many files the commit changes" }),
    created_at: time,
    updated_at: time,
    finished_at: maybeTime,
  })
  .openapi("Task");

export type TaskAnswer = z.infer<typeof TaskView>;

const NeedView = z.object({ key: z.string(), status: z.enum(taskMoves.statuses) }).openapi("Need");

const PullView = z
  .object({ number: z.int(), url: z.string(), status: z.enum(pullMoves.statuses), is_draft: z.boolean() })
  .openapi("PullRequest");

export function viewPull({ number, url, status, isDraft }: PullRequest): z.infer<typeof PullView> {
  return { number, url, status, is_draft: isDraft };
}

export const WholeTaskView = TaskView.extend({
  external_refs: z.array(RefView),
  followed_by: words.openapi({ description: "the task that goes on from it, once it is done" }),
  pull_request: PullView.nullable().openapi({ description: "the newest of its branch" }),
  depends_on: z.array(NeedView).openapi({ description: "tasks that have to be done before it begins" }),
  phases: z.array(PhaseView).openapi({ description: "what it has come to, oldest first" }),
  approvals: z.array(ApprovalView).openapi({ description: "what was asked about it, oldest first" }),
  ci: z.array(CiWaitView).openapi({ description: "what it has waited for of CI, oldest first" }),
  checks: z.array(CheckView).openapi({ description: "what is known of the newest commit of these" }),
  questions: z
    .array(QuestionView)
    .openapi({ description: "what its agents have asked people, oldest first" }),
  waited: z
    .object({ people_s: count, ci_s: count })
    .openapi({ description: "how long it has waited for people's answers, and for CI; each moment once" }),
  jobs: z.array(JobView),
  runs: z.array(RunView),
}).openapi("TaskWithRuns");

export type WholeTaskAnswer = z.infer<typeof WholeTaskView>;

export const EventView = z
  .object({
    seq: z.int(),
    kind: z.string(),
    data: z.record(z.string(), z.unknown()),
    at: time,
  })
  .openapi("Event");

const NAME_CHARS_MAX = 256;
const name = z
  .string()
  .min(1)
  .max(NAME_CHARS_MAX)
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

const ROLE = /^[a-z][a-z0-9_-]{0,63}$/;

/** It becomes an argument of the agent's program: a word that is no flag. */
const word = z
  .string()
  .regex(
    /^[A-Za-z0-9][\w.:/@+,=[\]-]{0,199}$/,
    "must be a name without blanks that begins with a letter or digit",
  );

/** Who knows the thing by that name; webhooks about it then find the task. */
const source = z.enum(["api", ...SOURCES]);

export const NewTaskBody = z
  .strictObject({
    project: name,
    title: z.string().trim().min(1).max(TITLE_CHARS_MAX),
    body: z.string().max(BODY_CHARS_MAX).default(""),
    priority: z.int().min(-1_000).max(1_000).default(0),
    not_before: moment
      .optional()
      .openapi({ description: "its first job waits until then; a time that has passed is now" }),
    depends_on: z
      .array(taskKey)
      .max(NEEDS_MAX)
      .default([])
      .openapi({ description: "keys of the tasks that have to be done before it begins" }),
    workflow: name.optional().openapi({
      description: "built in, as the configuration names it, or `repository`; else the project's",
    }),
    agents: z
      .record(z.string(), name)
      .refine((all) => Object.keys(all).length <= PHASES_MAX, `at most ${PHASES_MAX}`)
      .superRefine((all, told) => {
        for (const role of Object.keys(all).filter((key) => !ROLE.test(key)))
          told.addIssue({
            code: "custom",
            path: [role.slice(0, NAME_CHARS_MAX)],
            message: "must be a role of the workflow",
          });
      })
      .default({})
      .openapi({ description: "by role of the workflow, the agent that plays it in this task" }),
    base_branch: z
      .string()
      .refine(isBranchName, "must be the name of a branch")
      .optional()
      .openapi({ description: "the branch that its work begins from, and is compared with" }),
    model: word.optional().openapi({ description: "of all its phases" }),
    effort: word.optional().openapi({ description: "of all its phases" }),
    external_ref: z
      .strictObject({ source: source.default("api"), kind: name, id: name })
      .optional()
      .openapi({ description: "what the task stands for elsewhere; it stands for it once per project" }),
  })
  .openapi("NewTask");

export const DependBody = z
  .strictObject({
    on: z
      .array(taskKey)
      .max(NEEDS_MAX)
      .default([])
      .openapi({ description: "keys of the tasks that it needs, too" }),
    drop: z
      .array(taskKey)
      .max(NEEDS_MAX)
      .default([])
      .openapi({ description: "keys of those that it needs no more" }),
  })
  .openapi("Depend");

export const CancelBody = z
  .strictObject({ reason: z.string().trim().min(1).max(2_000).optional() })
  .openapi("Cancel");

export const RetryBody = z
  .strictObject({
    phase: name
      .optional()
      .openapi({ description: "the phase to begin with; left out, the one where it stands" }),
  })
  .openapi("Retry");

export function viewTask(task: Task): TaskAnswer {
  return {
    key: task.key,
    project: task.project,
    number: task.number,
    title: task.title,
    body: task.body,
    url: task.url,
    author: task.author,
    status: task.status,
    reason: task.reason,
    paused_at: isoOrNull(task.pausedAt),
    paused_until: isoOrNull(task.pausedUntil),
    workflow: task.workflow,
    agents: task.agents,
    agent: task.agent,
    base_branch: task.base,
    model: task.pins.model,
    effort: task.pins.effort,
    priority: task.priority,
    follows: task.follows,
    branch: task.branch,
    commit: task.commit,
    files: task.files,
    created_at: iso(task.createdAt),
    updated_at: iso(task.updatedAt),
    finished_at: isoOrNull(task.finishedAt),
  };
}

export function viewEvent({ seq, kind, data, at }: HistoryEvent): z.infer<typeof EventView> {
  return { seq, kind, data, at: iso(at) };
}

/**
 * What the API changes about tasks: each change is an intent, decided and committed like everybody's, and the answer
 * is what was decided.
 */

import { createHash } from "node:crypto";
import type { z } from "@hono/zod-openapi";
import { type Asked, ask } from "../../store/settle.ts";
import type { DependTask } from "../../workflow/decide/between/depend.ts";
import type { RaiseBudget } from "../../workflow/decide/budget-raised.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { AnswerGate } from "../../workflow/decide/gates/answer-gate.ts";
import type { AnswerQuestion } from "../../workflow/decide/gates/answer-question.ts";
import type { ReportCi } from "../../workflow/decide/gates/report-ci.ts";
import type { PauseTask, ResumeTask } from "../../workflow/decide/pause-task.ts";
import type { RetryTask } from "../../workflow/decide/retry-task.ts";
import type { Say } from "../../workflow/decide/said/say.ts";
import { waitedFor } from "../../workflow/explain/waited.ts";
import type { Actor } from "../../workflow/intent.ts";
import { factsOf, type Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { canonicalJson } from "../../workflow/text/canonical.ts";
import type { Asker } from "../asker.ts";
import { bodyText, titleText } from "../outside-text.ts";
import type { ApiOptions } from "./base.ts";
import { unknownProject, unknownTask } from "./find.ts";
import { futureMoment, momentOf } from "./moment.ts";
import { chosenFacts } from "./pins.ts";
import { problem } from "./problem.ts";
import { viewJob } from "./views/job.ts";
import { viewApproval, viewCheck, viewCiWait, viewPhase } from "./views/phase.ts";
import { viewQuestion } from "./views/question.ts";
import { viewRun } from "./views/run.ts";
import { type NewTaskBody, viewPull, viewTask, type WholeTaskAnswer } from "./views/task.ts";

/** Newest runs shown with a task; `GET /runs?task=` has all. */
const RUNS_SHOWN = 100;

/** 201 with the new task, or 200 with the one that this external reference already stands for, as it is. */
export async function createTask(
  options: ApiOptions,
  body: z.infer<typeof NewTaskBody>,
  asker: Asker,
): Promise<Response> {
  const { store, clock, projects } = options;
  const project = projects.get(body.project);
  if (project === undefined) return unknownProject(options, body.project);
  const refs = body.external_ref === undefined ? [] : [body.external_ref];
  const known = await store.tasks.find(project.name, refs);
  if (known !== null) return answerTask(options, known.key, 200);
  const now = clock.now();
  const notBefore = beginOf(body.not_before, now);
  if (notBefore instanceof Response) return notBefore;
  const facts = await chosenFacts(options, project, body);
  if (facts instanceof Response) return facts;
  const intent: Intent = {
    kind: "start_task",
    project: project.name,
    by: asker.by,
    // Without a reference nothing finds this task again, so nothing can ask for the same change.
    key: asker.key ?? `api:start:${now}`,
    because: becauseOf(asker),
    refs,
    title: titleText(body.title),
    body: bodyText(body.body),
    url: null,
    // Who has the token may say any name, which would prove nothing.
    author: asker.by.kind === "chat" ? asker.by.name : null,
    number: null,
    priority: body.priority,
    ...(notBefore !== null && { notBefore }),
    needs: [...new Set(body.depends_on)],
    explicit: true,
    facts,
  };
  const asked = await ask(store, [intent], null, now);
  const refusal = await refusalOf(options, asked);
  if (refusal !== null) return refusal;
  // Ignored: somebody else made the task for this reference just now.
  return asked.kind === "done"
    ? answerTask(options, asked.tasks[0] ?? "", 201)
    : answerTask(options, ("task" in asked ? asked.task : null) ?? "", 200);
}

/** A time that has passed is now, so nobody's clock has to agree with ours to the second. */
function beginOf(text: string | undefined, now: number): number | null | Response {
  const isPast = text !== undefined && momentOf(text) <= now;
  return isPast ? null : futureMoment("not_before", text, now);
}

type Wanted =
  | { readonly kind: "cancel_task"; readonly reason: string }
  | Pick<RetryTask, "kind" | "from">
  | Pick<AnswerGate, "kind" | "answer" | "why" | "artifact" | "commit" | "approval">
  | Pick<ReportCi, "kind" | "commit" | "checks">
  | Pick<AnswerQuestion, "kind" | "question" | "answers" | "secrets">
  | Pick<Say, "kind" | "text">
  | Pick<PauseTask, "kind" | "until" | "why">
  | Pick<ResumeTask, "kind" | "onlyDue">
  | Pick<DependTask, "kind" | "add" | "drop">
  | Pick<RaiseBudget, "kind" | "scope" | "unit" | "amount">;

/** 200 with the task as it is then, 404, or 409 with the status that forbids it. */
export async function changeTask(
  options: ApiOptions,
  key: string,
  wanted: Wanted,
  asker: Asker,
): Promise<Response> {
  const asked = await askAbout(options, key, wanted, asker);
  return asked instanceof Response ? asked : answerTask(options, asked, 200);
}

/** Asks for a change of a task. @returns the key of what changed; a response where its state forbids that */
export async function askAbout(
  options: ApiOptions,
  key: string,
  wanted: Wanted,
  asker: Asker,
): Promise<string | Response> {
  const { store, clock, projects } = options;
  const task = await store.tasks.get(key);
  if (task === null) return unknownTask(key, projects.values());
  const project = projects.get(task.project);
  if (project === undefined)
    return problem(409, { detail: `its project ${task.project} is not configured`, state: task.status });
  const intent: Intent = {
    project: task.project,
    by: asker.by,
    key: asker.key ?? keyOf(task, wanted, asker.by),
    because: becauseOf(asker),
    target: { key },
    ...withFacts(wanted, project),
  };
  const asked = await ask(store, [intent], null, clock.now());
  // What is said to a task that is done is for the one that follows it.
  return (await refusalOf(options, asked)) ?? (asked.kind === "done" ? (asked.tasks[0] ?? key) : key);
}

/** What the configuration says, where the decision needs it. */
function withFacts(wanted: Wanted, project: Project) {
  return wanted.kind === "say" ? { ...wanted, facts: factsOf(project) } : wanted;
}

function becauseOf({ by }: Asker): string {
  return by.kind === "chat" ? "asked in a chat" : "asked over the API";
}

/** Two who ask for the same of what both have seen ask once. */
function keyOf({ version }: Task, wanted: Wanted, by: Actor): string {
  const key = `api:${wanted.kind}:${version}`;
  if (wanted.kind === "answer_gate") return `${key}:${wanted.answer}:${by.name}`;
  if (wanted.kind === "answer_question") {
    const { question, answers, secrets } = wanted;
    const said = createHash("sha256")
      .update(canonicalJson([answers, secrets, by.name]))
      .digest("hex");
    return `${key}:${question}:${said}`;
  }
  if (wanted.kind === "raise_budget") return `${key}:${wanted.scope}:${wanted.unit}:${wanted.amount}`;
  if (wanted.kind === "report_ci") {
    const { commit, checks } = wanted;
    return `${key}:${createHash("sha256")
      .update(JSON.stringify([commit, checks]))
      .digest("hex")}`;
  }
  if (wanted.kind === "depend_task") return `${key}:${[...wanted.add, "-", ...wanted.drop].join(",")}`;
  // Two may say the same in two breaths, and both are meant.
  if (wanted.kind === "say") return `${key}:${by.name}:${wanted.text}`;
  return wanted.kind === "pause_task" ? `${key}:${wanted.until}:${wanted.why}` : key;
}

/** Why nothing was done, as a problem; `null` when it was done, or had been done already. */
async function refusalOf({ store }: ApiOptions, asked: Asked): Promise<Response | null> {
  switch (asked.kind) {
    case "unknown":
      return problem(404, { detail: asked.reason });
    case "refused": {
      const task = asked.task === null ? null : await store.tasks.get(asked.task);
      return problem(409, { detail: asked.reason, ...(task !== null && { state: task.status }) });
    }
    case "ignored":
      return asked.task === null ? problem(404, { detail: asked.reason }) : null;
    case "done":
      return null;
    default:
      return asked satisfies never;
  }
}

type Looking = Pick<ApiOptions, "store" | "clock">;

async function answerTask(looking: Looking, key: string, status: 200 | 201): Promise<Response> {
  const whole = await viewWhole(looking, key);
  return whole === null ? unknownTask(key) : Response.json(whole, { status });
}

/** The task with its references, jobs and newest runs; `null` when there is none. */
export async function viewWhole({ store, clock }: Looking, key: string): Promise<WholeTaskAnswer | null> {
  const task = await store.tasks.get(key);
  if (task === null) return null;
  const [refs, followedBy, pull, needs, phases, approvals, ci, questions, jobs, runs] = await Promise.all([
    store.tasks.refs(key),
    store.follow.by(key),
    task.branch === null ? null : store.pulls.newest(task.project, task.branch),
    store.between.needs(key),
    store.phases.ofTask(key),
    store.approvals.ofTask(key),
    store.ci.ofTask(key),
    store.questions.ofTask(key),
    store.jobs.ofTask(key),
    store.runs.list({ limit: RUNS_SHOWN, before: null, task: key }),
  ]);
  const commit = ci.at(-1)?.commit ?? null;
  const now = clock.now();
  const checks = commit === null ? [] : await store.ci.checks(key, commit);
  return {
    ...viewTask(task),
    external_refs: [...refs],
    followed_by: followedBy,
    pull_request: pull === null ? null : viewPull(pull),
    depends_on: needs.map((need) => ({ key: need.key, status: need.status })),
    phases: phases.map(viewPhase),
    approvals: approvals.map(viewApproval),
    ci: ci.map(viewCiWait),
    checks: checks.map(viewCheck),
    questions: questions.map(viewQuestion),
    waited: {
      people_s: Math.round(waitedFor([...approvals, ...questions], now) / 1_000),
      ci_s: Math.round(waitedFor(ci, now) / 1_000),
    },
    jobs: jobs.map(viewJob),
    runs: runs.items.map(viewRun),
  };
}

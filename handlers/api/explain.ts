/** Why is this task not running? Gathers what was recorded about it; the answer is `workflow/explain/explain.ts`. */

import { createRoute, z } from "@hono/zod-openapi";
import type { Store } from "../../store/store.ts";
import type { HistoryEvent } from "../../workflow/event.ts";
import { tellEvent } from "../../workflow/explain/events.ts";
import { type ExplainFacts, explain } from "../../workflow/explain/explain.ts";
import type { Cause } from "../../workflow/explain/lane.ts";
import { jobMoves, runMoves } from "../../workflow/states.ts";
import { aboutTask } from "../../workflow/subject.ts";
import type { Task } from "../../workflow/task.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { unknownTask } from "./find.ts";
import { json, NOT_FOUND, PROBLEMS } from "./route.ts";
import { iso, isoOrNull, maybeTime, remedy, taskKey, time, words } from "./shapes.ts";

/** Newest entries of the history that are told with the answer. */
const DECISIONS_SHOWN = 5;

const ReasonView = z
  .object({
    about: z.enum(["task", "run", "work", "job", "all", "project", "agent", "account", "queue"]),
    sentence: z.string(),
    since: maybeTime,
    until: maybeTime.openapi({ description: "when time alone changes it" }),
    remedy,
  })
  .openapi("Reason");

export type ReasonAnswer = z.infer<typeof ReasonView>;

const DecisionView = z.object({ at: time, kind: z.string(), sentence: z.string() }).openapi("Decision");

const ExplanationView = z
  .object({
    task: z.string(),
    project: z.string(),
    status: z.string(),
    summary: words.openapi({ description: "what its newest agent said at its end" }),
    reasons: z.array(ReasonView).openapi({ description: "at least one; what weighs most comes first" }),
    decisions: z.array(DecisionView).openapi({ description: "the last ones, oldest first" }),
  })
  .openapi("Explanation");

export type ExplanationAnswer = z.infer<typeof ExplanationView>;

const EXPLAIN = createRoute({
  method: "get",
  path: "/tasks/{key}/explain",
  operationId: "explainTask",
  summary: "Say why a task is not running",
  request: { params: z.object({ key: taskKey }) },
  responses: {
    200: json("Why it is not running, and what would change that", ExplanationView),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function explainRoutes({ store }: ApiOptions): Api {
  return newApi().openapi(EXPLAIN, async (c) => {
    const { key } = c.req.valid("param");
    const task = await store.tasks.get(key);
    if (task === null) return unknownTask(key);
    const [{ facts, summary }, events] = await Promise.all([
      gather(store, task),
      store.events.of(aboutTask(key), Math.max(0, task.events - DECISIONS_SHOWN), DECISIONS_SHOWN),
    ]);
    const { project, status } = task;
    const answer = {
      task: key,
      ...{ project, status, summary },
      reasons: explain(facts).map(viewCause),
      decisions: events.map(viewDecision),
    };
    return c.json(answer, 200);
  });
}

interface Gathered {
  readonly facts: ExplainFacts;
  readonly summary: string | null;
}

async function gather(store: Store, task: Task): Promise<Gathered> {
  const [
    written,
    runs,
    wide,
    accounts,
    routes,
    refusals,
    kept,
    approval,
    ci,
    merges,
    { question },
    freeze,
    stretches,
  ] = await Promise.all([
    store.jobs.ofTask(task.key),
    store.runs.list({ limit: RUNS_LOOKED_AT, before: null, task: task.key }),
    store.holds.wide(),
    store.accounts.list(),
    store.accounts.routes(),
    store.lanes.refusals(),
    store.kept.list({ limit: KEPT_TOLD, before: null, task: task.key, status: "kept" }),
    store.approvals.newest(task.key),
    store.ci.newest(task.key),
    store.merges.ofTask(task.key),
    store.questions.standing(task.key, null),
    store.freezes.of(task.project),
    store.windows.stretches(),
  ]);
  const chosen = stretches.get(task.project)?.agent ?? null;
  // A run that is on stays with whom it has.
  const jobs = written.map((job) =>
    job.isFree && job.status !== "running" && chosen !== null ? { ...job, agent: chosen } : job,
  );
  const job = jobs.findLast(({ status }) => !jobMoves.final.includes(status));
  const live = runs.items.filter(({ status }) => runMoves.live.includes(status));
  const ends = runs.items.flatMap(({ finishedAt }) => finishedAt ?? []);
  const facts = {
    ...{ task, jobs, live, wide, accounts, kept: kept.items, approval, ci, question, freeze },
    merge: merges.at(-1) ?? null,
    checks: ci === null || ci.commit === null ? [] : await store.ci.checks(task.key, ci.commit),
    lastRunAt: ends.length === 0 ? null : Math.max(...ends),
    routes: routes.filter(({ agent }) => agent === job?.agent),
    refusal: refusals.find(({ project, agent }) => project === task.project && agent === job?.agent) ?? null,
    ahead: job?.status === "queued" ? await store.jobs.ahead(job) : { count: 0, more: false },
  };
  return { facts, summary: runs.items[0]?.summary ?? null };
}

/** `kept show` has them all. */
const KEPT_TOLD = 10;
/** A task has one job that lives, so what matters is among its newest runs. */
const RUNS_LOOKED_AT = 10;

function viewCause({ about, reason, remedy, since, until }: Cause): ReasonAnswer {
  return { about, sentence: reason, since: isoOrNull(since), until: isoOrNull(until), remedy };
}

function viewDecision(event: HistoryEvent): z.infer<typeof DecisionView> {
  return { at: iso(event.at), kind: event.kind, sentence: tellEvent(event) };
}

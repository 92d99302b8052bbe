/** Tasks and jobs over the API: list, show, history, create, cancel, retry. */

import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Asked, ask } from "../store/ask.ts";
import type { Intent } from "../workflow/intent.ts";
import { jobMoves, taskMoves } from "../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./api-base.ts";
import { json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./api-route.ts";
import {
  CancelBody,
  EmptyBody,
  EventView,
  JobView,
  NewTaskBody,
  PageParams,
  TaskView,
  WholeTaskView,
} from "./api-schemas.ts";
import { viewEvent, viewJob, viewRun, viewTask } from "./api-views.ts";
import { problem } from "./problem.ts";

const KeyParam = z.object({ key: z.string().max(64) });
const key = { params: KeyParam };
const EVENTS_MAX = 500;

const LIST = createRoute({
  method: "get",
  path: "/tasks",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(taskMoves.statuses).optional(),
      ready: z.enum(["true", "false"]).optional(),
    }),
  },
  responses: { 200: json("Tasks, newest first", listOf("tasks", TaskView)), ...PROBLEMS },
});

const CREATE = createRoute({
  method: "post",
  path: "/tasks",
  request: { body: { ...json("", NewTaskBody), required: true } },
  responses: {
    201: json("The new task", WholeTaskView),
    200: json("The task that this external_ref already stands for", WholeTaskView),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

const SHOW = createRoute({
  method: "get",
  path: "/tasks/{key}",
  request: key,
  responses: { 200: json("The task with its jobs and runs", WholeTaskView), ...PROBLEMS, ...NOT_FOUND },
});

const EVENTS = createRoute({
  method: "get",
  path: "/tasks/{key}/events",
  request: { ...key, query: z.object({ after: z.coerce.number().int().min(0).default(0) }) },
  responses: {
    200: json("Its history, oldest first", listOf("events", EventView)),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

const CANCEL = createRoute({
  method: "post",
  path: "/tasks/{key}/cancel",
  request: { ...key, body: json("", CancelBody) },
  responses: {
    200: json("Cancelled; its agent is being stopped", WholeTaskView),
    ...PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const RETRY = createRoute({
  method: "post",
  path: "/tasks/{key}/retry",
  request: { ...key, body: json("", EmptyBody) },
  responses: {
    200: json("Active again, with a fresh budget of attempts", WholeTaskView),
    ...PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const JOBS = createRoute({
  method: "get",
  path: "/jobs",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(jobMoves.statuses).optional(),
      task: z.string().optional(),
    }),
  },
  responses: { 200: json("Jobs, newest first", listOf("jobs", JobView)), ...PROBLEMS },
});

export function taskRoutes(options: ApiOptions): Api {
  const { store } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { project, status, ready, ...page } = c.req.valid("query");
    const filter = { ...defined({ project, status }), ...(ready === "true" && { ready: true }) };
    return c.json(
      pageView("tasks", await store.tasks.list({ ...pageQuery(page), ...filter }), viewTask),
      200,
    );
  });
  api.openapi(JOBS, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const jobs = await store.jobs.list({ ...pageQuery(page), ...defined({ project, status, task }) });
    return c.json(pageView("jobs", jobs, viewJob), 200);
  });
  api.openapi(SHOW, async (c) => {
    const whole = await viewWhole(options, c.req.valid("param").key);
    return whole === null ? unknownTask(c) : c.json(whole, 200);
  });
  api.openapi(EVENTS, async (c) => {
    const { key } = c.req.valid("param");
    if ((await store.tasks.get(key)) === null) return unknownTask(c);
    const events = await store.tasks.events(key, c.req.valid("query").after, EVENTS_MAX);
    const last = events.length === EVENTS_MAX ? events.at(-1) : undefined;
    return c.json(
      { events: events.map(viewEvent), next_cursor: last === undefined ? null : String(last.seq) },
      200,
    );
  });
  api.openapi(CREATE, (c) => create(options, c, c.req.valid("json")) as never);
  api.openapi(CANCEL, (c) => {
    const { reason = "cancelled by an operator" } = c.req.valid("json");
    return change(options, c, (common) => ({ kind: "cancel_task", ...common, reason })) as never;
  });
  api.openapi(RETRY, (c) => change(options, c, (common) => ({ kind: "retry_task", ...common })) as never);
  return api;
}

async function create(options: ApiOptions, c: Context, body: z.infer<typeof NewTaskBody>): Promise<Response> {
  const { store, clock, projects } = options;
  const project = projects.get(body.project);
  if (project === undefined) return problem(404, { detail: `there is no project ${body.project}` });
  const ref = body.external_ref;
  const refs = ref === undefined ? [] : [{ source: ref.source as "api", kind: ref.kind, id: ref.id }];
  const known = refs.length === 0 ? null : await store.tasks.find(project.name, refs);
  if (known !== null) return c.json(await viewWhole(options, known.key), 200);
  const intent: Intent = {
    kind: "start_task",
    project: project.name,
    by: { kind: "api", name: "operator" },
    key: `api:${c.req.header("idempotency-key") ?? `${clock.now()}:${body.title}`}`,
    because: "asked over the API",
    refs,
    title: body.title,
    body: body.body,
    url: null,
    author: null,
    number: null,
    priority: body.priority,
    explicit: true,
  };
  const asked = await ask(store, [{ intent, rules: project }], null, clock.now());
  return answer(options, c, asked, asked.kind === "done" ? 201 : 200);
}

type Common = Pick<Extract<Intent, { kind: "retry_task" }>, "project" | "by" | "key" | "because" | "target">;

async function change(
  options: ApiOptions,
  c: Context,
  intentOf: (common: Common) => Intent,
): Promise<Response> {
  const { store, clock, projects } = options;
  const key = c.req.param("key") ?? "";
  const task = await store.tasks.get(key);
  const project = task === null ? undefined : projects.get(task.project);
  if (task === null) return unknownTask(c);
  if (project === undefined)
    return problem(409, { detail: `its project ${task.project} is not configured`, state: task.status });
  const intent = intentOf({
    project: task.project,
    by: { kind: "api", name: "operator" },
    key: `api:${task.version}:${c.req.path}`,
    because: "asked over the API",
    target: { key },
  });
  return answer(options, c, await ask(store, [{ intent, rules: project }], null, clock.now()), 200, key);
}

async function answer(
  options: ApiOptions,
  c: Context,
  asked: Asked,
  status: 200 | 201,
  key?: string,
): Promise<Response> {
  if (asked.kind === "unknown") return problem(404, { detail: asked.reason });
  if (asked.kind === "refused") {
    const task = asked.task === null ? null : await options.store.tasks.get(asked.task);
    return problem(409, { detail: asked.reason, ...(task !== null && { state: task.status }) });
  }
  options.claimWake.ring();
  options.stopWake.ring();
  const changed = asked.kind === "done" ? asked.tasks[0] : asked.task;
  return c.json(await viewWhole(options, changed ?? key ?? ""), status);
}

async function viewWhole({ store }: ApiOptions, key: string): Promise<z.infer<typeof WholeTaskView> | null> {
  const task = await store.tasks.get(key);
  if (task === null) return null;
  const [refs, jobs, runs] = await Promise.all([
    store.tasks.refs(key),
    store.jobs.ofTask(key),
    store.runs.list({ limit: 100, before: null, task: key }),
  ]);
  return {
    ...viewTask(task),
    external_refs: [...refs],
    jobs: jobs.map(viewJob),
    runs: runs.items.map(viewRun),
  };
}

function unknownTask(c: Context): never {
  return problem(404, { detail: `there is no task ${c.req.param("key")}` }) as never;
}

/** Without the keys that are not there: an absent filter is not an undefined one. */
function defined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** Tasks over the API: list, show, history, create, cancel, retry. */

import { createRoute, z } from "@hono/zod-openapi";
import { taskMoves } from "../../workflow/states.ts";
import { aboutTask } from "../../workflow/subject.ts";
import { askerOf } from "../asker.ts";
import { bodyText } from "../outside-text.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { changeTask, createTask, viewWhole } from "./changes.ts";
import { misnamed, unknownTask } from "./find.ts";
import {
  BODY_PROBLEMS,
  json,
  listOf,
  NOT_FOUND,
  NOT_TAKEN,
  PROBLEMS,
  pageQuery,
  pageView,
  REFUSED,
} from "./route.ts";
import { PageParams, taskKey } from "./shapes.ts";
import {
  CancelBody,
  DependBody,
  EventView,
  NewTaskBody,
  RetryBody,
  TaskView,
  viewEvent,
  viewTask,
  WholeTaskView,
} from "./views/task.ts";

const key = { params: z.object({ key: taskKey }) };

const LIST = createRoute({
  method: "get",
  path: "/tasks",
  operationId: "listTasks",
  summary: "List tasks, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(taskMoves.statuses).optional(),
      ready: z
        .enum(["true", "false"])
        .optional()
        .openapi({ description: "with a job that can be claimed now" }),
    }),
  },
  responses: { 200: json("Tasks, newest first", listOf("tasks", TaskView)), ...PROBLEMS, ...NOT_FOUND },
});

const CREATE = createRoute({
  method: "post",
  path: "/tasks",
  operationId: "createTask",
  summary: "Create a task",
  request: { body: { ...json("", NewTaskBody), required: true } },
  responses: {
    201: json("The new task", WholeTaskView),
    200: json("The task that this external_ref already stands for", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...NOT_TAKEN,
    ...REFUSED,
  },
});

const SHOW = createRoute({
  method: "get",
  path: "/tasks/{key}",
  operationId: "showTask",
  summary: "Show a task with its jobs and runs",
  request: key,
  responses: { 200: json("The task with its jobs and runs", WholeTaskView), ...PROBLEMS, ...NOT_FOUND },
});

const pruned = z.boolean().openapi({ description: "its beginning is pruned: see `retention.events`" });

const EVENTS = createRoute({
  method: "get",
  path: "/tasks/{key}/events",
  operationId: "listTaskEvents",
  summary: "List the history of a task, oldest first",
  request: { ...key, query: PageParams },
  responses: {
    200: json("Its history, oldest first", listOf("events", EventView).extend({ pruned })),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

const CANCEL = createRoute({
  method: "post",
  path: "/tasks/{key}/cancel",
  operationId: "cancelTask",
  summary: "Cancel a task and stop its agent",
  request: { ...key, body: json("", CancelBody) },
  responses: {
    200: json("Cancelled; its agent is being stopped", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const RETRY = createRoute({
  method: "post",
  path: "/tasks/{key}/retry",
  operationId: "retryTask",
  summary: "Start a failed or cancelled task again",
  request: { ...key, body: json("", RetryBody) },
  responses: {
    200: json("Active again, with a fresh budget of attempts", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const DEPEND = createRoute({
  method: "post",
  path: "/tasks/{key}/depend",
  operationId: "dependTask",
  summary: "Say which tasks have to be done before a task begins",
  request: { ...key, body: { ...json("", DependBody), required: true } },
  responses: {
    200: json("It begins when all of them are done", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function taskRoutes(options: ApiOptions): Api {
  const { store } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { project, status, ready, ...page } = c.req.valid("query");
    const readiness = ready === undefined ? undefined : ready === "true";
    const tasks = await store.tasks.list({ ...pageQuery(page), project, status, ready: readiness });
    const wrong = misnamed(options, project, tasks.items);
    if (wrong !== null) return wrong;
    return c.json(pageView("tasks", tasks, viewTask), 200);
  });
  api.openapi(SHOW, async (c) => {
    const { key } = c.req.valid("param");
    const whole = await viewWhole(options, key);
    return whole === null ? unknownTask(key) : c.json(whole, 200);
  });
  api.openapi(EVENTS, async (c) => {
    const { key } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const task = await store.tasks.get(key);
    if (task === null) return unknownTask(key);
    const events = await store.events.of(aboutTask(key), Number(cursor ?? 0), limit + 1);
    const [first] = cursor === undefined ? events : await store.events.of(aboutTask(key), 0, 1);
    const shown = events.slice(0, limit);
    const last = events.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : String(last.seq);
    const isPruned = task.events > 0 && first?.seq !== 1;
    return c.json({ events: shown.map(viewEvent), next_cursor: next, pruned: isPruned }, 200);
  });
  api.openapi(CREATE, (c) => createTask(options, c.req.valid("json"), askerOf(c)));
  api.openapi(CANCEL, (c) => {
    const { by } = askerOf(c, "an operator");
    const { reason = `cancelled by ${by.name}` } = c.req.valid("json");
    const cancel = { kind: "cancel_task", reason: bodyText(reason) } as const;
    return changeTask(options, c.req.valid("param").key, cancel, askerOf(c));
  });
  api.openapi(DEPEND, (c) => {
    const { on: add, drop } = c.req.valid("json");
    return changeTask(options, c.req.valid("param").key, { kind: "depend_task", add, drop }, askerOf(c));
  });
  api.openapi(RETRY, (c) => {
    const { phase: from = null } = c.req.valid("json");
    return changeTask(options, c.req.valid("param").key, { kind: "retry_task", from }, askerOf(c));
  });
  return api;
}

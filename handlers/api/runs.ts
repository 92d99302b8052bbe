/** Runs over the API: list, show, stop, and what the agent printed. */

import { createRoute, z } from "@hono/zod-openapi";
import { runMoves } from "../../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { openLog } from "./log.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./route.ts";
import { RunView, viewRun } from "./run-view.ts";
import { EmptyBody, PageParams } from "./shapes.ts";

const params = z.object({ id: z.string() });

const LIST = createRoute({
  method: "get",
  path: "/runs",
  operationId: "listRuns",
  summary: "List runs, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(runMoves.statuses).optional(),
      task: z.string().optional(),
    }),
  },
  responses: { 200: json("Runs, newest first", listOf("runs", RunView)), ...PROBLEMS },
});

const SHOW = createRoute({
  method: "get",
  path: "/runs/{id}",
  operationId: "showRun",
  summary: "Show a run",
  request: { params },
  responses: { 200: json("The run", RunView), ...PROBLEMS, ...NOT_FOUND },
});

const KILL = createRoute({
  method: "post",
  path: "/runs/{id}/kill",
  operationId: "killRun",
  summary: "Ask a run to stop",
  request: { params, body: json("", EmptyBody) },
  responses: {
    202: json("It is asked to stop", RunView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

const LOG = createRoute({
  method: "get",
  path: "/runs/{id}/log",
  operationId: "readRunLog",
  summary: "Read what the agent of a run printed",
  request: {
    params,
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .openapi({ type: "integer", description: "bytes to leave out" }),
      follow: z
        .enum(["true", "false"])
        .default("false")
        .openapi({ description: "go on until the run is over" }),
      stream: z.enum(["stdout", "stderr"]).default("stdout"),
    }),
  },
  responses: {
    200: {
      description: "The bytes from `offset` on",
      headers: z.object({
        "x-next-offset": z.string().optional().openapi({
          description: "`offset` for what is written later. Not when followed: add the bytes received",
        }),
      }),
      content: { "text/plain": { schema: z.string() } },
    },
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function runRoutes(options: ApiOptions): Api {
  const { store, runsDirectory } = options;
  const api = newApi();
  const unknown = (id: string): Response => problem(404, { detail: `there is no run ${id}` });
  api.openapi(LIST, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const runs = await store.runs.list({ ...pageQuery(page), project, status, task });
    return c.json(pageView("runs", runs, viewRun), 200);
  });
  api.openapi(SHOW, async (c) => {
    const { id } = c.req.valid("param");
    const run = await store.runs.get(id);
    return run === null ? unknown(id) : c.json(viewRun(run), 200);
  });
  api.openapi(KILL, async (c) => {
    const { id } = c.req.valid("param");
    const isAsked = await store.runs.askToStop(id, "cancelled");
    const run = await store.runs.get(id);
    if (run === null) return unknown(id);
    if (!isAsked) return problem(409, { detail: `run ${id} is over`, state: run.status });
    return c.json(viewRun(run), 202);
  });
  api.openapi(LOG, async (c) => {
    const { id } = c.req.valid("param");
    const { offset, follow, stream } = c.req.valid("query");
    // Only the id of a run becomes part of a path (I13).
    const run = await store.runs.get(id);
    if (run === null) return unknown(id);
    return openLog(options, run.id, `${runsDirectory}/${run.id}/${stream}.log`, offset, follow === "true");
  });
  return api;
}

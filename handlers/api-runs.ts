/** Runs over the API: list, show, stop, and what the agent printed. */

import { createRoute, z } from "@hono/zod-openapi";
import { READ_BYTES_MAX } from "../workflow/limits.ts";
import { runMoves } from "../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./api-base.ts";
import { json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./api-route.ts";
import { PageParams, RunView } from "./api-schemas.ts";
import { viewRun } from "./api-views.ts";
import { problem } from "./problem.ts";

const params = z.object({ id: z.string().regex(/^[0-9a-z]{1,64}$/) });
/** How often a followed log is looked at. */
const LOOK_MS = 300;

const LIST = createRoute({
  method: "get",
  path: "/runs",
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
  request: { params },
  responses: { 200: json("The run", RunView), ...PROBLEMS, ...NOT_FOUND },
});

const KILL = createRoute({
  method: "post",
  path: "/runs/{id}/kill",
  request: { params },
  responses: { 202: json("It is asked to stop", RunView), ...PROBLEMS, ...NOT_FOUND, ...REFUSED },
});

const LOG = createRoute({
  method: "get",
  path: "/runs/{id}/log",
  request: {
    params,
    query: z.object({
      offset: z.coerce.number().int().min(0).default(0),
      follow: z.enum(["true", "false"]).default("false"),
      stream: z.enum(["stdout", "stderr"]).default("stdout"),
    }),
  },
  responses: {
    200: { description: "The bytes from `offset` on", content: { "text/plain": { schema: z.string() } } },
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

export function runRoutes(options: ApiOptions): Api {
  const { store, stopWake } = options;
  const api = newApi();
  const unknown = (id: string): never => problem(404, { detail: `there is no run ${id}` }) as never;
  api.openapi(LIST, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const filter = {
      ...(project !== undefined && { project }),
      ...(status !== undefined && { status }),
      ...(task !== undefined && { task }),
    };
    return c.json(pageView("runs", await store.runs.list({ ...pageQuery(page), ...filter }), viewRun), 200);
  });
  api.openapi(SHOW, async (c) => {
    const { id } = c.req.valid("param");
    const run = await store.runs.get(id);
    return run === null ? unknown(id) : c.json(viewRun(run), 200);
  });
  api.openapi(KILL, async (c) => {
    const { id } = c.req.valid("param");
    const run = await store.runs.get(id);
    if (run === null) return unknown(id);
    const isLive = (runMoves.live as readonly string[]).includes(run.status);
    if (!isLive) return problem(409, { detail: `run ${id} is over`, state: run.status }) as never;
    await store.runs.askToStop(id, "cancelled");
    stopWake.ring();
    return c.json(viewRun((await store.runs.get(id)) ?? run), 202);
  });
  api.openapi(LOG, async (c) => {
    const { id } = c.req.valid("param");
    const { offset, follow, stream } = c.req.valid("query");
    if ((await store.runs.get(id)) === null) return unknown(id);
    const path = `${options.runsDirectory}/${id}/${stream}.log`;
    const body = logStream(options, id, path, offset, follow === "true");
    return new Response(body, {
      headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    }) as never;
  });
  return api;
}

/** Bytes of a growing file, until its end; followed, until the run is over, the reader leaves, or the daemon stops. */
function logStream(
  options: ApiOptions,
  id: string,
  path: string,
  from: number,
  follow: boolean,
): ReadableStream<Uint8Array> {
  const { store, files, clock, signal } = options;
  let offset = from;
  let isLeft = false;
  return new ReadableStream({
    async pull(controller): Promise<void> {
      for (;;) {
        // Looked at before reading: what was written before the end is then read after it.
        const run = follow ? await store.runs.get(id) : null;
        const bytes = await files.readFrom("log", path, offset, READ_BYTES_MAX);
        offset += bytes.length;
        if (bytes.length > 0) return controller.enqueue(bytes);
        if (run === null || run.finishedAt !== null || isLeft || signal.aborted) return controller.close();
        await clock.sleep(LOOK_MS, signal);
      }
    },
    cancel(): void {
      isLeft = true;
    },
  });
}

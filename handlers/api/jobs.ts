/** Jobs over the API: the queue, with what it holds and what became of it. */

import { createRoute, z } from "@hono/zod-openapi";
import { jobMoves } from "../../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { JobView, viewJob } from "./job-view.ts";
import { json, listOf, PROBLEMS, pageQuery, pageView } from "./route.ts";
import { PageParams } from "./shapes.ts";

const LIST = createRoute({
  method: "get",
  path: "/jobs",
  operationId: "listJobs",
  summary: "List jobs, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(jobMoves.statuses).optional(),
      task: z.string().optional(),
    }),
  },
  responses: { 200: json("Jobs, newest first", listOf("jobs", JobView)), ...PROBLEMS },
});

export function jobRoutes({ store }: ApiOptions): Api {
  return newApi().openapi(LIST, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const jobs = await store.jobs.list({ ...pageQuery(page), project, status, task });
    return c.json(pageView("jobs", jobs, viewJob), 200);
  });
}

/** Jobs over the API: the queue, with what it holds and what became of it. */

import { createRoute, z } from "@hono/zod-openapi";
import { jobMoves } from "../../workflow/states.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { misnamed } from "./find.ts";
import { json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView } from "./route.ts";
import { counts, PageParams, taskKey } from "./shapes.ts";
import { JobView, viewJob } from "./views/job.ts";

const JobList = listOf("jobs", JobView).extend({
  counts: counts.openapi({ description: "all jobs by status, whatever the filters" }),
});

const LIST = createRoute({
  method: "get",
  path: "/jobs",
  operationId: "listJobs",
  summary: "List jobs, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(jobMoves.statuses).optional(),
      task: taskKey.optional(),
    }),
  },
  responses: { 200: json("Jobs, newest first", JobList), ...PROBLEMS, ...NOT_FOUND },
});

export function jobRoutes(options: ApiOptions): Api {
  const { store, clock } = options;
  return newApi().openapi(LIST, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const jobs = await store.jobs.list({ ...pageQuery(page), project, status, task });
    const wrong = misnamed(options, project, jobs.items);
    if (wrong !== null) return wrong;
    const { jobs: counted } = await store.totals(clock.now());
    return c.json({ ...pageView("jobs", jobs, viewJob), counts: counted }, 200);
  });
}

/**
 * Projects over the API: one that is paused goes on.
 *
 * A project is paused when its database was restored; pausing by hand comes with `scheduler/`.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { unknownProject } from "./find.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "./route.ts";
import { EmptyBody } from "./shapes.ts";

const ResumedView = z.object({ project: z.string() }).openapi("Resumed");

export type ResumedAnswer = z.infer<typeof ResumedView>;

const RESUME = createRoute({
  method: "post",
  path: "/projects/{name}/resume",
  operationId: "resumeProject",
  summary: "Let a paused project go on",
  request: { params: z.object({ name: z.string() }), body: json("", EmptyBody) },
  responses: {
    200: json("Its jobs may be claimed again, as far as nothing else holds them", ResumedView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function projectRoutes(options: ApiOptions): Api {
  const { store, log, projects } = options;
  return newApi().openapi(RESUME, async (c) => {
    const { name } = c.req.valid("param");
    if (await store.holds.clear("project", name, "pause")) {
      log.info({ event: "project.resumed", project: name });
      return c.json({ project: name }, 200);
    }
    if (!projects.has(name)) return unknownProject(options, name);
    return problem(409, { detail: `project ${name} is not paused`, state: "open" });
  });
}

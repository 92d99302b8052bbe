/** What is open between two instants, by the times of schedules and by their overrides: for a drawn week. */

import { createRoute, z } from "@hono/zod-openapi";
import { concerns } from "../../../workflow/windows/schedule.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { unknownProject } from "../find.ts";
import { problem } from "../problem.ts";
import { json, listOf, NOT_FOUND, PROBLEMS } from "../route.ts";
import { iso, time } from "../shapes.ts";
import { findSchedule } from "./schedules.ts";

/** One window of a schedule opens on a day, so that an answer stays small. */
const SPAN_MS_MAX = 8 * 86_400_000;

const OpeningView = z
  .object({ schedule: z.string(), from: time, until: time })
  .openapi("Opening", { description: "several of one project may overlap" });

const LIST = createRoute({
  method: "get",
  path: "/windows",
  operationId: "listWindows",
  summary: "List what is open between two instants",
  request: {
    query: z.object({
      schedule: z.string().optional().openapi({ description: "only of this one" }),
      project: z.string().optional().openapi({ description: "only of those that concern it" }),
      from: z.iso.datetime({ offset: true }),
      until: z.iso.datetime({ offset: true }).openapi({ description: "at most 8 days later" }),
    }),
  },
  responses: { 200: json("By schedule", listOf("windows", OpeningView)), ...PROBLEMS, ...NOT_FOUND },
});

export function windowRoutes(options: ApiOptions): Api {
  const { schedules, projects } = options;
  return newApi().openapi(LIST, (c) => {
    const { schedule: only, project, ...query } = c.req.valid("query");
    const span = { from: Date.parse(query.from), until: Date.parse(query.until) };
    if (span.until <= span.from || span.until > span.from + SPAN_MS_MAX) {
      const errors = [{ path: "until", message: "must be later than from, by at most 8 days" }];
      return problem(400, { detail: "the request is not valid", errors });
    }
    if (project !== undefined && !projects.has(project)) return unknownProject(options, project);
    const found = only === undefined ? null : findSchedule(options, only);
    if (found instanceof Response) return found;
    const named = schedules
      .schedules()
      .map(({ schedule }) => schedule)
      .filter((schedule) => only === undefined || schedule.name === only)
      .filter((schedule) => schedule.enabled && (project === undefined || concerns(schedule, project)));
    const windows = schedules
      .openings(
        named.map(({ name }) => name),
        span,
      )
      .map(({ schedule, from, until }) => ({ schedule, from: iso(from), until: iso(until) }));
    return c.json({ windows, next_cursor: null }, 200);
  });
}

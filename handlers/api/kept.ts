/** Kept work over the API: what could not be published, and why. */

import { createRoute, z } from "@hono/zod-openapi";
import { type Kept, keptMoves } from "../../workflow/kept.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { misnamed } from "./find.ts";
import { json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView } from "./route.ts";
import { count, iso, isoOrNull, maybeTime, PageParams, remedy, taskKey, time, words } from "./shapes.ts";

const KeptView = z
  .object({
    id: z.int(),
    task: z.string(),
    project: z.string(),
    run: words.openapi({ description: "the run that made it" }),
    name: z.string().openapi({ description: "unique among what is kept of its task" }),
    status: z.enum(keptMoves.statuses),
    commit: z.string(),
    branch: z.string().openapi({ description: "where it would be published, or was" }),
    files: count.openapi({ description: "how many files it changes" }),
    reason: z.string().openapi({ description: "why it was not published" }),
    remedy,
    kept_at: time,
    until: time.openapi({ description: "until when it is kept, unless a person settles it" }),
    told_at: maybeTime.openapi({ description: "when its task was told that it will go" }),
    finished_at: maybeTime,
  })
  .openapi("Kept");

export type KeptAnswer = z.infer<typeof KeptView>;

const LIST = createRoute({
  method: "get",
  path: "/kept",
  operationId: "listKept",
  summary: "List work that could not be published, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      task: taskKey.optional(),
      status: z.enum(keptMoves.statuses).default("kept"),
    }),
  },
  responses: { 200: json("Kept work, newest first", listOf("kept", KeptView)), ...PROBLEMS, ...NOT_FOUND },
});

export function keptRoutes(options: ApiOptions): Api {
  const { store } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { project, task, status, ...page } = c.req.valid("query");
    const kept = await store.kept.list({ ...pageQuery(page), project, task, status });
    const wrong = misnamed(options, project, kept.items);
    if (wrong !== null) return wrong;
    return c.json(pageView("kept", kept, viewKept), 200);
  });
  return api;
}

function viewKept(kept: Kept): KeptAnswer {
  const { id, task, project, run, name, status, commit, branch, files, reason, remedy } = kept;
  return {
    ...{ id, task, project, run, name, status, commit, branch, files, reason, remedy },
    kept_at: iso(kept.keptAt),
    until: iso(kept.until),
    told_at: isoOrNull(kept.toldAt),
    finished_at: isoOrNull(kept.finishedAt),
  };
}

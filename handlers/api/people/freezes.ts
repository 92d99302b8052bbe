/**
 * Freezes over the API: a repository takes no new work, and takes it again. Who, when and why stands in the history of
 * the project by which it was asked for, and is shown with it.
 */

import { createRoute, z } from "@hono/zod-openapi";
import type { NewFreeze } from "../../../workflow/between/freeze.ts";
import { askerOf } from "../../asker.ts";
import { lineText } from "../../outside-text.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { unknownProject } from "../find.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "../route.ts";
import { PageParams } from "../shapes.ts";
import { viewWideHold, WideHoldView } from "../views/hold.ts";
import { EventView, viewEvent } from "../views/task.ts";

const SENTENCE_CHARS_MAX = 500;
const NAME_CHARS_MAX = 80;

const FreezeBody = z
  .strictObject({
    because: z
      .string()
      .trim()
      .min(1)
      .max(SENTENCE_CHARS_MAX)
      .openapi({ description: "why, for the history" }),
    by: z
      .string()
      .trim()
      .min(1)
      .max(NAME_CHARS_MAX)
      .default("operator")
      .openapi({ description: "who says so, as they want to be called" }),
  })
  .openapi("Freeze");

const FrozenView = z
  .object({
    project: z.string(),
    freezes: z
      .array(WideHoldView)
      .openapi({ description: "what keeps new tasks from its repository; none when it is open" }),
    projects: z.array(z.string()).openapi({ description: "all that work on this repository" }),
  })
  .openapi("Frozen");
export type FrozenAnswer = z.infer<typeof FrozenView>;

const HistoryView = FrozenView.extend({
  events: z.array(EventView).openapi({ description: "history of the project, oldest first" }),
  next_cursor: z.string().nullable(),
}).openapi("FreezeHistory");

const byName = { params: z.object({ name: z.string() }) };
const ANY_BODY = { ...PROBLEMS, ...BODY_PROBLEMS, ...NOT_FOUND };

const SHOW = createRoute({
  method: "get",
  path: "/projects/{name}/freeze",
  operationId: "showFreeze",
  summary: "Show whether the repository of a project is frozen, and who froze and unfroze it",
  request: { ...byName, query: PageParams },
  responses: { 200: json("How it stands, and its history", HistoryView), ...PROBLEMS, ...NOT_FOUND },
});
const FREEZE = createRoute({
  method: "post",
  path: "/projects/{name}/freeze",
  operationId: "freezeProject",
  summary: "Let no new task begin on the repository of a project; what has begun goes on",
  request: { ...byName, body: { ...json("", FreezeBody), required: true } },
  responses: { 200: json("Frozen, with this reason", FrozenView), ...ANY_BODY },
});
const UNFREEZE = createRoute({
  method: "post",
  path: "/projects/{name}/unfreeze",
  operationId: "unfreezeProject",
  summary: "Let new tasks begin on the repository of a project again",
  request: { ...byName, body: { ...json("", FreezeBody), required: true } },
  responses: { 200: json("New tasks may begin", FrozenView), ...ANY_BODY, ...REFUSED },
});

export function freezeRoutes(options: ApiOptions): Api {
  const { store, clock, log, projects } = options;
  const api = newApi();
  api.openapi(SHOW, async (c) => {
    const { name } = c.req.valid("param");
    const { limit, cursor } = c.req.valid("query");
    const events = await store.events.of({ kind: "project", name }, Number(cursor ?? 0), limit + 1);
    if (!projects.has(name) && events.length === 0) return unknownProject(options, name);
    const shown = events.slice(0, limit);
    const last = events.length > limit ? shown.at(-1) : undefined;
    const next = last === undefined ? null : String(last.seq);
    return c.json(
      { ...(await standing(options, name)), events: shown.map(viewEvent), next_cursor: next },
      200,
    );
  });
  api.openapi(FREEZE, async (c) => {
    const { name } = c.req.valid("param");
    if (!projects.has(name)) return unknownProject(options, name);
    const freeze = askedFor("freeze", name, c.req.valid("json"), c, clock.now());
    await store.freezes.put(freeze, clock.now());
    log.warn({ event: "project.frozen", project: name, by: freeze.by, reason: freeze.because });
    return c.json(await standing(options, name), 200);
  });
  api.openapi(UNFREEZE, async (c) => {
    const { name } = c.req.valid("param");
    if (!projects.has(name)) return unknownProject(options, name);
    const thaw = askedFor("thaw", name, c.req.valid("json"), c, clock.now());
    if (!(await store.freezes.lift(thaw, clock.now())))
      return problem(409, { detail: `the repository of project ${name} is not frozen`, state: "open" });
    log.info({ event: "project.unfrozen", project: name, by: thaw.by, reason: thaw.because });
    return c.json(await standing(options, name), 200);
  });
  return api;
}

function askedFor(
  what: "freeze" | "thaw",
  project: string,
  { because, by: name }: z.infer<typeof FreezeBody>,
  context: Parameters<typeof askerOf>[0],
  now: number,
): NewFreeze {
  const { by, key: own } = askerOf(context, name);
  const key = own ?? `${what}:api:${now}:${by.name}`;
  return { project, by: by.name, because: lineText(because) || "no reason was given", key };
}

async function standing({ store }: ApiOptions, project: string): Promise<FrozenAnswer> {
  const [freeze, names] = await Promise.all([store.freezes.of(project), store.freezes.projects(project)]);
  return { project, freezes: freeze === null ? [] : [viewWideHold(freeze)], projects: [...names] };
}

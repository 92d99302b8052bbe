/**
 * Kept work over the API: what could not be published, and why; a person publishes or drops it.
 *
 * Git works before the answer, outside of any transaction, and a connection that ends meanwhile ends nothing: the
 * task's history says what became of it, and who asks again is told that it is settled.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { suggestion } from "../../system/config/suggestion.ts";
import { type Kept, keptMoves } from "../../workflow/kept.ts";
import { type Api, type ApiOptions, type KeptWorks, newApi, type Settled } from "./base.ts";
import { misnamed, unknownTask } from "./find.ts";
import { problem } from "./problem.ts";
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

/** Works of one task whose commits and paths are shown; of the others there is a row. */
const SHOWN_MAX = 20;

const lines = z.array(z.string());

const ShownView = KeptView.extend({
  commits: lines.openapi({ description: "newest first; of work that is kept now" }),
  paths: lines.openapi({ description: "what it changes, each with a letter as git has them" }),
  is_cut: z.boolean().openapi({ description: "whether there is more than is shown" }),
  unreadable: words.openapi({ description: "why its commits cannot be shown" }),
}).openapi("KeptWithCommits");

const AllView = z
  .object({ task: z.string(), kept: z.array(ShownView).openapi({ description: "newest first" }) })
  .openapi("KeptOfTask");

export type KeptOfTaskAnswer = z.infer<typeof AllView>;

const WhichBody = z
  .strictObject({ name: z.string().min(1).max(256).optional() })
  .openapi("WhichKept", { description: "`name` where several works of the task are kept" });

const key = { params: z.object({ key: taskKey }) };

const SHOW = createRoute({
  method: "get",
  path: "/kept/{key}",
  operationId: "showKept",
  summary: "Show whatever was kept of a task, with commits and paths",
  request: key,
  responses: {
    200: json("All of it, also what was settled", AllView),
    ...PROBLEMS,
    ...NOT_FOUND,
  },
});

const SETTLED = { ...PROBLEMS, ...BODY_PROBLEMS, ...NOT_FOUND, ...REFUSED, ...NOT_TAKEN };

const PUBLISH = createRoute({
  method: "post",
  path: "/kept/{key}/publish",
  operationId: "publishKept",
  summary: "Push kept work to its branch",
  request: { ...key, body: json("", WhichBody) },
  responses: { 200: json("Pushed, to the branch that it names", KeptView), ...SETTLED },
});

const DROP = createRoute({
  method: "post",
  path: "/kept/{key}/drop",
  operationId: "dropKept",
  summary: "Give kept work up",
  request: { ...key, body: json("", WhichBody) },
  responses: { 200: json("Dropped; its commits are gone", KeptView), ...SETTLED },
});

export function keptRoutes(options: ApiOptions): Api {
  const { store, keptWorks } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { project, task, status, ...page } = c.req.valid("query");
    const kept = await store.kept.list({ ...pageQuery(page), project, task, status });
    const wrong = misnamed(options, project, kept.items);
    if (wrong !== null) return wrong;
    return c.json(pageView("kept", kept, viewKept), 200);
  });
  api.openapi(SHOW, async (c) => {
    const task = c.req.valid("param").key;
    if ((await store.tasks.get(task)) === null) return unknownTask(task);
    const kept = await showAll(keptWorks, await store.kept.ofTask(task));
    return c.json({ task, kept }, 200);
  });
  api.openapi(PUBLISH, async (c) => {
    const found = await which(options, c.req.valid("param").key, c.req.valid("json").name);
    return found instanceof Response ? found : answer(await keptWorks.publish(found));
  });
  api.openapi(DROP, async (c) => {
    const found = await which(options, c.req.valid("param").key, c.req.valid("json").name);
    return found instanceof Response ? found : answer(await keptWorks.drop(found));
  });
  return api;
}

/** The work that is meant: the only one that is kept, or the one of this name. */
async function which(
  { store }: ApiOptions,
  task: string,
  name: string | undefined,
): Promise<Kept | Response> {
  if ((await store.tasks.get(task)) === null) return unknownTask(task);
  const all = await store.kept.ofTask(task);
  const meant = name === undefined ? all : all.filter((row) => row.name === name);
  const [found, ...others] = meant.filter(({ status }) => status === "kept");
  if (found !== undefined && others.length === 0) return found;
  if (found !== undefined) {
    const names = [found, ...others].map((row) => row.name).join(", ");
    return problem(400, { detail: `several works of ${task} are kept; name one of ${names}` });
  }
  const [newest] = meant;
  if (newest !== undefined)
    return problem(409, {
      detail: `${newest.name} of ${task} is ${newest.status} already`,
      state: newest.status,
    });
  const names = [...new Set(all.map((row) => row.name))];
  const what = name === undefined ? "nothing" : `no work ${name}`;
  return problem(404, {
    detail: `${what} is kept of ${task}${name === undefined ? "" : suggestion(name, names)}`,
  });
}

function answer(settled: Settled): Response {
  switch (settled.kind) {
    case "ok":
      return Response.json(viewKept(settled.kept));
    case "refused":
      return problem(409, { detail: settled.reason, state: settled.state });
    case "failed":
      return problem(502, { detail: settled.reason });
    default:
      return settled satisfies never;
  }
}

async function showAll(works: KeptWorks, rows: readonly Kept[]): Promise<z.infer<typeof ShownView>[]> {
  const shown: z.infer<typeof ShownView>[] = [];
  // One after another: each asks git.
  for (const [index, row] of rows.entries()) {
    const isShown = row.status === "kept" && index < SHOWN_MAX;
    const look = isShown ? await works.show(row) : null;
    const found = look?.kind === "ok" ? look.value : { commits: [], paths: [], isCut: row.status === "kept" };
    shown.push({
      ...viewKept(row),
      ...{ commits: [...found.commits], paths: [...found.paths], is_cut: found.isCut },
      unreadable: look?.kind === "failed" ? look.reason : null,
    });
  }
  return shown;
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

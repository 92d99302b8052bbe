/** Runs over the API: list, show, stop, and what the agent printed. */

import { createRoute, z } from "@hono/zod-openapi";
import { findBackend } from "../../agents/registry.ts";
import { ownPlace } from "../../agents/supervision/run-folder.ts";
import { toolCallsIn, turnsIn } from "../../agents/transcript.ts";
import { ask } from "../../store/settle.ts";
import type { Intent } from "../../workflow/decide/decide.ts";
import type { Actor } from "../../workflow/intent.ts";
import { REASON_CHARS_MAX, TOOL_CHARS_MAX } from "../../workflow/limits.ts";
import type { Run } from "../../workflow/run.ts";
import { runMoves } from "../../workflow/states.ts";
import { askerOf } from "../asker.ts";
import { bodyText } from "../outside-text.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { misnamed } from "./find.ts";
import { openCalls, openLog } from "./log.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, pageQuery, pageView, REFUSED } from "./route.ts";
import { isoOrNull, PageParams, taskKey } from "./shapes.ts";
import { RunView, RunWithToolsView, viewRun } from "./views/run.ts";

export const runParams = z.object({
  id: z.string().openapi({ description: "its id, or as much of its beginning as no other run has" }),
});

const TAIL_BYTES_MAX = 1_048_576;

const KillBody = z
  .strictObject({
    reason: z
      .string()
      .max(REASON_CHARS_MAX)
      .optional()
      .openapi({ description: "why, for the history of its task" }),
  })
  .openapi("KillRun");

const LIST = createRoute({
  method: "get",
  path: "/runs",
  operationId: "listRuns",
  summary: "List runs, newest first",
  request: {
    query: PageParams.extend({
      project: z.string().optional(),
      status: z.enum(runMoves.statuses).optional(),
      task: taskKey.optional(),
    }),
  },
  responses: { 200: json("Runs, newest first", listOf("runs", RunView)), ...PROBLEMS, ...NOT_FOUND },
});

const SHOW = createRoute({
  method: "get",
  path: "/runs/{id}",
  operationId: "showRun",
  summary: "Show a run",
  request: { params: runParams },
  responses: { 200: json("The run", RunWithToolsView), ...PROBLEMS, ...NOT_FOUND },
});

const KILL = createRoute({
  method: "post",
  path: "/runs/{id}/kill",
  operationId: "killRun",
  summary: "Ask a run to stop; its task then fails, and `retry` goes on with it",
  request: { params: runParams, body: json("", KillBody) },
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
    params: runParams,
    query: z.object({
      offset: z.coerce
        .number()
        .int()
        .min(0)
        .default(0)
        .openapi({ type: "integer", description: "bytes to leave out" }),
      tail: z.coerce.number().int().min(1).max(TAIL_BYTES_MAX).optional().openapi({
        type: "integer",
        description: "only so many bytes at the end of what is there now; not with `offset` or `follow`",
      }),
      follow: z
        .enum(["true", "false"])
        .default("false")
        .openapi({ description: "go on until the run is over" }),
      stream: z.enum(["stdout", "stderr", "setup"]).default("stdout").openapi({
        description: "what the agent printed, or what its project's set-up did before it",
      }),
      tool: z.string().min(1).max(TOOL_CHARS_MAX).optional().openapi({
        description: "only the lines of `stdout` in which this tool is called; not when followed",
      }),
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
  api.openapi(LIST, async (c) => {
    const { project, status, task, ...page } = c.req.valid("query");
    const runs = await store.runs.list({ ...pageQuery(page), project, status, task });
    const wrong = misnamed(options, project, runs.items);
    if (wrong !== null) return wrong;
    return c.json(pageView("runs", runs, viewRun), 200);
  });
  api.openapi(SHOW, async (c) => {
    const run = await findRun(options, c.req.valid("param").id);
    if (run instanceof Response) return run;
    const tools = toolCallsIn(run.transcript).map(([name, calls]) => ({ name, calls }));
    return c.json({ ...viewRun(run), turns: turnsIn(run.transcript), tools }, 200);
  });
  api.openapi(KILL, async (c) => {
    const found = await findRun(options, c.req.valid("param").id);
    if (found instanceof Response) return found;
    const { by } = askerOf(c, "an operator");
    return killRun(options, found, c.req.valid("json").reason ?? null, by);
  });
  api.openapi(LOG, async (c) => {
    const { offset, follow, stream, tool, tail = null } = c.req.valid("query");
    if (tail !== null && (follow === "true" || offset > 0 || tool !== undefined))
      return problem(400, { detail: NO_TAIL });
    if (tool !== undefined && (follow === "true" || stream !== "stdout"))
      return problem(400, { detail: NO_SEARCH });
    // Only the id of a run becomes part of a path (I13).
    const run = await findRun(options, c.req.valid("param").id);
    if (run instanceof Response) return run;
    const directory = `${runsDirectory}/${run.id}`;
    // A run that was started has a folder until it is pruned.
    const isOver = run.startedAt !== null && run.finishedAt !== null;
    const place = ownPlace(directory, `${stream}.log`);
    const isMissing = async (name: string): Promise<boolean> =>
      (await options.files.door.look("log", ownPlace(directory, name))).kind === "missing";
    if (isOver && (await isMissing(`${stream}.log`)))
      return stream === "setup" && !(await isMissing("stdout.log")) ? withoutSetup(run) : pruned(run);
    const toolsIn = findBackend(run.backend)?.toolsIn ?? (() => []);
    return tool === undefined
      ? openLog(options, run.id, place, tail === null ? offset : -tail, follow === "true")
      : openCalls(options, place, offset, { tool, toolsIn });
  });
  return api;
}

/** Also of a project that is not configured any more: nobody may be unable to stop an agent. */
async function killRun(
  { store, clock }: ApiOptions,
  run: Run,
  reason: string | null,
  by: Actor,
): Promise<Response> {
  const intent: Intent = {
    ...{ kind: "kill_run", project: run.project, by, run: run.id, task: run.task },
    // The first who asks is the one who has stopped it.
    key: `kill_run:${run.id}`,
    because: by.kind === "chat" ? "asked in a chat" : "asked over the API",
    reason: reason === null ? null : bodyText(reason),
  };
  const asked = await ask(store, [intent], null, clock.now());
  const now = (await store.runs.get(run.id)) ?? run;
  if (asked.kind === "refused" || asked.kind === "unknown")
    return problem(409, { detail: asked.reason, state: now.status });
  return Response.json(viewRun(now), { status: 202 });
}

const NO_TAIL = "`tail` shows the end of what is there now: leave out `offset`, `follow` and `tool`";
const NO_SEARCH =
  "`tool` searches what the agent has printed to stdout by now: leave out `follow` and `stream`";

function withoutSetup({ id }: Run): Response {
  const detail = `run ${id} had no set-up: projects[].setup of the configuration says what is done in it`;
  return problem(404, { detail, state: "without_setup" });
}

export function pruned({ id, finishedAt }: Run, what = "log"): Response {
  const ended = isoOrNull(finishedAt);
  const detail = `the ${what} of run ${id}, which ended ${ended}, is pruned: logs are kept as long as retention.runs says`;
  return problem(404, { detail, state: "pruned" });
}

/** The run with this id, or the only one whose id begins like this. */
export async function findRun({ store }: ApiOptions, given: string): Promise<Run | Response> {
  const id = given.toLowerCase();
  const exact = await store.runs.get(id);
  if (exact !== null) return exact;
  const [only, ...others] = id === "" ? [] : await store.runs.beginning(id);
  if (only !== undefined && others.length > 0) {
    const detail = `several runs begin with ${id}, such as ${[only, ...others].join(", ")}; give more of the id`;
    return problem(400, { detail });
  }
  const run = only === undefined ? null : await store.runs.get(only);
  return run ?? problem(404, { detail: `there is no run ${given}` });
}

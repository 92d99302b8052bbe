/**
 * Pauses over the API: of a task, of a project, of everything; and the end of each.
 *
 * What a pause says of itself is the hold that it is, so whoever shows holds shows it. A task is paused by a decision
 * like every other change of it; its agent is asked to stop then. Below the two wide ones agents go on, unless the
 * request says `stop`: together with everything that is the emergency stop.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { type Pause, type PauseScope, widePause } from "../../../workflow/decide/pause.ts";
import { EVERYTHING, type WideHold } from "../../../workflow/hold.ts";
import { type Asker, askerOf } from "../../asker.ts";
import { lineText } from "../../outside-text.ts";
import { type Api, type ApiOptions, newApi } from "../base.ts";
import { changeTask } from "../changes.ts";
import { unknownProject } from "../find.ts";
import { futureMoment, moment } from "../moment.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, NOT_FOUND, PROBLEMS, REFUSED } from "../route.ts";
import { count, EmptyBody, taskKey } from "../shapes.ts";
import { viewWideHold, WideHoldView } from "../views/hold.ts";
import { WholeTaskView } from "../views/task.ts";

const SENTENCE_CHARS_MAX = 500;
const NAME_CHARS_MAX = 80;

const PAUSE_FIELDS = {
  until: moment.optional().openapi({ description: "when it ends by itself; left out, somebody resumes" }),
  because: z.string().trim().min(1).max(SENTENCE_CHARS_MAX).optional().openapi({ description: "why" }),
  by: z
    .string()
    .trim()
    .min(1)
    .max(NAME_CHARS_MAX)
    .default("operator")
    .openapi({ description: "who pauses, as they want to be called" }),
};
const PauseTaskBody = z.strictObject(PAUSE_FIELDS).openapi("PauseTask");
const PauseBody = z
  .strictObject({
    ...PAUSE_FIELDS,
    stop: z
      .boolean()
      .default(false)
      .openapi({ description: "stop what runs, too: sessions are kept, and no attempt is paid" }),
  })
  .openapi("Pause");

const PausedView = z
  .object({
    pause: WideHoldView,
    stopping: count.openapi({ description: "runs that are being stopped" }),
    running: count.openapi({ description: "runs that go on to their end" }),
  })
  .openapi("Paused");
export type PausedAnswer = z.infer<typeof PausedView>;

const ResumedView = z
  .object({
    scope: z.enum(["project", "all"]),
    subject: z.string(),
    still_paused: z
      .array(WideHoldView)
      .openapi({ description: "pauses that keep some of it from going on: they were put by themselves" }),
    paused_tasks: count.openapi({ description: "tasks of all projects that are paused by themselves" }),
  })
  .openapi("Resumed");
export type ResumedAnswer = z.infer<typeof ResumedView>;

const ANY_BODY = { ...PROBLEMS, ...BODY_PROBLEMS };
const byKey = z.object({ key: taskKey });
const byName = z.object({ name: z.string() });

const PAUSE_TASK = createRoute({
  method: "post",
  path: "/tasks/{key}/pause",
  operationId: "pauseTask",
  summary: "Pause a task and stop its agent",
  request: { params: byKey, body: json("", PauseTaskBody) },
  responses: {
    200: json("Paused; its agent is being stopped, and its session kept", WholeTaskView),
    ...{ ...ANY_BODY, ...NOT_FOUND, ...REFUSED },
  },
});
const RESUME_TASK = createRoute({
  method: "post",
  path: "/tasks/{key}/resume",
  operationId: "resumeTask",
  summary: "Let a paused task go on, or one begin that waits for its time",
  request: { params: byKey, body: json("", EmptyBody) },
  responses: {
    200: json("It goes on, as far as nothing else holds it", WholeTaskView),
    ...{ ...ANY_BODY, ...NOT_FOUND, ...REFUSED },
  },
});
const PAUSE_PROJECT = createRoute({
  method: "post",
  path: "/projects/{name}/pause",
  operationId: "pauseProject",
  summary: "Let nothing new begin in a project",
  request: { params: byName, body: json("", PauseBody) },
  responses: { 200: json("Paused, in place of an earlier pause", PausedView), ...ANY_BODY, ...NOT_FOUND },
});
const RESUME_PROJECT = createRoute({
  method: "post",
  path: "/projects/{name}/resume",
  operationId: "resumeProject",
  summary: "Let a paused project go on",
  request: { params: byName, body: json("", EmptyBody) },
  responses: {
    200: json("Its jobs may be claimed again, as far as nothing else holds them", ResumedView),
    ...{ ...ANY_BODY, ...NOT_FOUND, ...REFUSED },
  },
});
const PAUSE_ALL = createRoute({
  method: "post",
  path: "/pause",
  operationId: "pauseAll",
  summary: "Let nothing new begin at all",
  request: { body: json("", PauseBody) },
  responses: { 200: json("Paused, in place of an earlier pause", PausedView), ...ANY_BODY },
});
const RESUME_ALL = createRoute({
  method: "post",
  path: "/resume",
  operationId: "resumeAll",
  summary: "End the pause of everything",
  request: { body: json("", EmptyBody) },
  responses: { 200: json("Over; what was paused by itself stays so", ResumedView), ...ANY_BODY, ...REFUSED },
});

export function pauseRoutes(options: ApiOptions): Api {
  const { projects, clock } = options;
  const api = newApi();
  api.openapi(PAUSE_TASK, (c) => {
    const body = c.req.valid("json");
    const asker = askerOf(c, body.by);
    const pause = pauseOf(body, asker, clock.now());
    if (pause instanceof Response) return pause;
    const { until, why } = pause;
    return changeTask(options, c.req.valid("param").key, { kind: "pause_task", until, why }, asker);
  });
  api.openapi(RESUME_TASK, (c) => {
    const resume = { kind: "resume_task", onlyDue: false } as const;
    return changeTask(options, c.req.valid("param").key, resume, askerOf(c));
  });
  api.openapi(PAUSE_PROJECT, (c) => {
    const { name } = c.req.valid("param");
    if (!projects.has(name)) return unknownProject(options, name);
    const body = c.req.valid("json");
    return putPause(options, "project", name, body, askerOf(c, body.by));
  });
  api.openapi(RESUME_PROJECT, async (c) => {
    const { name } = c.req.valid("param");
    const ended = await endPause(options, "project", name);
    if (ended !== null) return ended;
    if (!projects.has(name)) return unknownProject(options, name);
    return problem(409, { detail: `project ${name} is not paused`, state: "open" });
  });
  api.openapi(PAUSE_ALL, (c) => {
    const body = c.req.valid("json");
    return putPause(options, "all", EVERYTHING, body, askerOf(c, body.by));
  });
  api.openapi(RESUME_ALL, async () => {
    const ended = await endPause(options, "all", EVERYTHING);
    return ended ?? problem(409, { detail: await whyNothingEnds(options), state: "open" });
  });
  return api;
}

/** What was asked for, or what is wrong with it. */
function pauseOf(
  { until, because }: z.infer<typeof PauseTaskBody>,
  { by }: Asker,
  now: number,
): Pause | Response {
  const end = futureMoment("until", until, now);
  if (end instanceof Response) return end;
  return { by: by.name, why: lineText(because ?? "") || null, until: end };
}

async function putPause(
  { store, clock, log }: ApiOptions,
  scope: PauseScope,
  subject: string,
  { stop, ...asked }: z.infer<typeof PauseBody>,
  asker: Asker,
): Promise<Response> {
  const now = clock.now();
  const wanted = pauseOf(asked, asker, now);
  if (wanted instanceof Response) return wanted;
  const pause = { ...widePause(scope, subject, wanted), scope };
  const running = await store.pauses.put(pause, stop, now);
  const [put] = (await pauses(store)).filter((hold) => hold.scope === scope && hold.subject === subject);
  log.info({ event: "pause.put", scope, subject, reason: pause.reason, until: pause.until, stop, running });
  const answer: PausedAnswer = {
    pause: viewWideHold(put ?? { ...pause, since: now }),
    stopping: stop ? running : 0,
    running: stop ? 0 : running,
  };
  return Response.json(answer);
}

/** `null` when there was none. */
async function endPause(
  { store, log }: ApiOptions,
  scope: PauseScope,
  subject: string,
): Promise<Response | null> {
  if (!(await store.holds.clear(scope, subject, "pause"))) return null;
  log.info({ event: "pause.ended", scope, subject });
  const left = await pauses(store);
  // Of a project only what closes itself; of everything whatever is closed by itself.
  const still = left.filter((hold) => scope === "all" || hold.scope === "all");
  const answer: ResumedAnswer = {
    scope,
    subject,
    still_paused: still.map(viewWideHold),
    paused_tasks: await store.pauses.countTasks(),
  };
  return Response.json(answer);
}

async function whyNothingEnds({ store }: ApiOptions): Promise<string> {
  const left = (await pauses(store)).map(({ subject }) => subject);
  const only = left.length === 0 ? "" : `; by themselves are: chargehand resume ${left.join(" ")}`;
  return `there is no pause of everything${only}`;
}

async function pauses(store: ApiOptions["store"]): Promise<readonly WideHold[]> {
  return (await store.holds.wide()).filter(({ kind }) => kind === "pause");
}

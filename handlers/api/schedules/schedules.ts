/**
 * Schedules over the API: listed whoever made them, and made, edited and removed by hand.
 *
 * Those of the configuration are read-only here. Whatever is written is judged at once, so that the answer tells how
 * the schedule stands.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { settingTroubles } from "../../../agents/window-settings.ts";
import { absence, suggestion } from "../../../system/config/suggestion.ts";
import type { Schedule } from "../../../workflow/windows/schedule.ts";
import { type Api, type ApiOptions, newApi, type ShownSchedule } from "../base.ts";
import { unknownProject } from "../find.ts";
import { problem } from "../problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, REFUSED } from "../route.ts";
import { iso, time } from "../shapes.ts";
import { EditBody, edited, NewBody, PLAIN, ScheduleView, viewSchedule } from "./view.ts";

/** Far more than anybody overlooks, and few enough to judge in a moment. */
const SCHEDULES_MAX = 1_000;

const params = z.object({ name: z.string() });
const CHANGED = { ...PROBLEMS, ...BODY_PROBLEMS, ...NOT_FOUND, ...REFUSED };

const LIST = createRoute({
  method: "get",
  path: "/schedules",
  operationId: "listSchedules",
  summary: "List schedules and how they stand",
  responses: { 200: json("By name", listOf("schedules", ScheduleView)), ...PROBLEMS },
});

const SHOW = createRoute({
  method: "get",
  path: "/schedules/{name}",
  operationId: "showSchedule",
  summary: "Show a schedule and how it stands",
  request: { params },
  responses: { 200: json("The schedule", ScheduleView), ...PROBLEMS, ...NOT_FOUND },
});

const WindowView = z.object({ from: time, until: time }).openapi("Window");

const NEXT = createRoute({
  method: "get",
  path: "/schedules/{name}/next",
  operationId: "nextWindows",
  summary: "Show the next windows of a schedule by its own times",
  request: {
    params,
    query: z.object({
      count: z.coerce.number().int().min(1).max(100).default(10).openapi({ type: "integer" }),
    }),
  },
  responses: { 200: json("In order", listOf("windows", WindowView)), ...PROBLEMS, ...NOT_FOUND },
});

const ADD = createRoute({
  method: "post",
  path: "/schedules",
  operationId: "addSchedule",
  summary: "Make a schedule",
  request: { body: { ...json("", NewBody), required: true } },
  responses: { 200: json("It is in force", ScheduleView), ...CHANGED },
});

const EDIT = createRoute({
  method: "patch",
  path: "/schedules/{name}",
  operationId: "editSchedule",
  summary: "Change a schedule that was made by hand",
  request: { params, body: { ...json("", EditBody), required: true } },
  responses: { 200: json("It is in force as it is now", ScheduleView), ...CHANGED },
});

const RemovedView = z.object({ name: z.string() }).openapi("RemovedSchedule");

const REMOVE = createRoute({
  method: "delete",
  path: "/schedules/{name}",
  operationId: "removeSchedule",
  summary: "Remove a schedule that was made by hand, with its override",
  request: { params },
  responses: { 200: json("It is gone", RemovedView), ...PROBLEMS, ...NOT_FOUND, ...REFUSED },
});

export function scheduleRoutes(options: ApiOptions): Api {
  const { schedules, recurring, store, log } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const uses = await store.windows.openings();
    const views = schedules.schedules().map((one) => viewSchedule(one, uses));
    return c.json({ schedules: views, next_cursor: null }, 200);
  });
  api.openapi(SHOW, (c) => showSchedule(options, c.req.valid("param").name));
  api.openapi(NEXT, (c) => {
    const found = findSchedule(options, c.req.valid("param").name);
    if (found instanceof Response) return found;
    const windows = schedules.next(found.schedule, c.req.valid("query").count);
    const views = windows.map(({ from, until }) => ({ from: iso(from), until: iso(until) }));
    return c.json({ windows: views, next_cursor: null }, 200);
  });
  api.openapi(ADD, async (c) => {
    const { name, start, duration, timezone, ...rest } = c.req.valid("json");
    const known = schedules.schedules();
    if (known.some(({ schedule }) => schedule.name === name))
      return problem(409, { detail: `there is a schedule ${name} already`, state: "exists" });
    if (recurring.all().some((one) => one.name === name))
      return problem(409, { detail: `there is a recurring task ${name} already`, state: "exists" });
    if (known.length >= SCHEDULES_MAX)
      return problem(409, { detail: `there are ${known.length} schedules already`, state: "full" });
    return keep(options, edited({ ...PLAIN, name, start, durationMs: duration, timezone }, rest));
  });
  api.openapi(EDIT, async (c) => {
    const found = findMade(options, c.req.valid("param").name);
    if (found instanceof Response) return found;
    return keep(options, edited(found.schedule, c.req.valid("json")));
  });
  api.openapi(REMOVE, async (c) => {
    const { name } = c.req.valid("param");
    const found = findMade(options, name);
    if (found instanceof Response) return found;
    await store.windows.remove(name);
    await schedules.look();
    log.info({ event: "schedule.removed", schedule: name });
    return c.json({ name }, 200);
  });
  return api;
}

export function findSchedule({ schedules, recurring }: ApiOptions, name: string): ShownSchedule | Response {
  const all = schedules.schedules();
  const found = all.find(({ schedule }) => schedule.name === name);
  if (found !== undefined) return found;
  const slots = recurring.all().map((one) => one.name);
  if (slots.includes(name))
    return problem(404, { detail: `${name} is a recurring task, and has no windows` });
  const names = [...all.map(({ schedule }) => schedule.name), ...slots];
  return problem(404, { detail: `there is no schedule ${name}${suggestion(name, names)}` });
}

/** How it stands. */
export async function showSchedule(options: ApiOptions, name: string): Promise<Response> {
  const uses = await options.store.windows.openings();
  const found = findSchedule(options, name);
  return found instanceof Response ? found : Response.json(viewSchedule(found, uses));
}

function findMade(options: ApiOptions, name: string): ShownSchedule | Response {
  const found = findSchedule(options, name);
  if (found instanceof Response || found.made === "hand") return found;
  const detail = `schedule ${name} is made by the configuration; change it there, and reload`;
  return problem(409, { detail, state: "configuration" });
}

/** As the configuration refuses it: what has no effect on agents, or would let none start. */
function faultsOf(
  { projects, agents }: ApiOptions,
  schedule: Schedule,
): readonly { readonly path: string; readonly message: string }[] {
  const { agent } = schedule;
  if (agent !== null && !agents.has(agent))
    return [{ path: "agent", message: absence("agent", agent, [...agents.keys()]) }];
  if (schedule.budgetSpread && schedule.budget.length === 0)
    return [
      { path: "budget.spread", message: "there is no limit to spread: say usd, tokens or runs as well" },
    ];
  const played = [...projects.values()]
    .filter(({ name }) => schedule.projects?.includes(name) ?? true)
    .map(({ budget, ...project }) => ({
      ...project,
      runLimits: budget.filter(({ scope }) => scope === "run"),
    }));
  const backends = new Map([...agents].map(([name, { backend }]) => [name, backend]));
  return settingTroubles(schedule, played, backends).map(({ path, message }) => ({
    path: path.join("."),
    message,
  }));
}

async function keep(options: ApiOptions, schedule: Schedule): Promise<Response> {
  const { store, schedules, projects, log } = options;
  const stranger = schedule.projects?.find((name) => !projects.has(name));
  if (stranger !== undefined) return unknownProject(options, stranger);
  const errors = faultsOf(options, schedule);
  if (errors.length > 0) return problem(400, { detail: "the request is not valid", errors });
  await store.windows.keep(schedule);
  await schedules.look();
  log.info({ event: "schedule.kept", schedule: schedule.name });
  return showSchedule(options, schedule.name);
}

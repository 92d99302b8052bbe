/**
 * Recurring tasks over the API: what the configuration has, when their next slots are, and what became of the last.
 *
 * Running one now is an intent like that of a slot; it is made although a task before is not finished, because a person
 * wants it.
 */

import { createRoute, z } from "@hono/zod-openapi";
import { suggestion } from "../../system/config/suggestion.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { viewWhole } from "./changes.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, REFUSED } from "./route.ts";
import { EmptyBody, iso } from "./shapes.ts";
import { RecurringView, viewRecurring, viewSlot, WholeRecurringView } from "./views/recurring.ts";
import { WholeTaskView } from "./views/task.ts";

const NEXT_SHOWN = 10;
const SLOTS_SHOWN = 20;

const LIST = createRoute({
  method: "get",
  path: "/recurring",
  operationId: "listRecurring",
  summary: "List recurring tasks",
  responses: { 200: json("As the configuration has them", listOf("recurring", RecurringView)), ...PROBLEMS },
});

const named = { params: z.object({ name: z.string() }) };

const SHOW = createRoute({
  method: "get",
  path: "/recurring/{name}",
  operationId: "getRecurring",
  summary: "Show a recurring task, its next slots and its last",
  request: named,
  responses: { 200: json("The recurring task", WholeRecurringView), ...PROBLEMS, ...NOT_FOUND },
});

const RUN = createRoute({
  method: "post",
  path: "/recurring/{name}/run",
  operationId: "runRecurring",
  summary: "Make the task of a recurring task now",
  request: { ...named, body: json("", EmptyBody) },
  responses: {
    201: json("The task", WholeTaskView),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function recurringRoutes(options: ApiOptions): Api {
  const { store, recurring } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const views = recurring.all().map(async (one) => {
      const [last] = await store.recurring.slots(one.name, 1);
      return viewRecurring(one, recurring.next(one, 1)[0]?.at, last);
    });
    return c.json({ recurring: await Promise.all(views), next_cursor: null }, 200);
  });
  api.openapi(SHOW, async (c) => {
    const { name } = c.req.valid("param");
    const one = find(options, name);
    if (one === undefined) return unknown(options, name);
    const next = recurring.next(one, NEXT_SHOWN);
    const slots = await store.recurring.slots(name, SLOTS_SHOWN);
    const view = viewRecurring(one, next[0]?.at, slots[0]);
    const nextSlots = next.map(({ at, local }) => ({ at: iso(at), local }));
    return c.json({ ...view, next_slots: nextSlots, slots: slots.map(viewSlot) }, 200);
  });
  api.openapi(RUN, (c) => {
    const { name } = c.req.valid("param");
    const one = find(options, name);
    return one === undefined ? unknown(options, name) : runNow(options, one);
  });
  return api;
}

async function runNow(options: ApiOptions, one: RecurringTask): Promise<Response> {
  const { recurring, log } = options;
  const fired = await recurring.run(one);
  if (fired.kind !== "done") return problem(409, { detail: `${one.name} makes no task: ${fired.reason}` });
  const [task = ""] = fired.tasks;
  log.info({ event: "recurring.run", schedule: one.name, task });
  const whole = await viewWhole(options, task);
  return whole === null
    ? problem(404, { detail: `there is no task ${task}` })
    : Response.json(whole, { status: 201 });
}

function find({ recurring }: ApiOptions, name: string): RecurringTask | undefined {
  return recurring.all().find((one) => one.name === name);
}

function unknown({ recurring, schedules }: ApiOptions, name: string): Response {
  if (schedules.schedules().some(({ schedule }) => schedule.name === name))
    return problem(404, { detail: `${name} is a schedule of windows, and makes no task` });
  const names = recurring.all().map((one) => one.name);
  return problem(404, { detail: `there is no recurring task ${name}${suggestion(name, names)}` });
}

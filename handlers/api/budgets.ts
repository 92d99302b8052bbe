/**
 * Budgets over the API: how the limits stand, and adding to them.
 *
 * What is added to a task's budget is an intent, decided like everything about a task. Project and day belong to no
 * task, so their amounts are written at once, and what was closed for want of them is opened.
 */

import { createRoute, z } from "@hono/zod-openapi";
import {
  amountOf as amountText,
  type BudgetUnit,
  isClosed,
  isUsedUp,
  type Standing,
} from "../../workflow/budget.ts";
import type { Task } from "../../workflow/task.ts";
import { type Asker, askerOf } from "../asker.ts";
import { type Api, type ApiOptions, newApi } from "./base.ts";
import { askAbout } from "./changes.ts";
import { unknownProject, unknownTask } from "./find.ts";
import { problem } from "./problem.ts";
import { BODY_PROBLEMS, json, listOf, NOT_FOUND, PROBLEMS, REFUSED } from "./route.ts";
import { taskKey, words } from "./shapes.ts";

const unit = z.enum(["usd", "tokens", "runs"]);
const amount = z.number();

const BudgetView = z
  .object({
    project: z.string(),
    task: words.openapi({ description: "null: the limits of the project, whatever the task" }),
    scope: z.enum(["run", "phase", "task", "project", "day", "opening"]),
    unit,
    amount: amount.openapi({ description: "as configured" }),
    raised: amount.openapi({ description: "added by hand, for this task, project or day" }),
    used: amount,
    reserved: amount.openapi({ description: "set aside for runs at work, beyond what they have used" }),
    reserve: amount.openapi({ description: "what the next run sets aside" }),
    status: z.enum(["open", "full", "used_up"]).openapi({
      description: "full: no run fits until those at work give back what they reserved",
    }),
  })
  .openapi("Budget");

export type BudgetAnswer = z.infer<typeof BudgetView>;

const positive = z.number().positive();
/** Sums stay exact far beyond this, and nobody means more. */
const COUNT_MAX = 1e12;

const RaiseBody = z
  .strictObject({
    task: taskKey.min(1).max(64).optional(),
    project: z.string().min(1).max(64).optional(),
    run: z.literal(true).optional().openapi({ description: "with task: what each of its runs may take" }),
    day: z.literal(true).optional().openapi({ description: "with project: its budget of today (UTC)" }),
    usd: positive.min(0.01).max(1_000_000).optional(),
    tokens: z.int().positive().max(COUNT_MAX).optional(),
    runs: z.int().positive().max(COUNT_MAX).optional(),
  })
  .refine(({ task, project }) => (task === undefined) !== (project === undefined), {
    message: "either a task or a project",
    path: ["task"],
  })
  .refine(({ run, task }) => run === undefined || task !== undefined, {
    message: "goes with task",
    path: ["run"],
  })
  .refine(({ day, project }) => day === undefined || project !== undefined, {
    message: "goes with project",
    path: ["day"],
  })
  .refine((body) => [body.usd, body.tokens, body.runs].filter((given) => given !== undefined).length === 1, {
    message: "one of usd, tokens and runs",
    path: ["usd"],
  })
  .openapi("RaiseBudget", {
    description: "adds one amount to the budget of a task, of its runs, of a project, or of a day",
  });

const NANOS_PER_USD = 1e9;

const LIST = createRoute({
  method: "get",
  path: "/budgets",
  operationId: "listBudgets",
  summary: "List budgets and how they stand",
  request: {
    query: z.object({
      task: taskKey.optional().openapi({ description: "the limits that the next run of this task meets" }),
      project: z.string().optional(),
    }),
  },
  responses: { 200: json("How the limits stand", listOf("budgets", BudgetView)), ...PROBLEMS, ...NOT_FOUND },
});

const RAISE = createRoute({
  method: "post",
  path: "/budgets",
  operationId: "raiseBudget",
  summary: "Add to a budget",
  request: { body: { ...json("", RaiseBody), required: true } },
  responses: {
    200: json("How the limits stand now", listOf("budgets", BudgetView)),
    ...PROBLEMS,
    ...BODY_PROBLEMS,
    ...NOT_FOUND,
    ...REFUSED,
  },
});

export function budgetRoutes(options: ApiOptions): Api {
  const { store } = options;
  const api = newApi();
  api.openapi(LIST, async (c) => {
    const { task: key, project } = c.req.valid("query");
    if (key !== undefined) {
      const task = await store.tasks.get(key);
      return task === null ? unknownTask(key) : c.json(await viewTaskBudgets(options, task), 200);
    }
    const known = await store.budgets.projects();
    if (project !== undefined && !known.includes(project) && !options.projects.has(project))
      return unknownProject(options, project);
    const projects = project === undefined ? known : [project];
    const views = await Promise.all(projects.map((name) => viewProjectBudgets(options, name)));
    return c.json({ budgets: views.flat(), next_cursor: null }, 200);
  });
  api.openapi(RAISE, (c) => {
    const { task, project = "", day, run, ...given } = c.req.valid("json");
    const added = amountOf(given);
    const asker = askerOf(c);
    return task === undefined
      ? raiseProject(options, project, day === true ? "day" : "project", added, asker)
      : raiseTask(options, task, run === true ? "run" : "task", added, asker);
  });
  return api;
}

interface Added {
  readonly unit: BudgetUnit;
  readonly amount: number;
}

/** In the units of the store. The schema has seen to it that there is exactly one. */
function amountOf(given: {
  usd?: number | undefined;
  tokens?: number | undefined;
  runs?: number | undefined;
}): Added {
  const { usd, tokens, runs } = given;
  if (usd !== undefined) return { unit: "nanos", amount: Math.round(usd * NANOS_PER_USD) };
  return tokens === undefined ? { unit: "runs", amount: runs ?? 0 } : { unit: "tokens", amount: tokens };
}

async function raiseTask(
  options: ApiOptions,
  key: string,
  scope: "task" | "run",
  added: Added,
  asker: Asker,
): Promise<Response> {
  const asked = await askAbout(options, key, { kind: "raise_budget", scope, ...added }, asker);
  if (asked instanceof Response) return asked;
  const task = await options.store.tasks.get(key);
  return task === null ? unknownTask(key) : Response.json(await viewTaskBudgets(options, task));
}

async function raiseProject(
  options: ApiOptions,
  project: string,
  scope: "project" | "day",
  { unit, amount }: Added,
  { by, key }: Asker,
): Promise<Response> {
  const { store, clock, log } = options;
  if (!(await store.budgets.projects()).includes(project)) return unknownProject(options, project);
  const now = clock.now();
  const standings = await store.budgets.standings({ project, task: null, phase: null }, now);
  if (!standings.some((standing) => standing.scope === scope && standing.unit === unit)) {
    const whose = scope === "day" ? "for a day" : "for its whole life";
    const what = unit === "nanos" ? "money" : unit;
    return problem(409, {
      detail: `project ${project} has no limit of ${what} ${whose} that could be raised`,
    });
  }
  const data = { scope, by: by.name, from: by.kind, amount: amountText(unit, amount) };
  const event = key === null ? undefined : { kind: "budget.raised", key, data };
  const isRaised = await store.budgets.raise(project, scope, unit, amount, now, event);
  if (isRaised) log.info({ event: "budget.raised", project, scope, unit, amount, by: by.name });
  return Response.json({ budgets: await viewProjectBudgets(options, project), next_cursor: null });
}

async function viewProjectBudgets({ store, clock }: ApiOptions, project: string): Promise<BudgetAnswer[]> {
  const standings = await store.budgets.standings({ project, task: null, phase: null }, clock.now());
  return standings.map((standing) => viewBudget(project, null, standing));
}

async function viewTaskBudgets(
  { store, clock }: ApiOptions,
  { key, project }: Task,
): Promise<{ budgets: BudgetAnswer[]; next_cursor: null }> {
  const phase = (await store.jobs.ofTask(key)).at(-1)?.phase ?? null;
  const standings = await store.budgets.standings({ project, task: key, phase }, clock.now());
  return { budgets: standings.map((standing) => viewBudget(project, key, standing)), next_cursor: null };
}

function viewBudget(project: string, task: string | null, standing: Standing): BudgetAnswer {
  const { scope, unit } = standing;
  const inUnit = (amount: number): number => (unit === "nanos" ? amount / NANOS_PER_USD : amount);
  return {
    ...{ project, task, scope },
    unit: unit === "nanos" ? "usd" : unit,
    amount: inUnit(standing.amount),
    raised: inUnit(standing.raised),
    used: inUnit(standing.used),
    reserved: inUnit(standing.reserved),
    reserve: inUnit(standing.reserve),
    status: isUsedUp(standing) ? "used_up" : isClosed(standing) ? "full" : "open",
  };
}

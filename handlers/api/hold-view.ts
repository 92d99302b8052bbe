/** The shapes of the API about what waits and why: holds, accounts, refusals, budgets, explanations. */

import { z } from "@hono/zod-openapi";

const time = z.iso.datetime();
const maybeTime = time.nullable();
const words = z.string().nullable();
const remedy = words.openapi({
  description: "what a person can do about it; null when time or another event brings the change",
});
const count = z.int().nonnegative();

export const HoldView = z
  .object({
    kind: z.string(),
    reason: z.string(),
    remedy,
    until: maybeTime.openapi({ description: "when time alone releases it" }),
  })
  .openapi("Hold");

export const WideHoldView = z
  .object({
    scope: z.enum(["project", "account", "agent"]),
    subject: z.string().openapi({ description: "name of the project, the account or the agent profile" }),
    kind: z.string(),
    reason: z.string(),
    remedy,
    since: time,
    until: maybeTime.openapi({ description: "when time alone releases it" }),
  })
  .openapi("WideHold", { description: "every job waits that needs its subject" });

export const AccountView = z
  .object({
    name: z.string(),
    status: z.enum(["open", "cooling", "probing", "broken"]).openapi({
      description:
        "cooling: until its usage limit resets; probing: after that, one run at a time; broken: until a person clears it",
    }),
    until: maybeTime.openapi({ description: "when time alone opens it" }),
    since: maybeTime,
    rearms: count.openapi({ description: "how often in a row it met its limit" }),
    reason: words,
    remedy,
    running: count,
    concurrency: count.nullable().openapi({ description: "null: it has no limit of its own" }),
  })
  .openapi("Account");

export const RefusalView = z
  .object({ project: z.string(), agent: z.string(), reason: z.string(), remedy, since: time })
  .openapi("Refusal", { description: "why no queued job of this project for this agent is claimed" });

export const ClearedView = z
  .object({
    scope: z.enum(["account", "agent"]),
    name: z.string(),
    released: z.array(WideHoldView).openapi({ description: "the holds that it had" }),
  })
  .openapi("Cleared");

const unit = z.enum(["usd", "tokens", "runs"]);
const amount = z.number();

export const BudgetView = z
  .object({
    project: z.string(),
    task: words.openapi({ description: "null: the limits of the project, whatever the task" }),
    scope: z.enum(["run", "phase", "task", "project", "day"]),
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

const positive = z.number().positive();
/** Sums stay exact far beyond this, and nobody means more. */
const COUNT_MAX = 1e12;

export const RaiseBody = z
  .strictObject({
    task: z.string().min(1).max(64).optional(),
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

export const ReasonView = z
  .object({
    about: z.enum(["task", "run", "job", "project", "agent", "account", "queue"]),
    sentence: z.string(),
    since: maybeTime,
    until: maybeTime.openapi({ description: "when time alone changes it" }),
    remedy,
  })
  .openapi("Reason");

export const DecisionView = z
  .object({ at: time, kind: z.string(), sentence: z.string() })
  .openapi("Decision");

export const ExplanationView = z
  .object({
    task: z.string(),
    project: z.string(),
    status: z.string(),
    reasons: z.array(ReasonView).openapi({ description: "at least one; what weighs most comes first" }),
    decisions: z.array(DecisionView).openapi({ description: "the last ones, oldest first" }),
  })
  .openapi("Explanation");

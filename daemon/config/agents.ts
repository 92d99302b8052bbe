/** The shape of the parts of `chargehand.yaml` about agents, their accounts, what they cost and may cost. */

import { z } from "zod";
import type { ParsedBudget } from "./parsed.ts";

const text = z.string().min(1);

const variable = z
  .string()
  .regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable")
  .refine(
    (name) => !name.startsWith("CHARGEHAND_"),
    "names beginning with CHARGEHAND_ are set by the daemon",
  );

export const backendName = z.enum([
  "claude",
  "codex",
  "opencode",
  "gemini",
  "pi",
  "qwen",
  "copilot",
  "command",
]);

/** Names of variables; what an agent sees of the daemon's environment. */
export const variables = z.array(variable);

const mcpServer = z.strictObject({
  command: text.describe("the program that is the server"),
  args: z.array(text).default([]),
  env: z.record(variable, z.string()).default({}),
});
export const mcp = z
  .record(z.string().regex(/^[A-Za-z][\w-]{0,63}$/, "must be a word"), mcpServer)
  .default({})
  .describe("servers of the Model Context Protocol, by name");

export const account = z.strictObject({
  backend: backendName.describe("the backend whose agents may use it"),
  env: z
    .record(variable, z.string())
    .default({})
    .describe("environment that makes a run use this account, such as an API key or a home directory"),
  concurrency: z.int().min(1).max(1_000).optional().describe("how many runs may use it at once"),
});

const dollars = z.number().nonnegative().max(1_000_000);
export const price = z
  .strictObject({
    input: dollars,
    output: dollars,
    cache_read: dollars.optional().describe("default: as input"),
    cache_write: dollars.optional().describe("default: as input"),
  })
  .describe("US dollars per million tokens");

const USD_MAX = 1e6;
const COUNT_MAX = 1e15;

const usd = (whose: string): z.ZodOptional<z.ZodNumber> =>
  z.number().positive().max(USD_MAX).optional().describe(`US dollars that ${whose} may cost`);
const tokens = (whose: string): z.ZodOptional<z.ZodNumber> =>
  z
    .int()
    .positive()
    .max(COUNT_MAX)
    .optional()
    .describe(`tokens that ${whose} may use; cache reads count a tenth`);
const runs = (whose: string): z.ZodOptional<z.ZodNumber> =>
  z.int().positive().max(COUNT_MAX).optional().describe(`runs that ${whose} may start`);

const PHASE = "one phase of a task";
const TASK = "one task in its whole life";
const PROJECT = "the project in its whole life";
const DAY = "the project on one day (UTC)";

export const budget: z.ZodType<ParsedBudget> = z.strictObject({
  mode: z
    .enum(["metered", "subscription"])
    .default("metered")
    .describe("money is a limit (metered), or notional (subscription)"),
  run_usd: usd("one run"),
  phase_usd: usd(PHASE),
  task_usd: usd(TASK),
  project_usd: usd(PROJECT),
  day_usd: usd(DAY),
  run_tokens: tokens("one run"),
  phase_tokens: tokens(PHASE),
  task_tokens: tokens(TASK),
  project_tokens: tokens(PROJECT),
  day_tokens: tokens(DAY),
  phase_runs: runs(PHASE),
  task_runs: runs(TASK),
  project_runs: runs(PROJECT),
  day_runs: runs(DAY),
});

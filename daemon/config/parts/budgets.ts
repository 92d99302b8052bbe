/** What the tasks of a project may use. */

import { z } from "zod";
import {
  type ConfigPart,
  type ConfigPath,
  type ConfigTree,
  type Entry,
  type Fault,
  type Fields,
  keys,
} from "../../../system/config/part.ts";
import type { BudgetLimit, BudgetScope, BudgetUnit } from "../../../workflow/budget.ts";
import { TASK_RUNS_MAX, TASK_TOKENS_MAX } from "../../../workflow/limits.ts";

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

const budget = z.strictObject({
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

export const budgets = {
  keys: {
    "projects[]": keys({ budget: budget.prefault({ mode: "metered" }) }, (parsed) => ({
      budget: limitsOf(parsed.budget),
      isNotional: parsed.budget.mode === "subscription",
    })),
  },
  rules: [checkBudgets],
} satisfies ConfigPart;

const SCOPES: readonly BudgetScope[] = ["run", "phase", "task", "project", "day"];
/** By the ending of the key, and what the key counts in. */
const UNITS: readonly (readonly [ending: string, unit: BudgetUnit, factor: number])[] = [
  ["usd", "nanos", 1e9],
  ["tokens", "tokens", 1],
  ["runs", "runs", 1],
];

/** The limits of the file, and the lifetime caps of a task that hold where the file names none. */
function limitsOf(parsed: z.output<typeof budget>): readonly BudgetLimit[] {
  const amounts: Fields = parsed;
  const asked: BudgetLimit[] = SCOPES.flatMap((scope) =>
    UNITS.flatMap(([ending, unit, factor]) => {
      const amount = amounts[`${scope}_${ending}`];
      return typeof amount === "number" ? [{ scope, unit, amount: Math.round(amount * factor) }] : [];
    }),
  );
  // A cap that no single run fits below would let nothing start.
  const runTokens = asked.find(({ scope, unit }) => scope === "run" && unit === "tokens")?.amount ?? 0;
  const caps: readonly BudgetLimit[] = [
    { scope: "task", unit: "runs", amount: TASK_RUNS_MAX },
    { scope: "task", unit: "tokens", amount: Math.max(TASK_TOKENS_MAX, runTokens) },
  ];
  const open = caps.filter(
    ({ scope, unit }) => !asked.some((own) => own.scope === scope && own.unit === unit),
  );
  return [...asked, ...open];
}

function checkBudgets(file: ConfigTree): readonly Fault[] {
  return file.at("projects[].budget").flatMap(checkBudget);
}

/** On a subscription dollars are notional, and a limit in them would stop honest work. */
function checkBudget({ path, fields }: Entry): readonly Fault[] {
  const at = (key: string): ConfigPath => [...path, key];
  if (fields["mode"] === "subscription") {
    const message = "is no limit in mode subscription; use tokens or runs, or mode metered";
    const notional = Object.keys(fields).filter((key) => key.endsWith("_usd"));
    return [
      ...notional.map((key) => ({ path: at(key), message })),
      ...checkReservation(fields, "tokens", at),
    ];
  }
  return ["usd", "tokens"].flatMap((unit) => checkReservation(fields, unit, at));
}

/** A run reserves all that it may take, so a wider limit below that would never let one start. */
function checkReservation(fields: Fields, unit: string, at: (key: string) => ConfigPath): readonly Fault[] {
  const run = fields[`run_${unit}`];
  if (typeof run !== "number") return [];
  return ["phase", "task", "project", "day"].flatMap((scope) => {
    const wider = fields[`${scope}_${unit}`];
    if (typeof wider !== "number" || wider >= run) return [];
    const message = `is less than run_${unit}, which every run reserves, so none would ever start`;
    return [{ path: at(`${scope}_${unit}`), message }];
  });
}

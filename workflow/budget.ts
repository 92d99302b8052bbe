/**
 * Budgets: how much may be used, how that stands, and what follows (I8). Pure.
 *
 * G1. A limit is for a scope and in a unit. Money is one of the units and not the only one: on a subscription dollars
 *     are notional, and what runs out are tokens and runs.
 * G2. A run is claimed only if its full reservation fits below every limit, together with what was used and with what
 *     others have reserved and not used yet. So a limit is overshot at most by what runs use between two looks.
 * G3. Limits of a task and of its phase hold the job. Limits of the project and of the day close its lane, because
 *     every job in it would be refused.
 * G4. Cache reads cost a tenth of other input and may be hundreds of times as many, so they weigh a tenth.
 */

import type { Hold } from "./hold.ts";
import { TOKEN_WEIGHT_OF_CACHE_READ } from "./limits.ts";
import { money } from "./money.ts";
import type { Usage } from "./run.ts";
import type { Why } from "./why.ts";

/** `opening`: of the window that is open, for all projects of its schedule (`workflow/windows/budget.ts`). */
export type BudgetScope = "run" | "phase" | "task" | "project" | "day" | "opening";
/** Nano-dollars, weighted tokens (G4), or started runs. */
export type BudgetUnit = "nanos" | "tokens" | "runs";

export interface BudgetLimit {
  readonly scope: BudgetScope;
  readonly unit: BudgetUnit;
  readonly amount: number;
}

/** What is added by hand to a budget of a task, of one of its phases, or of its runs. */
export type Raise = { readonly unit: BudgetUnit; readonly amount: number } & (
  | { readonly scope: "task" | "run" }
  | { readonly scope: "phase"; readonly phase: string }
);

/** One limit, and how it stands for one task. */
export interface Standing extends BudgetLimit {
  /** What a person has added to `amount`, for this task, project or day. */
  readonly raised: number;
  /** Used so far, by runs that are over and by those that live. */
  readonly used: number;
  /** Reserved by live runs and not used yet. */
  readonly reserved: number;
  /** What the next run would reserve. */
  readonly reserve: number;
  /** Of an opening: its schedule. */
  readonly schedule?: string;
  /** Of an opening whose budget is spread over it: what of it is there by now. */
  readonly allowed?: number;
}

/** What is used of the budgets by these rows. An unpriced row counts no money; {@link unpricedModel} finds it. */
export function spendOf(usage: readonly Usage[]): { readonly nanos: number; readonly tokens: number } {
  let nanos = 0;
  let tokens = 0;
  for (const row of usage) {
    nanos += row.costNanos ?? 0;
    tokens += row.inputTokens + row.outputTokens + row.cacheCreationTokens;
    tokens += Math.ceil(row.cacheReadTokens * TOKEN_WEIGHT_OF_CACHE_READ);
  }
  return { nanos, tokens };
}

/** The model whose price nobody knows, where a limit in money would therefore not hold. */
export function unpricedModel(standings: readonly Standing[], usage: readonly Usage[]): string | null {
  if (!standings.some(({ unit }) => unit === "nanos")) return null;
  return usage.find((row) => row.costNanos === null)?.model ?? null;
}

/** Whether another run would not fit below this limit (G2). */
export function isClosed(standing: Standing): boolean {
  return isFull(standing) || isAhead(standing);
}

function isFull(standing: Standing): boolean {
  const { used, reserved, reserve } = standing;
  return used + reserved + Math.max(1, reserve) > limitOf(standing);
}

/** Whether it is closed for good, and not only until runs that live give back what they reserved. */
export function isUsedUp(standing: Standing): boolean {
  return isFull({ ...standing, reserved: 0 });
}

/** Whether all that is there by now of one that is spread is used or reserved. */
export function isAhead({ allowed, used, reserved }: Standing): boolean {
  return allowed !== undefined && used + reserved >= allowed;
}

/**
 * The first limit that a live run has reached.
 *
 * @param run what this run has used; the standings of the scope `run` hold no use of their own
 */
export function reachedBy(
  standings: readonly Standing[],
  run: { readonly nanos: number; readonly tokens: number },
): Standing | null {
  const found = standings.find((standing) => {
    if (standing.unit === "runs") return false;
    const used = standing.scope === "run" ? run[standing.unit] : standing.used;
    return used >= limitOf(standing);
  });
  if (found === undefined) return null;
  return found.scope === "run" && found.unit !== "runs" ? { ...found, used: run[found.unit] } : found;
}

/** The hold of a job whose next run the limits of its task or phase do not allow (G3). */
export function budgetHold(task: string, standings: readonly Standing[]): Hold | null {
  const closed = standings.find(
    (standing) => (standing.scope === "task" || standing.scope === "phase") && isClosed(standing),
  );
  if (closed === undefined) return null;
  return { kind: "budget", ...tellLimit(closed, task), until: null };
}

/**
 * How a limit stands, and the command that raises it.
 *
 * @param owner key of the task, or for the scopes `project` and `day` name of the project
 */
export function tellLimit(standing: Standing, owner: string): Why {
  return { reason: describe(standing), remedy: remedyFor(standing, owner) };
}

/** Such as `the task's budget of $20.00 is used up ($17.21 used, a run may take $5.00)`. */
function describe(standing: Standing): string {
  const { unit, used, reserved, reserve } = standing;
  const whole = `${OWNERS[standing.scope]} budget of ${amountOf(unit, limitOf(standing))}`;
  const parts = [
    `${amountOf(unit, used)} used`,
    ...(reserved > 0 ? [`${amountOf(unit, reserved)} reserved by runs at work`] : []),
    ...(reserve > 0 && unit !== "runs" && standing.scope !== "run"
      ? [`a run may take ${amountOf(unit, reserve)}`]
      : []),
  ];
  const closed = isEarly(standing)
    ? "is spread over it, and no more of it is there yet"
    : "has no room for another run now";
  const verb = isUsedUp(standing) ? "is used up" : closed;
  return `${whole} ${standing.scope === "run" ? "was reached" : verb} (${parts.join(", ")})`;
}

/** There is room in the whole, and time alone makes it usable. */
function isEarly(standing: Standing): boolean {
  return isAhead(standing) && !isFull(standing);
}

function remedyFor(standing: Standing, owner: string): string {
  const option = `--${standing.unit === "nanos" ? "usd" : standing.unit} AMOUNT`;
  switch (standing.scope) {
    case "day":
      return `raise it for today with: chargehand budget raise --project ${owner} --day ${option}`;
    case "project":
      return `raise it with: chargehand budget raise --project ${owner} ${option}`;
    case "opening":
      if (isEarly(standing))
        return "there is more of it as time passes; without spread all of it is there at once";
      return `it is new with the next opening, or now with: chargehand schedules open ${standing.schedule ?? "NAME"}`;
    case "run":
      return `raise it for its runs with: chargehand budget raise ${owner} --run ${option}`;
    default:
      return `raise it with: chargehand budget raise ${owner} ${option}`;
  }
}

/** `$20.00`, `1,200,000 tokens`, `30 runs`. */
export function amountOf(unit: BudgetUnit, amount: number): string {
  if (unit === "nanos") return money(amount);
  return `${amount.toLocaleString("en-US")} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

/** With what was added by hand. */
export function limitOf(standing: Pick<Standing, "amount" | "raised">): number {
  return standing.amount + standing.raised;
}

const OWNERS: Readonly<Record<BudgetScope, string>> = {
  run: "a run's",
  phase: "the phase's",
  task: "the task's",
  project: "the project's",
  day: "the day's",
  opening: "the opening's",
};

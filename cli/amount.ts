/** Amounts of budgets for people. Apart from `phrases.ts`: few commands need what is behind it. */

import { amountOf } from "../workflow/budget.ts";

/** As exact as it was counted: used and reserved have to add up. */
export function exactly(unit: string, amount: number): string {
  if (unit === "usd") return amountOf("nanos", Math.round(amount * 1e9));
  return amountOf(unit === "runs" ? "runs" : "tokens", amount);
}

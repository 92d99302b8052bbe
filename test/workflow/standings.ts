/** A budget with what is used of it, and an open account, for tests of the rules about them. */

import { type Account, NO_DOUBT } from "../../workflow/account.ts";
import type { Standing } from "../../workflow/budget.ts";

export function standing(more: Partial<Standing> = {}): Standing {
  return {
    scope: "task",
    unit: "nanos",
    amount: 20e9,
    raised: 0,
    used: 0,
    reserved: 0,
    reserve: 5e9,
    ...more,
  };
}

export const OPEN: Account = { name: "max", concurrency: null, ...NO_DOUBT };

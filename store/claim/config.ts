/** What the store is told of the configuration: as much as claims need to know of projects, accounts and routes. */

import type { BudgetLimit } from "../../workflow/budget.ts";

export interface ClaimConfig {
  readonly projects: readonly {
    readonly name: string;
    readonly concurrency: number;
    readonly budget: readonly BudgetLimit[];
    /** What it works on (`repoOf` of `workflow/between/freeze.ts`); left out, nothing that another project does. */
    readonly repo?: string;
    /** Whether its tasks go one after another. */
    readonly serial?: boolean;
  }[];
  readonly accounts: readonly { readonly name: string; readonly concurrency: number | null }[];
  /** The routes of one agent stand in the order of preference. */
  readonly routes: readonly Route[];
}

/** An agent profile is played by the profile `via` (itself or a fallback) with this account. */
export interface Route {
  readonly agent: string;
  readonly via: string;
  readonly account: string;
}

/** What limits claims, as the store knows it: the configuration's part of it, holds, accounts, budgets and lanes. */

import type { BudgetLimit, BudgetUnit, Standing } from "../workflow/budget.ts";
import type { Account, HoldScope, WideHold } from "../workflow/model.ts";

/** What claims need to know of the configuration. */
export interface Setup {
  readonly projects: readonly {
    readonly name: string;
    readonly concurrency: number;
    readonly budget: readonly BudgetLimit[];
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

export interface HoldStore {
  /** Takes away the holds whose time has come; returns how many. */
  releaseDue(now: number): Promise<number>;
  nextDue(): Promise<number | null>;
  /** Holds on projects, accounts and agents, oldest first. */
  wide(): Promise<readonly WideHold[]>;
  put(hold: Omit<WideHold, "since">, now: number): Promise<void>;
  /** Takes all holds from one subject; false when there was none. */
  clear(scope: HoldScope, subject: string): Promise<boolean>;
}

export interface AccountStanding extends Account {
  /** Live runs that use it. */
  readonly live: number;
  /** Its probe after a cooldown is at work. */
  readonly probing: boolean;
}

export interface AccountStore {
  get(name: string): Promise<Account | null>;
  /** The configured ones, by name. */
  list(): Promise<readonly AccountStanding[]>;
  routes(): Promise<readonly Route[]>;
  /** Ends its cooldown and every other hold on it; false when there was none. */
  clear(name: string): Promise<boolean>;
}

export interface BudgetStore {
  /** How the limits stand that a run of this phase would meet; without a task, those of the project alone. */
  standings(
    of: { readonly project: string; readonly task: string | null; readonly phase: string | null },
    now: number,
  ): Promise<readonly Standing[]>;
  /** Names of the projects that have limits. */
  projects(): Promise<readonly string[]>;
  /** Adds to the limit of a project, or of today. */
  raise(
    project: string,
    scope: "project" | "day",
    unit: BudgetUnit,
    amount: number,
    now: number,
  ): Promise<void>;
}

/** A lane with a job at its head: a project, and the agent profile that the job asks for. */
export interface LaneHead {
  readonly project: string;
  readonly agent: string;
  /** Live runs of the project, and how many it may have. */
  readonly live: number;
  readonly concurrency: number;
}

export interface Refusal {
  readonly project: string;
  readonly agent: string;
  readonly reason: string;
  readonly since: number;
}

export interface LaneStore {
  /** The lanes in which a job is queued. */
  waiting(): Promise<readonly LaneHead[]>;
  /** Live runs over all projects. */
  countLive(): Promise<number>;
  /** What is refused now, in place of what was; a reason that stays keeps its `since`. */
  refuse(refusals: readonly Omit<Refusal, "since">[], now: number): Promise<void>;
  refusals(): Promise<readonly Refusal[]>;
}

/**
 * Why nothing is claimed from a lane although a job is queued there: one sentence, and what would change it. Pure.
 *
 * The claim itself is one statement that says yes or nothing; this says the same from the same rows, in words. The
 * order is the one in which a person would want to know: what they can change first.
 */

import type { Account } from "../account.ts";
import { describe, isClosed, isUsedUp, remedy, type Standing } from "../budget.ts";
import type { WideHold } from "../hold.ts";

export interface LaneFacts {
  readonly project: string;
  readonly agent: string;
  /** Live runs and their limit: of the project, and over all. */
  readonly live: number;
  readonly concurrency: number;
  readonly allLive: number;
  readonly allConcurrency: number;
  /** Of the project and the day. */
  readonly standings: readonly Standing[];
  /** Ways to the model for this agent, best first. */
  readonly routes: readonly { readonly via: string; readonly account: string }[];
  readonly accounts: readonly (Account & { readonly live: number; readonly probing: boolean })[];
  readonly holds: readonly WideHold[];
}

/** One sentence, or `null` when nothing stands in the way. */
export function refusalOf(lane: LaneFacts): string | null {
  const project = lane.holds.find(({ scope, subject }) => scope === "project" && subject === lane.project);
  if (project !== undefined) return project.reason;
  const budget = lane.standings.find((standing) => isWide(standing) && isClosed(standing));
  if (budget !== undefined) return `${describe(budget)}; ${remedy(budget, lane.project)}`;
  if (lane.routes.length === 0) return `agent profile ${lane.agent} is not in the configuration`;
  const closed = lane.routes.map((route) => routeRefusal(lane, route));
  if (closed.every((reason) => reason !== null)) return [...new Set(closed)].join("; ");
  return concurrencyRefusal(lane);
}

/** A project without a concurrency of its own has the machine's, so that one is told first, and alone. */
function concurrencyRefusal({ project, ...lane }: LaneFacts): string | null {
  const { live, concurrency, allLive, allConcurrency } = lane;
  const isProjectFull = live >= concurrency && concurrency < allConcurrency;
  if (allLive >= allConcurrency) {
    const all = `${allLive} of ${allConcurrency} agents are at work`;
    return isProjectFull
      ? `${all}, and project ${project} has ${live} of ${concurrency}; raise limits.concurrency and projects[].concurrency`
      : `${all}; raise limits.concurrency`;
  }
  if (live < concurrency) return null;
  return `project ${project} has ${live} of ${concurrency} agents at work; raise projects[].concurrency`;
}

/**
 * The hold that closes a project whose budget is used up, so that it stays closed until a person or the next day opens
 * it; `null` while there is room, or while room only waits for what live runs have reserved.
 *
 * @param midnight when the day of the budget ends (ms)
 */
export function budgetClosure(
  project: string,
  standings: readonly Standing[],
  midnight: number,
): Omit<WideHold, "since"> | null {
  const used = standings.find((standing) => isWide(standing) && isUsedUp(standing));
  if (used === undefined) return null;
  return {
    scope: "project",
    subject: project,
    kind: "budget",
    reason: `${describe(used)}; ${remedy(used, project)}`,
    until: used.scope === "day" ? midnight : null,
  };
}

function isWide({ scope }: Standing): boolean {
  return scope === "project" || scope === "day";
}

function routeRefusal(lane: LaneFacts, route: { via: string; account: string }): string | null {
  const agent = lane.holds.find(({ scope, subject }) => scope === "agent" && subject === route.via);
  if (agent !== undefined)
    return `agent profile ${route.via} is closed: ${agent.reason}; mend it, then: chargehand cooldown clear agent:${route.via}`;
  const account = lane.accounts.find(({ name }) => name === route.account);
  if (account === undefined) return `account ${route.account} is not in the configuration`;
  const hold = lane.holds.find(({ scope, subject }) => scope === "account" && subject === route.account);
  if (hold !== undefined) return `account ${route.account} is closed${moment(hold.until)}: ${hold.reason}`;
  if (account.concurrency !== null && account.live >= account.concurrency)
    return `account ${route.account} has ${account.live} of ${account.concurrency} runs at work`;
  if (account.probing) return `account ${route.account} is being tried with one run after its usage limit`;
  return null;
}

function moment(until: number | null): string {
  return until === null ? "" : ` until ${new Date(until).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

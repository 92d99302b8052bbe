/**
 * Why nothing is claimed from a lane although a job is queued there, and what would change it. Pure.
 *
 * The claim itself is one statement that says yes or nothing; this says the same from the same rows, in words. The
 * order is the one in which a person would want to know: what they can change first.
 */

import { isClosed, isUsedUp, type Standing, tellLimit } from "../budget.ts";
import type { WideHold } from "../hold.ts";
import type { Why } from "../why.ts";
import { closedProject, closedRoutes, type Lane } from "./lane.ts";

export interface LaneFacts extends Lane {
  /** Slots that are taken, and how many there are: of the project, and over all. */
  readonly atWork: number;
  readonly concurrency: number;
  readonly allAtWork: number;
  readonly allConcurrency: number;
  /** Of the project and the day. */
  readonly standings: readonly Standing[];
}

/** `null` when nothing stands in the way. */
export function refusalOf(lane: LaneFacts): Why | null {
  const [project] = closedProject(lane);
  if (project !== undefined) return asOne([project]);
  const budget = lane.standings.find((standing) => isWide(standing) && isClosed(standing));
  if (budget !== undefined) return tellLimit(budget, lane.project);
  const routes = closedRoutes(lane);
  return routes.length > 0 ? asOne(routes) : concurrencyRefusal(lane);
}

/** Several that are closed for different reasons; mending one of them is enough. */
function asOne(causes: readonly Why[]): Why {
  const remedies = new Set(causes.flatMap(({ remedy }) => remedy ?? []));
  return {
    reason: causes.map(({ reason }) => reason).join("; "),
    remedy: remedies.size === 0 ? null : [...remedies].join("; or "),
  };
}

/** A project without a concurrency of its own has the machine's, so that one is told first, and alone. */
function concurrencyRefusal({ project, ...lane }: LaneFacts): Why | null {
  const { atWork, concurrency, allAtWork, allConcurrency } = lane;
  const isProjectFull = atWork >= concurrency && concurrency < allConcurrency;
  if (allAtWork >= allConcurrency) {
    const all = `${allAtWork} of ${allConcurrency} agents are at work`;
    if (!isProjectFull) return { reason: all, remedy: "raise limits.concurrency" };
    const both = `${all}, and project ${project} has ${atWork} of ${concurrency}`;
    return { reason: both, remedy: "raise limits.concurrency and projects[].concurrency" };
  }
  if (atWork < concurrency) return null;
  const reason = `project ${project} has ${atWork} of ${concurrency} agents at work`;
  return { reason, remedy: "raise projects[].concurrency" };
}

/**
 * The hold that closes a project whose own budget, or that of the day, is used up, so that it stays closed until a
 * person or the next day opens it; `null` while there is room, or while room only waits for what live runs have
 * reserved.
 *
 * @param midnight when the day of the budget ends (ms)
 */
export function budgetClosure(
  project: string,
  standings: readonly Standing[],
  midnight: number,
): Omit<WideHold, "since"> | null {
  const used = standings.find(
    (standing) => (standing.scope === "project" || standing.scope === "day") && isUsedUp(standing),
  );
  if (used === undefined) return null;
  const until = used.scope === "day" ? midnight : null;
  return { scope: "project", subject: project, kind: "budget", ...tellLimit(used, project), until };
}

function isWide({ scope }: Standing): boolean {
  return scope === "project" || scope === "day" || scope === "opening";
}

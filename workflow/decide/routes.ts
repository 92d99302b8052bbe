/** What the verdict of a phase means: for where the task goes, for its repository, and for the work of others. Pure. */

import type { Phase } from "../phases/phase.ts";
import type { Route, Workflow, WorkflowPhase } from "../workflow.ts";

/** Whether its verdict closes the repository to new work. */
export function isFreezing({ phases }: Workflow, { phase: key, verdict }: Phase): boolean {
  const phase = phases.find((one) => one.key === key);
  return phase !== undefined && routeOf(phase, verdict).to === "freeze";
}

/** What its verdict says of the work: good; to be done again, from this phase or an earlier one; hopeless. */
export function opinionOf(
  { phases }: Workflow,
  { phase: key, verdict }: Phase,
): "good" | "again" | "hopeless" {
  const index = phases.findIndex((one) => one.key === key);
  const phase = phases[index];
  const route = phase === undefined ? null : routeOf(phase, verdict);
  if (route?.to === "fail") return "hopeless";
  const isBack = route?.to === "phase" && phases.findIndex((one) => one.key === route.phase) <= index;
  return isBack ? "again" : "good";
}

/** Where a verdict leads. */
export function routeOf({ routes }: WorkflowPhase, verdict: string | null): Route {
  const own = verdict !== null && Object.hasOwn(routes, verdict) ? routes[verdict] : undefined;
  return own ?? { to: "next" };
}

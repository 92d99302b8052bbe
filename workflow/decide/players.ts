/** Who plays the roles of a workflow: settled when a task begins. Pure. */

import type { ProjectFacts } from "../project.ts";
import { NO_PINS, type Pins } from "../task.ts";
import type { Workflow } from "../workflow.ts";

/** The profile for each role, and the one for the rest: as the configuration says, or as a task has them. */
export type Players = Pick<ProjectFacts, "agent" | "agents">;

/** Who plays in a task that begins now, whatever its roles come to be. */
export function playersOf({ agent, agents, pins = NO_PINS }: ProjectFacts): Players {
  return { agent: pins.agent ?? agent, agents: { ...agents, ...pins.agents } };
}

/** @returns the name of an agent profile for every role of the workflow */
export function rolesOf({ phases }: Workflow, { agent, agents }: Players): Readonly<Record<string, string>> {
  const roles = [...new Set(phases.flatMap(({ role, merge }) => (merge === undefined ? [role] : [])))];
  return Object.fromEntries(
    roles.map((role) => [role, (Object.hasOwn(agents, role) ? agents[role] : undefined) ?? agent]),
  );
}

/** Whether a task says itself who plays it, or with which model, so that no window may. */
export function isChosen({ model, effort, agent, agents }: Pins): boolean {
  return model !== null || effort !== null || agent !== null || Object.keys(agents).length > 0;
}

/** Roles that a task has named somebody for, and that nobody plays in its workflow. */
export function strayRoles({ phases }: Pick<Workflow, "phases">, chosen: Pins["agents"]): readonly string[] {
  return Object.keys(chosen).filter((name) => phases.every(({ role }) => role !== name));
}

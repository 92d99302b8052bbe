/** Who plays the roles of a workflow: settled when a task begins, and when a person begins it again. Pure. */

import type { ProjectFacts } from "../project.ts";
import type { Pins } from "../task.ts";
import type { Workflow } from "../workflow.ts";

/** What the configuration says of it: the profile for each role, and the one for the rest. */
export type Players = Pick<ProjectFacts, "agent" | "agents">;

/**
 * @param chosen by role, who plays it because the task says so
 * @returns the name of an agent profile for every role of the workflow
 */
export function playedBy(
  { phases }: Workflow,
  { agent, agents }: Players,
  chosen: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const named = { ...agents, ...chosen };
  const roles = [...new Set(phases.map(({ role }) => role))];
  return Object.fromEntries(
    roles.map((role) => [role, (Object.hasOwn(named, role) ? named[role] : undefined) ?? agent]),
  );
}

/** Whether a task says itself who plays it, or with which model, so that no window may. */
export function isChosen({ model, effort, agents }: Pins): boolean {
  return model !== null || effort !== null || Object.keys(agents).length > 0;
}

/** Roles that a task has named somebody for, and that nobody plays in its workflow. */
export function strayRoles({ phases }: Pick<Workflow, "phases">, chosen: Pins["agents"]): readonly string[] {
  return Object.keys(chosen).filter((name) => phases.every(({ role }) => role !== name));
}

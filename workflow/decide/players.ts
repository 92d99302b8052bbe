/** Who plays the roles of a workflow: settled when a task begins, and when a person begins it again. Pure. */

import type { ProjectFacts } from "../project.ts";
import type { Workflow } from "../workflow.ts";

/** What the configuration says of it: the profile for each role, and the one for the rest. */
export type Players = Pick<ProjectFacts, "agent" | "agents">;

/** @returns the name of an agent profile for every role of the workflow */
export function playedBy({ phases }: Workflow, { agent, agents }: Players): Readonly<Record<string, string>> {
  const roles = [...new Set(phases.flatMap(({ role, merge }) => (merge === undefined ? [role] : [])))];
  return Object.fromEntries(
    roles.map((role) => [role, (Object.hasOwn(agents, role) ? agents[role] : undefined) ?? agent]),
  );
}

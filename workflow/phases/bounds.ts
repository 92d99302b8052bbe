/**
 * How far a workflow goes that comes from a repository (`bounded`): whoever may write to it has written it, and that is
 * less than the operator, who has said in the configuration what agents may take.
 */

import type { AgentProfile, Project } from "../project.ts";
import type { WorkflowPhase } from "../workflow.ts";

/** What the configuration says of those who play. */
export interface Bounds {
  readonly project: Pick<Project, "agent" | "agents">;
  readonly profiles: ReadonlyMap<string, AgentProfile>;
}

type Wishes = Pick<WorkflowPhase, "timeoutMs" | "model" | "effort">;

/**
 * What a phase asks for, as far as whoever plays it may have that now: it may be another than was meant when the file
 * was read (pinned, a fallback, of a window), and the operator may have taken something back since.
 */
export function asFarAsAllowed(
  { timeoutMs, model, effort }: Wishes,
  profile: AgentProfile,
  bounds: Bounds,
): Wishes {
  const known = (key: "model" | "effort", wanted: string | null): string | null =>
    wanted !== null && namesOf(key, profile, bounds).includes(wanted) ? wanted : null;
  return {
    timeoutMs: timeoutMs === null ? null : Math.min(timeoutMs, profile.timeoutMs),
    model: known("model", model),
    effort: known("effort", effort),
  };
}

/** Models or efforts that profiles of the project have, of the same program. */
export function namesOf(
  key: "model" | "effort",
  { backend }: AgentProfile,
  { project, profiles }: Bounds,
): readonly string[] {
  const all = [project.agent, ...Object.values(project.agents)].flatMap((name) => profiles.get(name) ?? []);
  const names = all.flatMap((profile) => (profile.backend === backend ? (profile[key] ?? []) : []));
  return [...new Set(names)];
}

/**
 * What the workflow in a repository may not ask for. Whoever may write to the repository has written it, and that is
 * less than the operator, who has said in the configuration what agents may do and take.
 *
 * B1. Who plays is said by the project alone: a role is a word, and no profile can be named.
 * B2. A run takes no longer, and is tried no more often, than its agent's profile says.
 * B3. A model or an effort is one that a profile of this project has, of the same program.
 * B4. What may only read runs no commands: checks of such a phase are refused.
 * B5. Budgets, permissions, walls and what is published are no keys of a workflow; the project's stay in force.
 */

import { duration } from "../../../system/config/values.ts";
import { type Bounds, namesOf } from "../../../workflow/phases/bounds.ts";
import type { AgentProfile } from "../../../workflow/project.ts";
import type { Workflow, WorkflowPhase } from "../../../workflow/workflow.ts";
import type { PhaseRule } from "./phases.ts";

/** All of a profile that a file of the repository is compared with. */
export function boundsOf(profile: AgentProfile): readonly unknown[] {
  const { name, backend, maxAttempts, timeoutMs, model, effort, permissions } = profile;
  return [name, backend, maxAttempts, timeoutMs, model, effort, permissions];
}

type Asked = Pick<WorkflowPhase, "role" | "attempts" | "timeoutMs" | "model" | "effort"> & {
  readonly hasChecks: boolean;
};

interface Excess {
  readonly key: "attempts" | "timeout" | "model" | "effort" | "checks";
  readonly message: string;
}

/** For a file of the repository: with the line of everything that goes too far. */
export function withinBounds(bounds: Bounds): PhaseRule {
  return ({ fields, path, role }) => {
    const { attempts, timeout, model, effort, checks } = fields;
    const asked = {
      role: role ?? "",
      attempts: typeof attempts === "number" ? attempts : null,
      timeoutMs: duration.safeParse(timeout).data ?? null,
      model: typeof model === "string" ? model : null,
      effort: typeof effort === "string" ? effort : null,
      hasChecks: Array.isArray(checks) && checks.length > 0,
    };
    return excesses(asked, bounds).map(({ key, message }) => ({ path: [...path, key], message }));
  };
}

/** Of a version that was good once: what goes too far by now, in a sentence; `null` when nothing does. */
export function beyondBounds({ phases }: Workflow, bounds: Bounds): string | null {
  for (const phase of phases) {
    const [first] = excesses({ ...phase, hasChecks: phase.checks.length > 0 }, bounds);
    if (first !== undefined) return `${first.key} of phase ${phase.key} ${first.message}`;
  }
  return null;
}

function excesses(asked: Asked, { project, profiles }: Bounds): readonly Excess[] {
  const name = playerOf(asked.role, project);
  const profile = profiles.get(name);
  if (profile === undefined) return [];
  const who = `agent ${name}, who plays ${asked.role} here`;
  const found: Excess[] = [];
  if (asked.attempts !== null && asked.attempts > profile.maxAttempts)
    found.push({ key: "attempts", message: `must be ${profile.maxAttempts} at most, as ${who}, is tried` });
  if (asked.timeoutMs !== null && asked.timeoutMs > profile.timeoutMs)
    found.push({
      key: "timeout",
      message: `must be ${inWords(profile.timeoutMs)} at most, the timeout of ${who}`,
    });
  for (const key of ["model", "effort"] as const) {
    const wanted = asked[key];
    const known = namesOf(key, profile, { project, profiles });
    if (wanted === null || known.includes(wanted)) continue;
    const ones = known.length === 0 ? "and none is" : `which are ${known.join(", ")}`;
    found.push({
      key,
      message: `must be one that the configuration names for the agents of this project, ${ones}`,
    });
  }
  if (asked.hasChecks && profile.permissions === "read_only")
    found.push({ key: "checks", message: `cannot be run for ${who}: it may only read` });
  return found;
}

function playerOf(role: string, { agent, agents }: Bounds["project"]): string {
  return (Object.hasOwn(agents, role) ? agents[role] : undefined) ?? agent;
}

function inWords(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000}h`;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1_000}s`;
}

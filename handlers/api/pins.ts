/**
 * What whoever makes a task chooses for it: workflow, who plays its roles, the branch it begins from, model and effort.
 * Everything is looked up before anything is stored, and all that is wrong is told at once.
 */

import type { z } from "@hono/zod-openapi";
import { lackOf } from "../../agents/window-settings.ts";
import { suggestion } from "../../system/config/suggestion.ts";
import { playersOf, rolesOf, strayRoles } from "../../workflow/decide/players.ts";
import { factsOf, type Project, type ProjectFacts, serves } from "../../workflow/project.ts";
import type { Pins } from "../../workflow/task.ts";
import type { Workflow } from "../../workflow/workflow.ts";
import type { ApiOptions } from "./base.ts";
import { type ProblemDetails, problem } from "./problem.ts";
import type { NewTaskBody } from "./views/task.ts";

type Wanted = z.infer<typeof NewTaskBody>;
type Faults = NonNullable<ProblemDetails["errors"]>;

/** What the configuration says of the project, with what was chosen in its place; a response where that cannot be. */
export async function chosenFacts(
  options: ApiOptions,
  project: Project,
  body: Wanted,
): Promise<ProjectFacts | Response> {
  const facts = factsOf(project);
  const { workflow: name, base_branch: base } = body;
  const pins: Pins = {
    model: body.model ?? null,
    effort: body.effort ?? null,
    agent: null,
    agents: body.agents,
  };
  const named = name === undefined ? null : await options.choices.workflow(name);
  if (named?.kind === "unknown") return refuse([{ path: "workflow", message: named.reason }]);
  const workflow = named === null ? facts.workflow : named.workflow;
  const known = workflow ?? (await options.store.repositories.get(project.name))?.good?.workflow ?? null;
  const faults = [
    ...agentFaults(options, project, known, pins),
    ...effectFaults(options, project, known, pins),
  ];
  if (faults.length > 0) return refuse(faults);
  if (base !== undefined) {
    const { cloneUrl } = project;
    const has = await options.choices.hasBranch({ cloneUrl, baseBranch: base });
    if (has.kind === "failed") return problem(502, { detail: has.reason });
    if (!has.value)
      return refuse([
        { path: "base_branch", message: `the remote of ${project.name} has no branch "${base}"` },
      ]);
  }
  return { ...facts, workflow, pins, baseBranch: base ?? facts.baseBranch };
}

function refuse(errors: Faults): Response {
  return problem(400, { detail: "the request is not valid", errors });
}

/** Roles that nobody plays, and agents that are not there or do not work for the project. */
function agentFaults(
  { agents }: Pick<ApiOptions, "agents">,
  project: Project,
  workflow: Workflow | null,
  pins: Pins,
): Faults {
  const stray = workflow === null ? [] : strayRoles(workflow, pins.agents);
  const roles = [...new Set(workflow?.phases.map(({ role }) => role))];
  const able = [...agents.values()]
    .filter((profile) => serves(profile, project.name))
    .map(({ name }) => name);
  return Object.entries(pins.agents).flatMap(([role, name]): Faults => {
    const path = `agents.${role}`;
    if (stray.includes(role)) {
      const meant = suggestion(role, roles) || `; there are ${roles.join(", ")}`;
      return [{ path, message: `workflow ${workflow?.name} has no role "${role}"${meant}` }];
    }
    const profile = agents.get(name);
    if (profile === undefined) {
      const meant = suggestion(name, able) || `; there are ${able.join(", ")}`;
      return [{ path, message: `there is no agent "${name}"${meant}` }];
    }
    if (serves(profile, project.name)) return [];
    return [
      { path, message: `agent ${name} does not work for project ${project.name}; it names its projects` },
    ];
  });
}

/** What the agents of the task cannot be told is refused instead of having no effect. */
function effectFaults(
  { agents }: Pick<ApiOptions, "agents">,
  project: Project,
  workflow: Workflow | null,
  pins: Pins,
): Faults {
  const players =
    workflow === null
      ? [project.agent]
      : Object.values(rolesOf(workflow, playersOf({ ...factsOf(project), pins })));
  return (["model", "effort"] as const).flatMap((key): Faults => {
    if (pins[key] === null) return [];
    for (const name of new Set(players)) {
      const lack = lackOf(agents.get(name)?.backend, key);
      if (lack !== null) return [{ path: key, message: `has no effect on agent ${name}: ${lack}` }];
    }
    return [];
  });
}

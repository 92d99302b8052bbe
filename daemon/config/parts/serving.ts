/** Which projects an agent profile works for: whoever names it for another project, or instead of another, is refused. */

import type { ConfigPart, ConfigPath, ConfigTree, Fault } from "../../../system/config/part.ts";
import { absence } from "../../../system/config/suggestion.ts";

export const serving = { keys: {}, rules: [checkNames, checkUses, checkFallbacks] } satisfies ConfigPart;

function checkNames(file: ConfigTree): readonly Fault[] {
  const known = projectsOf(file);
  return file.at("agents.*").flatMap(({ path, fields: { projects } }) =>
    wordsOf(projects).flatMap((name, index): Fault[] => {
      if (known.includes(name)) return [];
      return [{ path: [...path, "projects", index], message: absence("project", name, known) }];
    }),
  );
}

interface Use {
  readonly path: ConfigPath;
  readonly agent: unknown;
  readonly projects: readonly string[];
}

function checkUses(file: ConfigTree): readonly Fault[] {
  const all = projectsOf(file);
  const limits = limitsOf(file);
  const uses: readonly Use[] = [
    ...file.at("projects[]").flatMap(({ path, fields: { name, agent, agents } }): Use[] => {
      const projects = [String(name)];
      const byRole = typeof agents === "object" && agents !== null ? Object.entries(agents) : [];
      return [
        { path: [...path, "agent"], agent, projects },
        ...byRole.map(([role, one]: [string, unknown]) => ({
          path: [...path, "agents", role],
          agent: one,
          projects,
        })),
      ];
    }),
    ...file.at("recurring[]").map(({ path, fields: { agent, project } }) => {
      return { path: [...path, "agent"], agent, projects: [String(project)] };
    }),
    ...file.at("schedules[]").map(({ path, fields: { agent, projects } }) => {
      return { path: [...path, "agent"], agent, projects: projects === undefined ? all : wordsOf(projects) };
    }),
  ];
  return uses.flatMap(({ path, agent, projects }) => refuse(path, agent, projects, limits));
}

/** Who plays instead has to work for the same projects. */
function checkFallbacks(file: ConfigTree): readonly Fault[] {
  const all = projectsOf(file);
  const limits = limitsOf(file);
  return file.at("agents.*").flatMap(({ path, name, fields: { fallback } }) => {
    return refuse([...path, "fallback"], fallback, limits.get(name) ?? all, limits);
  });
}

function refuse(
  path: ConfigPath,
  agent: unknown,
  projects: readonly string[],
  limits: ReadonlyMap<string, readonly string[]>,
): readonly Fault[] {
  const served = typeof agent === "string" ? limits.get(agent) : undefined;
  const stranger = projects.find((project) => served !== undefined && !served.includes(project));
  if (stranger === undefined) return [];
  return [
    {
      path,
      message: `agent ${agent} does not work for project ${stranger}: agents.${agent}.projects names its own`,
    },
  ];
}

/** By profile, its projects, where it names any. */
function limitsOf(file: ConfigTree): ReadonlyMap<string, readonly string[]> {
  const limited = file.at("agents.*").filter(({ fields }) => Array.isArray(fields["projects"]));
  return new Map(limited.map(({ name, fields }) => [name, wordsOf(fields["projects"])]));
}

function projectsOf(file: ConfigTree): readonly string[] {
  return file.at("projects[]").flatMap(({ fields: { name } }) => (typeof name === "string" ? [name] : []));
}

function wordsOf(value: unknown): readonly string[] {
  return [value].flat().filter((word) => typeof word === "string");
}

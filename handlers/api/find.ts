/** Names that nothing has, as problems that say what may have been meant. */

import { nearest, suggestion } from "../../system/config/suggestion.ts";
import type { Project } from "../../workflow/project.ts";
import type { ApiOptions } from "./base.ts";
import { problem } from "./problem.ts";

/** @param projects where a person has typed the key: one of their prefixes may have been meant */
export function unknownTask(key: string, projects: Iterable<Pick<Project, "prefix">> = []): Response {
  return problem(404, { detail: `there is no task ${key}${meantKey(key, [...projects])}` });
}

function meantKey(key: string, projects: readonly Pick<Project, "prefix">[]): string {
  const [, prefix, number] = /^(.*)-(\d+)$/.exec(key) ?? [];
  const prefixes = projects.map((project) => project.prefix);
  const meant = prefix === undefined || prefixes.includes(prefix) ? null : nearest(prefix, prefixes);
  return meant === null ? "" : `; did you mean "${meant}-${number}"?`;
}

export function unknownProject({ projects }: Pick<ApiOptions, "projects">, name: string): Response {
  return problem(404, { detail: `there is no project ${name}${suggestion(name, [...projects.keys()])}` });
}

/**
 * Whether a list is empty because its filter names a project that there is not; `null` for every other list. A project
 * that has left the configuration is still found by what it has.
 */
export function misnamed(
  options: Pick<ApiOptions, "projects">,
  project: string | undefined,
  found: readonly unknown[],
): Response | null {
  if (project === undefined || found.length > 0 || options.projects.has(project)) return null;
  return unknownProject(options, project);
}

/** Names that nothing has, as problems that say what may have been meant. */

import { suggestion } from "../../system/config/suggestion.ts";
import type { ApiOptions } from "./base.ts";
import { problem } from "./problem.ts";

export function unknownTask(key: string): Response {
  return problem(404, { detail: `there is no task ${key}` });
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

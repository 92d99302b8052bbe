/** Which projects a thing of Plane belongs to. Pure. */

import type { Project } from "../../workflow/project.ts";
import { same } from "../../workflow/text/same.ts";

/** All projects that Plane feeds when the event does not say which one it is about. */
export function projectsOf(
  { projects }: { readonly projects: readonly Project[] },
  planeProject: string | null,
): readonly Project[] {
  return projects.filter((project) => {
    const name = nameOf(project);
    return name !== null && (planeProject === null || same(name, planeProject));
  });
}

/** The id of the project in Plane. */
export function nameOf({ trackers }: Project): string | null {
  return trackers["plane"] ?? null;
}

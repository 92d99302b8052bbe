/** Nothing is spent on work that will not be let through: a forge is asked before the first phase of a task. */

import type { Project } from "../../workflow/project.ts";
import type { RunOutcome } from "../../workflow/run.ts";
import type { Task } from "../../workflow/task.ts";
import { failure } from "./own-outcomes.ts";
import type { RunnerPorts } from "./ports.ts";

/** The end of a run that is not begun; `null` where nothing is known that stands in its way. */
export async function whyClosed(
  { store, preflight }: Pick<RunnerPorts, "store" | "preflight">,
  task: Task,
  project: Project,
): Promise<RunOutcome | null> {
  if (preflight === undefined || project.publish.pull === undefined) return null;
  const phases = await store.phases.ofTask(task.key);
  if (phases.some(({ status }) => status === "completed")) return null;
  const why = await preflight(project);
  return why === null ? null : { ...failure("forge", why.reason), remedy: why.remedy };
}

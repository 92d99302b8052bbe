/** A report of one run at work, as its supervisor gives it when no other has one. */

import type { RunProgress } from "../store/progress.ts";
import type { RunStore } from "../store/runs.ts";

/** Whether the run was live. */
export async function reportOne(
  runs: Pick<RunStore, "progressOf">,
  id: string,
  progress: RunProgress,
): Promise<boolean> {
  return (await runs.progressOf([{ id, progress }]))[0] ?? false;
}

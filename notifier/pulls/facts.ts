/** Everything that a pull request tells of a task, read at once. */

import type { Store } from "../../store/store.ts";
import type { CiWait } from "../../workflow/phases/ci.ts";
import type { Phase } from "../../workflow/phases/phase.ts";
import type { PullRequest } from "../../workflow/phases/pull.ts";
import type { Project } from "../../workflow/project.ts";
import type { Run } from "../../workflow/run.ts";
import type { ExternalRef, Task } from "../../workflow/task.ts";
import type { Workflow } from "../../workflow/workflow.ts";

export interface PullFacts {
  readonly task: Task;
  readonly project: Pick<Project, "repo" | "baseBranch" | "publish"> & {
    /** The first word of commands in comments; `null` where comments command nothing. */
    readonly command: string | null;
  };
  readonly workflow: Workflow | null;
  readonly phases: readonly Phase[];
  readonly ci: CiWait | null;
  /** Newest first, at most {@link RUNS_MAX}. */
  readonly runs: readonly Run[];
  /** By which names its item is known. */
  readonly refs: readonly ExternalRef[];
  /** The newest of its branch. */
  readonly pull: PullRequest | null;
}

/** Of a task that was tried more often, the figures are those of the newest. */
const RUNS_MAX = 60;

export async function pullFacts(store: Store, task: Task, project: PullFacts["project"]): Promise<PullFacts> {
  const { key, branch } = task;
  const [workflow, phases, ci, runs, refs, pull] = await Promise.all([
    store.workflows.ofTask(task),
    store.phases.ofTask(key),
    store.ci.newest(key),
    store.runs.list({ limit: RUNS_MAX, before: null, task: key }),
    store.tasks.refs(key),
    branch === null ? null : store.pulls.newest(task.project, branch),
  ]);
  return { task, project, workflow, phases, ci, runs: runs.items, refs, pull };
}

/** A task's workspace: what git is told of it, and how it is put away when the task is over. */

import type {
  KeptWork,
  Published,
  WorkspaceResult,
  WorkspaceSpec,
  Workspaces,
} from "../../forges/git/workspace.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";
import { fitWork } from "../../workflow/text/fit.ts";
import { subjectText } from "../../workflow/text/subject.ts";

/** @param profile who commits there; `null` where it has left the configuration */
export function workspaceSpec(
  task: Task,
  project: Project,
  profile: Pick<AgentProfile, "git"> | null = null,
): WorkspaceSpec {
  return {
    task: task.key,
    title: subjectText(task.title),
    cloneUrl: project.cloneUrl,
    baseBranch: task.base ?? project.baseBranch,
    branch: task.branch,
    ...(project.setup !== null && { leaveOut: project.setup.cache }),
    ...(profile !== null && { identity: profile.git }),
  };
}

/**
 * What work in a folder goes on with besides what is there: what the task that it follows has published, where it was
 * published at all, and what others have pushed to its pull request.
 */
export async function goesOn(
  { tasks, pulls }: Pick<Store, "tasks" | "pulls">,
  { follows, project: name, branch, commit }: Task,
  { publish }: Project,
): Promise<Pick<WorkspaceSpec, "goesOnFrom" | "others">> {
  const before = follows === null || publish.to === "none" ? null : await tasks.get(follows);
  const pull = publish.pull === undefined || branch === null ? null : await pulls.newest(name, branch);
  const others = pull?.status === "open" && pull.commit !== commit ? pull.commit : null;
  return {
    ...(before?.commit != null && { goesOnFrom: before.commit }),
    ...(others !== null && { others }),
  };
}

export interface PutAwayPorts {
  readonly store: Store;
  readonly clock: Pick<Clock, "now">;
  readonly workspaces: Workspaces;
  /** How long work that could not be published is kept (ms). */
  readonly keptForMs: () => number;
  readonly log: Log;
}

/**
 * Removes the folder of a finished task. If the task did not succeed, what its agent made is laid on its branch in the
 * daemon's repository and written down as kept first; where even that cannot be done, the folder stays.
 *
 * @returns what was laid down; `null` for a task that is done, whose work was published
 */
export async function putAway(
  ports: PutAwayPorts,
  task: Task,
  project: Project,
): Promise<WorkspaceResult<Published | null>> {
  const { workspaces } = ports;
  const spec = workspaceSpec(task, project);
  if (task.status === "done") return workspaces.remove(spec);
  const workspace = await workspaces.prepare(spec);
  if (workspace.kind === "failed") return workspace;
  const because = `its task ended as ${task.status} before it was published`;
  const saved = await workspaces.publish(spec, workspace.value, { to: "none", allowCi: true, because });
  if (saved.kind === "failed") return saved;
  for (const work of saved.value.kept) await keep(ports, task, work);
  const removed = await workspaces.remove(spec);
  return removed.kind === "failed" ? removed : saved;
}

async function keep(
  { store, clock, keptForMs, log }: PutAwayPorts,
  task: Task,
  work: KeptWork,
): Promise<void> {
  const { key, project } = task;
  const by = { kind: "daemon", name: "tidy" } as const;
  const wish = { project, by, key: `kept:${work.name}:${work.commit}`, because: "its task is put away" };
  const intent = {
    kind: "keep_work",
    ...wish,
    target: { key },
    run: null,
    work: fitWork(work, log.redactor.redact),
    keptForMs: keptForMs(),
  } as const;
  await ask(store, [intent], null, clock.now());
}

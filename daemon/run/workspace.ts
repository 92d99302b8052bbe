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
import type { Turns } from "../../system/turns.ts";
import type { AgentProfile, Project } from "../../workflow/project.ts";
import { taskMoves } from "../../workflow/states.ts";
import type { Task } from "../../workflow/task.ts";
import { fitWork } from "../../workflow/text/fit.ts";
import { subjectText } from "../../workflow/text/subject.ts";
import { type SecretPorts, sweepSecrets } from "./told/secrets.ts";

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

export interface TidyPorts extends PutAwayPorts, SecretPorts {
  readonly log: Log;
  readonly projects: ReadonlyMap<string, Project>;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly worktreesDirectory: string;
}

const TIDY_EVERY_MS = 10 * 60_000;

/**
 * Puts away what finished tasks left behind, now and every ten minutes: tasks that were cancelled while nothing ran
 * for them, and whatever a daemon that was killed had no time for.
 */
export async function tidyLoop(ports: TidyPorts, signal: AbortSignal): Promise<void> {
  const { files, log, clock, turns } = ports;
  while (!signal.aborted) {
    const untidy = (error: unknown): void => {
      log.error({ event: "worktree.untidy", reason: error instanceof Error ? error.message : String(error) });
    };
    await sweepSecrets(ports, clock.now()).catch(untidy);
    const names = await files.list("tidy", ports.worktreesDirectory).catch((error: unknown) => {
      untidy(error);
      return [];
    });
    for (const name of names) {
      // One folder that cannot be removed is no reason to leave the others.
      if (!name.endsWith(".ready")) await turns.take(name, () => tidy(ports, name)).catch(untidy);
    }
    await clock.sleep(TIDY_EVERY_MS, signal);
  }
}

async function tidy(ports: TidyPorts, key: string): Promise<void> {
  const { store, projects, log } = ports;
  const task = await store.tasks.get(key);
  const project = task === null ? undefined : projects.get(task.project);
  if (task === null || project === undefined || !taskMoves.final.includes(task.status)) return;
  if ((await store.runs.countLive(key)) > 0) return;
  const result = await putAway(ports, task, project);
  if (result.kind === "failed") log.warn({ event: "worktree.kept", task: key, reason: result.reason });
}

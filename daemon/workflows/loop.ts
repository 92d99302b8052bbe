/**
 * Looks at the repositories of tasks that wait for what theirs says (`repository.ts`), and has each begin with it, or
 * be told why it does not (`workflow/decide/settle-workflow.ts`).
 *
 * Level-triggered: whoever waits is found in rows. A remote that is slow, or down, keeps nobody else's task.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import type { AwaitingTask } from "../../store/phases/repository.ts";
import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Wake } from "../../system/wake.ts";
import type { FoundWorkflow, SettleWorkflow } from "../../workflow/decide/settle-workflow.ts";
import type { Project } from "../../workflow/project.ts";
import type { Why } from "../../workflow/why.ts";
import { workflowFor } from "../../workflow/workflow.ts";

export interface WorkflowLoopPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What the repository of a project says. @throws StoreFault */
  readonly find: (project: Project) => Promise<FoundWorkflow | Why>;
  readonly projects: ReadonlyMap<string, Project>;
  /** Rung when a task begins to wait, and when there is another configuration. */
  readonly wake: Wake;
}

/** The net under lost rings. */
const POLL_MS = 15_000;
/** Between two looks that find nothing to begin with, for those who were told. */
const REST_MS = 30_000;

/** A look at the repository of a project, and who was told what it found. */
interface Look {
  readonly project: Project;
  readonly tasks: ReadonlySet<string>;
  /** On the clock that never jumps; `null` while it is under way. */
  endedAt: number | null;
}

/** Runs until `signal` aborts, and what is under way has ended. */
export async function workflowLoop(ports: WorkflowLoopPorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake, projects } = ports;
  const looks = new Map<string, Look>();
  const underWay = new Set<Promise<void>>();
  const defects: unknown[] = [];
  const begin = (project: Project, tasks: readonly string[]): void => {
    const look: Look = { project, tasks: new Set(tasks), endedAt: null };
    looks.set(project.name, look);
    const work = lookAt(ports, project, tasks)
      .catch((error: unknown) => {
        if (!(error instanceof StoreFault)) defects.push(error);
        else log.error({ event: "workflows.faulted", reason: error.message, hint: error.hint });
      })
      .finally(() => {
        look.endedAt = clock.monotonic();
        underWay.delete(work);
        wake.ring();
      });
    underWay.add(work);
  };
  while (!signal.aborted) {
    if (defects.length > 0) throw defects[0];
    try {
      for (const [name, tasks] of byProject(await store.repositories.awaiting())) {
        const project = projects.get(name);
        if (project !== undefined && isDue(looks.get(name), project, tasks, clock.monotonic()))
          begin(project, tasks);
      }
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "workflows.faulted", reason: error.message, hint: error.hint });
    }
    await wake.wait(POLL_MS, signal);
  }
  await Promise.all(underWay);
}

function byProject(awaiting: readonly AwaitingTask[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { project, task } of awaiting) found.set(project, [...(found.get(project) ?? []), task]);
  return found;
}

/** Somebody was not told yet, or by another configuration, or it was long ago. */
function isDue(last: Look | undefined, project: Project, tasks: readonly string[], now: number): boolean {
  if (last === undefined) return true;
  if (last.endedAt === null) return false;
  return (
    last.project !== project || now >= last.endedAt + REST_MS || tasks.some((task) => !last.tasks.has(task))
  );
}

/** @throws StoreFault */
async function lookAt(ports: WorkflowLoopPorts, project: Project, tasks: readonly string[]): Promise<void> {
  const { store, clock, log } = ports;
  const read = await ports.find(project);
  const found =
    "workflow" in read ? { ...read, workflow: workflowFor(read.workflow, project.publish) } : read;
  for (const task of tasks) {
    const intent: SettleWorkflow = { kind: "settle_workflow", task, found };
    const asked = await ask(store, [intent], null, clock.now());
    if (asked.kind !== "done") continue;
    if ("workflow" in found) log.info({ event: "workflow.settled", task, workflow: found.workflow.name });
    else log.warn({ event: "workflow.awaited", task, ...found });
  }
}

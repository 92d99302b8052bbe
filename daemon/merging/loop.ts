/**
 * The loop of merges: takes what is due, one at a time for a repository and as many as there are repositories, so that
 * a remote that hangs keeps nobody else's work waiting.
 *
 * Level-triggered: a merge is a row, and what an earlier daemon had begun is taken up as if nobody had (G1 of
 * `merge.ts`). Two daemons at one repository are kept apart by git alone, which takes no push from where it is not.
 */

import { StoreFault } from "../../store/engine/engine.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Wake } from "../../system/wake.ts";
import { repoOf } from "../../workflow/between/freeze.ts";
import type { Merge } from "../../workflow/phases/merge.ts";
import type { Project } from "../../workflow/project.ts";
import type { Task } from "../../workflow/task.ts";

/** The net under lost rings and clocks that jump. */
const POLL_MS = 15_000;
/** How long the loop stands back when the database does not answer, or what is due waits for its turn. */
const REST_MS = 1_000;

export interface MergeLoopPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly projects: ReadonlyMap<string, Pick<Project, "cloneUrl">>;
  /** One merge, from its row to what is decided of it (`merge.ts`). @throws StoreFault */
  readonly mergeOne: (merge: Merge, task: Task) => Promise<void>;
  /** Rung when something is to be merged. */
  readonly wake: Wake;
}

/** Runs until `signal` aborts, and what is under way has ended. */
export async function mergeLoop(ports: MergeLoopPorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake } = ports;
  /** The lock: by repository, what is merged there now. */
  const underWay = new Map<string, Promise<void>>();
  const defects: unknown[] = [];
  const begin = (repository: string, work: () => Promise<void>): void => {
    if (underWay.has(repository)) return;
    const done = work()
      .catch((error: unknown) => {
        if (error instanceof StoreFault) log.error({ event: "merges.faulted", reason: error.message });
        else defects.push(error);
      })
      .finally(() => {
        underWay.delete(repository);
        wake.ring();
      });
    underWay.set(repository, done);
  };
  while (!signal.aborted) {
    try {
      for (const merge of await store.merges.due(clock.now())) await takeUp(ports, merge, begin);
      const next = await store.merges.nextDue();
      const ms = next === null ? POLL_MS : Math.min(POLL_MS, next - clock.now());
      await wake.wait(ms > 0 ? ms : REST_MS, signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "merges.faulted", reason: error.message, hint: error.hint });
      await clock.sleep(REST_MS, signal);
    }
    if (defects.length > 0) throw defects[0];
  }
  await Promise.allSettled(underWay.values());
}

async function takeUp(
  ports: MergeLoopPorts,
  merge: Merge,
  begin: (repository: string, work: () => Promise<void>) => void,
): Promise<void> {
  const task = await ports.store.tasks.get(merge.task);
  if (task === null) return;
  const project = ports.projects.get(task.project);
  const repository = project === undefined ? task.project : repoOf(project.cloneUrl);
  begin(repository, () => ports.mergeOne(merge, task));
}

/**
 * The loop of merges: takes what is due, one at a time for a repository and as many as there are repositories, so that
 * a remote that hangs keeps nobody else's work waiting.
 *
 * Level-triggered: a merge is a row, and what an earlier daemon had begun is taken up as if nobody had (G1 of
 * `merge.ts`). Two daemons at one repository are kept apart by git alone, which takes no push from where it is not.
 * A merge that was looked at in vain stands back for a while, and lets the next one of its repository pass.
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
  /** One merge, from its row to what is decided of it (`merge.ts`): whether it has moved on. @throws StoreFault */
  readonly mergeOne: (merge: Merge, task: Task) => Promise<boolean>;
  /** Rung when something is to be merged. */
  readonly wake: Wake;
}

/** Runs until `signal` aborts, and what is under way has ended. */
export async function mergeLoop(ports: MergeLoopPorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake } = ports;
  const hand: Hand = { underWay: new Map(), resting: new Map(), defects: [] };
  while (!signal.aborted) {
    try {
      const due = await store.merges.due(clock.now());
      for (const merge of due) if (!signal.aborted) await takeUp(ports, merge, hand);
      const next = await store.merges.nextDue();
      const ms = next === null ? POLL_MS : Math.min(POLL_MS, next - clock.now());
      await wake.wait(ms > 0 ? ms : REST_MS, signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "merges.faulted", reason: error.message, hint: error.hint });
      await clock.sleep(REST_MS, signal);
    }
    if (hand.defects.length > 0) throw hand.defects[0];
  }
  await Promise.allSettled(hand.underWay.values());
  if (hand.defects.length > 0) throw hand.defects[0];
}

interface Hand {
  /** The lock: by repository, what is merged there now. */
  readonly underWay: Map<string, Promise<void>>;
  /** By task, how long its merge stands back (ms of the clock that never jumps). */
  readonly resting: Map<string, number>;
  readonly defects: unknown[];
}

async function takeUp(ports: MergeLoopPorts, merge: Merge, hand: Hand): Promise<void> {
  const { resting, underWay } = hand;
  const restsUntil = resting.get(merge.task);
  if (restsUntil !== undefined && ports.clock.monotonic() < restsUntil) return;
  resting.delete(merge.task);
  const task = await ports.store.tasks.get(merge.task);
  if (task === null) return;
  const project = ports.projects.get(task.project);
  const repository = project === undefined ? task.project : repoOf(project.cloneUrl);
  if (!underWay.has(repository)) underWay.set(repository, goThrough(ports, merge, task, repository, hand));
}

/** Rings only for what has moved on: a merge that is still due would have the loop go round without a rest. */
async function goThrough(
  { mergeOne, clock, log, wake }: MergeLoopPorts,
  merge: Merge,
  task: Task,
  repository: string,
  { underWay, resting, defects }: Hand,
): Promise<void> {
  let movedOn = false;
  try {
    movedOn = await mergeOne(merge, task);
  } catch (error) {
    if (error instanceof StoreFault)
      log.error({ event: "merges.faulted", reason: error.message, hint: error.hint });
    else defects.push(error);
  }
  underWay.delete(repository);
  if (!movedOn) resting.set(merge.task, clock.monotonic() + POLL_MS);
  if (movedOn || defects.length > 0) wake.ring();
}

/**
 * Deletes what is over for long: deliveries, histories of finished tasks, calls to the outside and messages in chats,
 * folders of runs.
 *
 * Level-triggered: once an hour it looks at what is there, and goes on in small steps, so that nothing that is asked
 * meanwhile waits for it. It may be killed anywhere. What a live run or an unfinished task needs is never old; a folder
 * that no run is known for belongs to somebody else and stays.
 */

import type { Step } from "../store/retention.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Files } from "../system/files.ts";
import type { Log } from "../system/log.ts";
import { taskMoves } from "../workflow/states.ts";

const EVERY_MS = 3_600_000;
/** Between two steps, for whoever else wants to write. */
const PAUSE_MS = 20;

export interface PrunePorts {
  readonly store: Store;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly runsDirectory: string;
  /** Read anew at each round. */
  readonly retention: () => {
    readonly deliveriesMs: number;
    readonly eventsMs: number;
    readonly runsMs: number;
  };
}

/** Runs until `signal` aborts. Never rejects: what cannot be done now is tried again at the next round. */
export async function pruneLoop(ports: PrunePorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await prune(ports, signal);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      ports.log.error({ event: "retention.faulted", reason });
    }
    await ports.clock.sleep(EVERY_MS, signal);
  }
}

/** One round. */
export async function prune(ports: PrunePorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = ports;
  const { deliveriesMs, eventsMs, runsMs } = ports.retention();
  const now = clock.now();
  const walk = async (step: (after: number) => Promise<Step>): Promise<number> => {
    let deleted = 0;
    for (let after: number | null = 0; after !== null && !signal.aborted; ) {
      const done = await step(after);
      deleted += done.deleted;
      after = done.next;
      if (after !== null) await clock.sleep(PAUSE_MS, signal);
    }
    return deleted;
  };
  const deliveries = await walk((after) => store.retention.deliveries(after, now - deliveriesMs));
  const events = await walk((after) => store.retention.events(after, now - eventsMs));
  const calls = await walk((after) => store.retention.calls(after, now - eventsMs));
  const messages = await walk((after) => store.retention.messages(after, now - eventsMs));
  const runs = await pruneRuns(ports, now - runsMs, signal);
  if (deliveries + events + calls + messages + runs > 0)
    log.info({ event: "retention.pruned", deliveries, events, calls, messages, runs });
}

async function pruneRuns(
  { store, files, clock, log, runsDirectory }: PrunePorts,
  before: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (const id of await files.list("prune", runsDirectory)) {
    if (signal.aborted) break;
    const run = await store.runs.get(id);
    if (run === null || run.finishedAt === null || run.finishedAt >= before) continue;
    const task = await store.tasks.get(run.task);
    if (task === null || !taskMoves.final.includes(task.status)) continue;
    try {
      // The folder last: what is not finished here is found again by it.
      await store.turns.forget(id);
      await files.remove("prune", `${runsDirectory}/${id}`);
      removed += 1;
    } catch (error) {
      // One that cannot be removed keeps no other.
      const reason = error instanceof Error ? error.message : String(error);
      log.warn({ event: "retention.kept", run: id, reason });
    }
    await clock.sleep(PAUSE_MS, signal);
  }
  return removed;
}

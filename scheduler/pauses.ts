/**
 * Ends the pauses of tasks whose time has come: each by the intent that a person would use (`workflow/decide/`).
 *
 * Level-triggered: it looks at the rows and asks for what is due, so a pause that ended while no daemon was there ends
 * when there is one, and one that was prolonged meanwhile goes on. Pauses of projects and of everything are holds,
 * which the claim loop lets go of in time.
 */

import { StoreFault } from "../store/engine/engine.ts";
import type { PausedTask } from "../store/pauses.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { ResumeTask } from "../workflow/decide/pause-task.ts";

const OVER = "its pause is over";
/** The net under lost rings and clocks that jump. */
const POLL_MS = 15_000;
/** How long the loop stands back when the database does not answer, or what was due could not be ended. */
const REST_MS = 1_000;

export interface PausePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Rung when a task is paused until a time. */
  readonly wake: Wake;
}

/** Runs until `signal` aborts. */
export async function pauseLoop(ports: PausePorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake } = ports;
  while (!signal.aborted) {
    try {
      await endDuePauses(ports, signal);
      const next = await store.pauses.nextDue();
      const ms = next === null ? POLL_MS : next - clock.now();
      await wake.wait(Math.min(POLL_MS, ms > 0 ? ms : REST_MS), signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "pauses.faulted", reason: error.message, hint: error.hint });
      await clock.sleep(REST_MS, signal);
    }
  }
}

/** As long as that ends something. */
async function endDuePauses(ports: PausePorts, signal: AbortSignal): Promise<void> {
  let ended = 1;
  while (ended > 0 && !signal.aborted) {
    const now = ports.clock.now();
    ended = 0;
    for (const task of await ports.store.pauses.due(now)) ended += await endPause(ports, task, now);
  }
}

/** Answers how many tasks go on: this one, or none. */
async function endPause({ store, log }: PausePorts, task: PausedTask, now: number): Promise<0 | 1> {
  const { key, project, version } = task;
  const intent: ResumeTask = {
    kind: "resume_task",
    project,
    by: { kind: "daemon", name: "chargehand" },
    key: `pause:over:${version}`,
    because: OVER,
    target: { key },
    onlyDue: true,
  };
  const asked = await ask(store, [intent], null, now);
  if (asked.kind !== "done") return 0;
  log.info({ event: "task.resumed", task: key, reason: OVER });
  return 1;
}

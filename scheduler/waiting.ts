/**
 * The net below tasks that wait for one another: it lets those begin that nothing keeps any more, tells a person of
 * those of which nothing goes on, and has tasks followed that were done before they had heard everything.
 *
 * Whoever ends a task lets those begin that waited for it, in the same transaction (`store/settle.ts`). What is left is
 * what no end brings about: a project that is serial no more, rows of another version, a defect. Level-triggered.
 */

import { StoreFault } from "../store/engine/engine.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import { STUCK_GRACE_MS } from "../workflow/limits.ts";
import { factsOf, type Project } from "../workflow/project.ts";

const POLL_MS = 15_000;
const DAEMON = { kind: "daemon", name: "chargehand" } as const;

export interface WaitingPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the configuration in force. */
  readonly projects: () => ReadonlyMap<string, Project>;
  /** Nobody has to ring; the loop looks by itself. */
  readonly wake: Wake;
}

/** Runs until `signal` aborts. */
export async function waitingLoop(ports: WaitingPorts, signal: AbortSignal): Promise<void> {
  const { log, wake } = ports;
  while (!signal.aborted) {
    try {
      await lookAtWaiting(ports, signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "waiting.faulted", reason: error.message, hint: error.hint });
    }
    await wake.wait(POLL_MS, signal);
  }
}

/** One round. @throws StoreFault */
export async function lookAtWaiting(
  { store, clock, log, projects }: Omit<WaitingPorts, "wake">,
  signal: AbortSignal,
): Promise<void> {
  const now = clock.now();
  for (const task of await store.between.overdue()) {
    if (signal.aborted) return;
    const asked = await ask(store, [{ kind: "reconsider_task", task, ended: [] }], null, now);
    if (asked.kind === "done") log.info({ event: "task.reconsidered", task });
  }
  for (const { key: task, jobs } of await store.between.stuck(now - STUCK_GRACE_MS)) {
    if (signal.aborted) return;
    const asked = await ask(store, [{ kind: "warn_stuck", task, key: `stuck:${jobs}` }], null, now);
    if (asked.kind === "done") log.warn({ event: "task.stuck", task });
  }
  for (const { key, project: name } of await store.follow.unheard()) {
    const project = projects().get(name);
    if (signal.aborted || project === undefined) continue;
    const wish = {
      project: name,
      by: DAEMON,
      key: `unheard:${key}`,
      because: "it was done before it had heard that",
    };
    const intent = { kind: "follow_up", ...wish, target: { key }, facts: factsOf(project) } as const;
    const asked = await ask(store, [intent], null, now);
    if (asked.kind === "done") log.info({ event: "task.followed", task: key, by: asked.tasks[0] });
  }
}

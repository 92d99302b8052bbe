/**
 * Kept work does not stay for ever: its task is told, and days later it goes. Level-triggered, a few rows at a time:
 * each round looks at what is due, and what cannot be done now is due in the next.
 */

import { ask } from "../../store/settle.ts";
import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { stackOf } from "../../system/stack.ts";
import type { Kept } from "../../workflow/kept.ts";
import type { Works } from "./works.ts";

export interface RetentionPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly works: Pick<Works, "expire">;
}

const EVERY_MS = 10 * 60_000;
/** Rows of one step, and the rest between two, so that nobody waits for a daemon that was away for months. */
const STEP_ROWS = 20;
const STEP_PAUSE_MS = 100;

export async function retentionLoop(ports: RetentionPorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = ports;
  while (!signal.aborted) {
    try {
      await eachDue(ports, signal, store.kept.toTell, (kept) => tell(ports, kept));
      await eachDue(ports, signal, store.kept.toExpire, (kept) => expire(ports, kept));
    } catch (error) {
      log.error({ event: "kept.retention", reason: stackOf(error) });
    }
    await clock.sleep(EVERY_MS, signal);
  }
}

type Due = (now: number, after: number, limit: number) => Promise<readonly Kept[]>;

/** By number, so that one which cannot be done keeps nobody behind it. */
async function eachDue(
  { clock }: RetentionPorts,
  signal: AbortSignal,
  due: Due,
  act: (kept: Kept) => Promise<void>,
): Promise<void> {
  let after = 0;
  while (!signal.aborted) {
    const step = await due(clock.now(), after, STEP_ROWS);
    for (const kept of step) {
      if (signal.aborted) return;
      await act(kept);
      after = kept.id;
    }
    if (step.length < STEP_ROWS) return;
    await clock.sleep(STEP_PAUSE_MS, signal);
  }
}

async function tell(
  { store, clock, log }: RetentionPorts,
  { id, task, project, name, until }: Kept,
): Promise<void> {
  const by = { kind: "daemon", name: "retention" } as const;
  const wish = { project, by, key: `kept:${id}:expiring:${until}`, because: "it is nearly kept long enough" };
  const asked = await ask(
    store,
    [{ kind: "warn_kept", ...wish, target: { key: task }, id }],
    null,
    clock.now(),
  );
  if (asked.kind === "done") log.warn({ event: "kept.expiring", task, name });
}

async function expire({ log, works }: RetentionPorts, kept: Kept): Promise<void> {
  const settled = await works.expire(kept);
  if (settled.kind !== "ok")
    log.warn({ event: "kept.stays", task: kept.task, name: kept.name, reason: settled.reason });
}

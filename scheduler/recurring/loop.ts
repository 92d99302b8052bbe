/**
 * The loop that makes recurring tasks. Level-triggered: it looks at how far each schedule is settled, does what has
 * come since, and sleeps until the next slot of any.
 *
 * L1. Kill it anywhere: what was not settled is found again, and a slot that has fired is not fired again (the store).
 * L2. It believes no clock for long: it looks again after {@link NAP_MS} at the latest, since a timer stands still
 *     while the machine sleeps, and when the clock was set back. What was judged too long ago is judged again.
 * L3. One schedule that cannot be followed keeps no other from its slots.
 */

import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { stackOf } from "../../system/stack.ts";
import type { RecurringTask } from "../../workflow/recurring/recurring.ts";
import { firstAfter, lastUpTo } from "../slots.ts";
import { patternText } from "./counted.ts";
import { type FirePorts, fire, slotOf } from "./fire.ts";
import { judgeSlots, type Verdict } from "./judge.ts";

export interface RecurringPorts extends FirePorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Those of the configuration in force. */
  readonly recurring: () => readonly RecurringTask[];
  /** Aborts when the configuration that is in force now is replaced. */
  readonly replaced: () => AbortSignal;
}

const NAP_MS = 30_000;
/** Of something that could not be done now, or that the store does not know yet. */
const AGAIN_MS = 1_000;
/** A verdict that is older than this is no verdict on what is true now. */
const FRESH_MS = 60_000;

export async function recurringLoop(ports: RecurringPorts, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const woken = AbortSignal.any([signal, ports.replaced()]);
    await sleepUntil(ports.clock, await lookAtAll(ports), woken);
  }
}

/** L2. Also ends when the clock was set back. `null`: until it is woken. */
async function sleepUntil(clock: Clock, at: number | null, woken: AbortSignal): Promise<void> {
  let before = clock.now();
  for (let now = before; !woken.aborted && now >= before && (at === null || now < at); now = clock.now()) {
    before = now;
    await clock.sleep(at === null ? NAP_MS : Math.min(NAP_MS, at - now), woken);
  }
}

/** When the next slot of any schedule is due; `null` when there is none. */
async function lookAtAll(ports: RecurringPorts): Promise<number | null> {
  const { store, clock, log } = ports;
  const all = ports.recurring();
  if (all.length === 0) return null;
  let next: number | null = null;
  const due = (at: number | null): void => {
    if (at !== null) next = Math.min(next ?? at, at);
  };
  try {
    const states = await store.recurring.states();
    for (const recurring of all) {
      const state = states.get(recurring.name);
      // A reload is on its way: the store has not heard of this schedule, or of its pattern.
      const isCounted = state !== undefined && state.pattern === patternText(recurring.pattern);
      due(isCounted ? await lookAt(ports, recurring, state.settledTo) : clock.now() + AGAIN_MS);
    }
  } catch (error) {
    log.error({ event: "recurring.look", reason: stackOf(error) });
    due(clock.now() + NAP_MS);
  }
  return next;
}

/** L3. When to look at this one again. */
async function lookAt(
  ports: RecurringPorts,
  recurring: RecurringTask,
  settledTo: number,
): Promise<number | null> {
  const { clock, log } = ports;
  try {
    return await settle(ports, recurring, settledTo);
  } catch (error) {
    log.error({ event: "recurring.settle", schedule: recurring.name, reason: stackOf(error) });
    return clock.now() + NAP_MS;
  }
}

async function settle(
  ports: RecurringPorts,
  recurring: RecurringTask,
  settledTo: number,
): Promise<number | null> {
  const { store, clock, log } = ports;
  const { name, pattern } = recurring;
  const now = clock.now();
  if (settledTo > now) {
    await store.recurring.setBack(name, settledTo, now);
    log.warn({ event: "recurring.clock_set_back", schedule: name, from: settledTo, to: now });
    return now;
  }
  const { verdicts, passedOver, next } = judgeSlots(recurring, settledTo, now, {
    firstAfter: (at) => firstAfter(pattern, at),
    lastUpTo: (at) => lastUpTo(pattern, at),
  });
  if (passedOver) log.warn({ event: "recurring.passed_over", schedule: name, since: settledTo });
  for (const verdict of verdicts) {
    if (!isFresh(clock.now() - now)) return clock.now();
    await carryOut(ports, recurring, verdict);
  }
  if (verdicts.length > 0) await store.recurring.prune(name);
  return next;
}

function isFresh(ageMs: number): boolean {
  return ageMs >= 0 && ageMs <= FRESH_MS;
}

async function carryOut(ports: RecurringPorts, recurring: RecurringTask, verdict: Verdict): Promise<void> {
  const { store, clock, log } = ports;
  const slot = slotOf(recurring, verdict.at);
  const about = { schedule: recurring.name, slot: new Date(slot.at).toISOString() };
  const skip = async (reason: string): Promise<void> => {
    await store.recurring.skip([{ ...slot, reason }], clock.now());
    log.info({ event: "recurring.skipped", ...about, reason });
  };
  if (verdict.kind === "skip") return skip(verdict.reason);
  const by = { kind: "daemon", name: "scheduler" } as const;
  const fired = await fire(ports, recurring, slot, by, clock.now());
  switch (fired.kind) {
    case "done":
      return log.info({ event: "recurring.fired", ...about, task: fired.tasks.join() });
    case "ignored":
    case "trouble":
      return skip(fired.reason);
    // The configuration is being replaced: the slot waits for the one that comes.
    case "refused":
    case "unknown":
      throw new Error(fired.reason);
    default:
      return fired satisfies never;
  }
}

/**
 * Ends approvals and questions that nobody has answered in time: each by an intent of its own
 * (`workflow/decide/answer-gate.ts`, `workflow/decide/answer-question.ts`).
 *
 * Level-triggered, as the loop of pauses is: what expired while no daemon was there expires when there is one.
 */

import { StoreFault } from "../store/engine/engine.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { ExpireGate } from "../workflow/decide/answer-gate.ts";
import type { ExpireQuestion } from "../workflow/decide/answer-question.ts";

/** The net under lost rings and clocks that jump. */
const POLL_MS = 15_000;
/** How long the loop stands back when the database does not answer, or what was due could not be ended. */
const REST_MS = 1_000;

export interface GatePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Rung when somebody is asked for an answer until a time. */
  readonly wake: Wake;
}

/** Runs until `signal` aborts. */
export async function gateLoop(ports: GatePorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake } = ports;
  while (!signal.aborted) {
    try {
      await expireDue(ports, signal);
      const due = await Promise.all([store.approvals.nextDue(), store.questions.nextDue()]);
      const next = Math.min(...due.map((at) => at ?? Number.POSITIVE_INFINITY));
      const ms = next - clock.now();
      await wake.wait(Math.min(POLL_MS, ms > 0 ? ms : REST_MS), signal);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      log.error({ event: "gates.faulted", reason: error.message, hint: error.hint });
      await clock.sleep(REST_MS, signal);
    }
  }
}

/** As long as that ends something. */
async function expireDue(ports: GatePorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log } = ports;
  let ended = 1;
  while (ended > 0 && !signal.aborted) {
    const now = clock.now();
    ended = 0;
    for (const { id, task } of await store.approvals.due(now)) {
      if (!(await isDone(ports, { kind: "expire_gate", task, approval: id }, now))) continue;
      ended += 1;
      log.info({ event: "gate.expired", task });
    }
    for (const { id, task } of await store.questions.due(now)) {
      if (!(await isDone(ports, { kind: "expire_question", task, question: id }, now))) continue;
      ended += 1;
      log.info({ event: "question.expired", task });
    }
  }
}

async function isDone(
  { store }: GatePorts,
  intent: ExpireGate | ExpireQuestion,
  now: number,
): Promise<boolean> {
  return (await ask(store, [intent], null, now)).kind === "done";
}

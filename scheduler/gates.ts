/**
 * Ends approvals and questions that nobody has answered in time, and waits for CI that has said nothing: each by an
 * intent of its own (`workflow/decide/gates/`).
 *
 * Level-triggered, as the loop of pauses is: what expired while no daemon was there expires when there is one.
 */

import { StoreFault } from "../store/engine/engine.ts";
import { ask } from "../store/settle.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import type { Wake } from "../system/wake.ts";
import type { ExpireGate } from "../workflow/decide/gates/answer-gate.ts";
import type { ExpireQuestion } from "../workflow/decide/gates/answer-question.ts";
import type { ExpireCi } from "../workflow/decide/gates/report-ci.ts";

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

type Expiry = ExpireGate | ExpireCi | ExpireQuestion;

/** Runs until `signal` aborts. */
export async function gateLoop(ports: GatePorts, signal: AbortSignal): Promise<void> {
  const { store, clock, log, wake } = ports;
  while (!signal.aborted) {
    try {
      await expireDue(ports, signal);
      const due = await Promise.all([
        store.approvals.nextDue(),
        store.ci.nextDue(),
        store.questions.nextDue(),
      ]);
      const ms = Math.min(POLL_MS, ...due.filter((at) => at !== null).map((at) => at - clock.now()));
      await wake.wait(ms > 0 ? ms : REST_MS, signal);
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
    const [approvals, waits, questions] = await Promise.all([
      store.approvals.due(now),
      store.ci.due(now),
      store.questions.due(now),
    ]);
    const expiries: readonly Expiry[] = [
      ...approvals.map(({ id, task }) => ({ kind: "expire_gate", task, approval: id }) as const),
      ...waits.map(({ task, seq }) => ({ kind: "expire_ci", task, seq }) as const),
      ...questions.map(({ id, task }) => ({ kind: "expire_question", task, question: id }) as const),
    ];
    for (const expiry of expiries) {
      const asked = await ask(store, [expiry], null, now);
      if (asked.kind !== "done") continue;
      ended += 1;
      tell(log, expiry);
    }
  }
}

function tell(log: Log, { kind, task }: Expiry): void {
  if (kind === "expire_gate") log.info({ event: "gate.expired", task });
  else if (kind === "expire_ci") log.info({ event: "ci.expired", task });
  else log.info({ event: "question.expired", task });
}

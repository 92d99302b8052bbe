/**
 * The inbox: gives every stored delivery its one effect, and an ending.
 *
 * N1. A delivery is decoded, judged, decided and committed together with its mark, in one transaction (I2). Kill the
 *     loop anywhere, and the next one begins with the same delivery.
 * N2. Deliveries of a source about one thing are handled in the order in which they came: one that is put off holds
 *     back the later ones about the same subject, and no others.
 * N3. One delivery that cannot be handled stops nobody: a defect ends it as `failed`, a fault of the store puts it off,
 *     and only a store that cannot even do that makes the loop wait.
 * N4. Nothing waits for ever (I7): what could not be checked for a day is failed, with the reason.
 * N5. It handles a few deliveries at a time and then lets those in who bring new ones: a sender waits for its reply
 *     and may lose the delivery, the inbox has time.
 * N6. It may stand in lanes, one for each source, so that a tracker that is slow to say who somebody is holds up its
 *     own deliveries, and no others.
 */

import type { ForgeAsk } from "../forges/ask.ts";
import { StoreFault } from "../store/engine/engine.ts";
import type { Sources } from "../store/inbox/due.ts";
import type { Store } from "../store/store.ts";
import type { Clock } from "../system/clock.ts";
import type { Log } from "../system/log.ts";
import { stackOf } from "../system/stack.ts";
import type { Wake } from "../system/wake.ts";
import type { Delivery } from "../workflow/delivery.ts";
import { BEHIND_MS, INBOX_PAUSE_MS, INBOX_POLL_MS, INBOX_TURN_DELIVERIES } from "../workflow/limits.ts";
import type { Project } from "../workflow/project.ts";
import type { ChatActor } from "./chat/actor.ts";
import type { Door } from "./chat/api.ts";
import { doAndConclude } from "./chat/conclude.ts";
import { backOff, endDelivery, putOff, tryLater } from "./ending.ts";
import { endRefused, grant } from "./grant.ts";
import { type Breaker, createBreaker } from "./guard/breaker.ts";
import { heardBefore } from "./guard/heard.ts";
import type { Reader } from "./reader.ts";
import type { Understood } from "./understand.ts";

/** All of them, in one lane. */
const EVERY_SOURCE: Sources = { besides: [] };

export interface InboxOptions {
  readonly store: Store;
  readonly projects: readonly Project[];
  /** Whose deliveries it handles; left out, everybody's. */
  readonly sources?: Sources;
  /** By source, who reads its deliveries. */
  readonly readers: ReadonlyMap<string, Reader>;
  /** Who does what comes from chats; left out where there are none. */
  readonly chats?: ChatActor;
  /** Lives longer than an inbox; left out, it has its own. */
  readonly breaker?: Breaker;
  /** What comments ask for besides changes of tasks is asked of this; left out, nobody does it. */
  readonly api?: Door;
  /** Who can be asked about the code of a project; left out, nobody can. */
  readonly askOf?: (project: Pick<Project, "name">) => Pick<ForgeAsk, "pull"> | null;
  /** Whether something can be told at this source; left out, at none. */
  readonly tells?: (source: string) => boolean;
  /** Whether senders wait for a reply at this moment; the inbox then takes its time (N5). */
  readonly isIngestBusy?: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** Rung when a delivery has come. */
  readonly wake: Wake;
}

export interface Inbox {
  /** Handles deliveries until `signal` aborts. Never rejects for a fault of the store. */
  run(signal: AbortSignal): Promise<void>;
  /** Handles all that are due now; returns how many. @throws StoreFault */
  drainOnce(): Promise<number>;
}

export function createInbox(given: InboxOptions): Inbox {
  const { store, clock, log, wake, sources = EVERY_SOURCE } = given;
  const options = { breaker: createBreaker(clock, store.loops), ...given };

  const drain = async (signal: AbortSignal | null): Promise<number> => {
    for (let handled = 0; ; ) {
      const due = await store.deliveries.due(clock.now(), INBOX_TURN_DELIVERIES, sources);
      for (const delivery of due) {
        if (signal?.aborted === true) return handled;
        const subject = delivery.subject ?? `delivery:${delivery.id}`;
        await guarded(options, delivery, subject, () => handle(options, delivery));
        handled += 1;
      }
      if (due.length === 0) return handled;
      await clock.sleep(options.isIngestBusy?.() === true ? INBOX_PAUSE_MS : 0);
    }
  };

  const pause = async (signal: AbortSignal): Promise<void> => {
    const next = await store.deliveries.nextDue(sources);
    const ms = next === null ? INBOX_POLL_MS : Math.min(INBOX_POLL_MS, Math.max(0, next - clock.now()));
    await wake.wait(ms, signal);
  };

  return {
    async run(signal): Promise<void> {
      for (let faults = 0; !signal.aborted; ) {
        try {
          await drain(signal);
          faults = 0;
          await pause(signal);
        } catch (error) {
          faults += 1;
          log.error({ event: "inbox.fault", error: String(error), faults });
          if (!(error instanceof StoreFault)) throw error;
          await clock.sleep(backOff(faults), signal);
        }
      }
    },
    drainOnce: () => drain(null),
  };
}

async function handle(options: InboxOptions, delivery: Delivery): Promise<void> {
  if (delivery.source.startsWith("chat:")) {
    await handleChat(options, delivery);
    return;
  }
  const reader = options.readers.get(delivery.source);
  if (reader === undefined) {
    await end(options, delivery, "ignored", `nobody here understands '${delivery.source}'`);
    return;
  }
  const understood = await reader.understand(delivery, options.projects, options.store.tasks);
  if (understood.kind === "retry") {
    await tryLater(options, delivery, understood.subject, understood);
  } else if (understood.kind === "wish") {
    const { subject, wishes } = understood;
    await guarded(options, delivery, subject, async () => {
      if (await isHeldBack(options, delivery, subject)) return;
      if (!(await isHeard(options, delivery, understood)))
        await grant(options, delivery, subject, wishes, reader);
    });
  } else if (understood.kind === "ignore") {
    if (!(await isHeard(options, delivery, understood)))
      await endRefused(options, delivery, understood.refusal, understood.reason);
  } else {
    await end(options, delivery, "failed", understood.reason);
  }
}

/** A person is answered: what they want is asked of the API, and its end comes with what they are told (N1). */
async function handleChat(options: InboxOptions, delivery: Delivery): Promise<void> {
  const { chats } = options;
  if (chats === undefined) {
    await end(options, delivery, "ignored", "there are no chats in the configuration");
    return;
  }
  const subject = chats.subject(delivery);
  await guarded(options, delivery, subject, async () => {
    if (!(await isHeldBack(options, delivery, subject))) await doAndConclude(options, chats, delivery);
  });
}

/** It was told before, and ends. */
async function isHeard(options: InboxOptions, delivery: Delivery, understood: Understood): Promise<boolean> {
  const before = await heardBefore(options.store, delivery, understood);
  if (before === null) return false;
  await end(options, delivery, "ignored", `delivery ${before} has told this already`);
  return true;
}

/** N2. */
async function isHeldBack(options: InboxOptions, delivery: Delivery, subject: string): Promise<boolean> {
  if (!(await options.store.deliveries.isBehind(delivery.id, subject))) return false;
  await putOff(options, delivery, subject, "an earlier delivery about the same thing waits", BEHIND_MS);
  return true;
}

/** N3. */
async function guarded(
  options: InboxOptions,
  delivery: Delivery,
  subject: string,
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isFault = error instanceof StoreFault;
    // A full disk is everybody's trouble, and one more write cannot help.
    if (isFault && error.kind === "full") throw error;
    options.log.error({ event: "delivery.error", delivery: delivery.id, error: stackOf(error) });
    if (isFault)
      await tryLater(options, delivery, subject, { reason: `the store failed: ${error}`, afterMs: 0 });
    else await end(options, delivery, "failed", `it could not be handled: ${error}`);
  }
}

async function end(
  options: InboxOptions,
  delivery: Delivery,
  status: "ignored" | "failed",
  reason: string,
): Promise<void> {
  await endDelivery(options, delivery, { status, reason, task: null });
}

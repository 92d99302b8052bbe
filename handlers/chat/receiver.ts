/**
 * Takes updates of chats in: each is a delivery before it is confirmed, through the same intake as everybody's.
 *
 * R1. What is confirmed is on disk (I1), and a repetition of it is known.
 * R2. But for what a person waits for (a press, a command that the chat wants answered at once): that is confirmed
 *     after {@link CHAT_PRESS_MS} in any case, because chats then show an error and never repeat it. Storing goes on,
 *     and is tried again for {@link CHAT_LATE_MS}; only a daemon that dies within that time has forgotten it.
 */

import type { Ear, Update } from "../../chats/chat.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import { chatSource, type NewDelivery } from "../../workflow/delivery.ts";
import { CHAT_LATE_MS, CHAT_PRESS_MS, CHAT_UPDATE_BYTES_MAX } from "../../workflow/limits.ts";
import type { Receipt } from "../intake.ts";
import { digestOf, idText } from "../source.ts";

export type Taken =
  /** `late`: it is not stored yet (R2). */
  { readonly kind: "stored" | "late" | "overloaded" | "unavailable" | "too_large" };

export interface Receiver {
  /** Never rejects. */
  take(ear: Ear, update: Update): Promise<Taken>;
}

export interface ReceiverPorts {
  readonly record: (delivery: NewDelivery) => Promise<Receipt>;
  readonly clock: Clock;
  readonly log: Log;
}

const PAUSE_MS = 250;

export function createReceiver({ record, clock, log }: ReceiverPorts): Receiver {
  const store = async (delivery: NewDelivery): Promise<Taken> => {
    const receipt = await record(delivery);
    return { kind: receipt.kind === "recorded" ? "stored" : receipt.kind };
  };
  /** R2: goes on with it when nobody waits any more. */
  const insist = async (delivery: NewDelivery, first: Promise<Taken>): Promise<void> => {
    const end = clock.monotonic() + CHAT_LATE_MS;
    let taken = await first;
    while (taken.kind !== "stored" && clock.monotonic() < end) {
      await clock.sleep(PAUSE_MS);
      taken = await store(delivery);
    }
    const about = { source: delivery.source, update: delivery.deliveryId };
    if (taken.kind === "stored") log.warn({ event: "chat.late", ...about });
    else log.error({ event: "chat.lost", ...about, reason: taken.kind });
  };
  return {
    async take(ear, update): Promise<Taken> {
      const delivery = deliveryOf(ear.account, update);
      if (Buffer.byteLength(update.body) > CHAT_UPDATE_BYTES_MAX) {
        log.warn({ event: "chat.too_large", source: delivery.source, update: delivery.deliveryId });
        return { kind: "too_large" };
      }
      const storing = store(delivery);
      if (!isWaitedFor(ear, update)) return storing;
      const over = new AbortController();
      const late = clock.sleep(CHAT_PRESS_MS, over.signal).then((): Taken => ({ kind: "late" }));
      const taken = await Promise.race([storing, late]);
      over.abort();
      if (taken.kind === "late") void insist(delivery, storing);
      return taken;
    },
  };
}

/** The key is the same for every repetition; what the chat calls it may be anything. */
function deliveryOf(account: string, { id, event, body }: Update): NewDelivery {
  const source = chatSource(account);
  return {
    source,
    deliveryId: idText(id) ?? digestOf(`${source} ${id}`, Buffer.from(body)),
    headerId: null,
    event: idText(event) ?? "unknown",
    body,
  };
}

function isWaitedFor(ear: Ear, update: Update): boolean {
  try {
    const incoming = ear.decode(update);
    return incoming.kind === "press" || (incoming.kind === "text" && incoming.isCommand);
  } catch {
    // The inbox says what is wrong with it.
    return false;
  }
}

/** How the handling of a delivery from a chat is written down. */

import type { Store } from "../../store/store.ts";
import type { Clock } from "../../system/clock.ts";
import type { Log } from "../../system/log.ts";
import type { Delivery } from "../../workflow/delivery.ts";
import { REASON_CHARS_MAX } from "../../workflow/limits.ts";
import type { ChatActor } from "./actor.ts";

export interface ConcludePorts {
  readonly store: Pick<Store, "deliveries">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
}

/** @throws StoreFault when something cannot work just now; then it is handled again */
export async function doAndConclude(
  { store, clock, log }: ConcludePorts,
  chats: ChatActor,
  delivery: Delivery,
): Promise<void> {
  const { ending, after } = await chats.handle(delivery);
  // What is cut before it is redacted hides a secret.
  const whole = ending.reason === null ? null : log.redactor.redact(ending.reason);
  const reason = whole?.slice(0, REASON_CHARS_MAX).toWellFormed() ?? null;
  const told = { ...ending, reason };
  const { id } = delivery;
  // A notice that was given before is not given again; the delivery ends all the same.
  const isEnded =
    (await store.deliveries.conclude(id, told, clock.now())) ||
    (await store.deliveries.conclude(id, { ...told, notice: null }, clock.now()));
  if (!isEnded) return;
  if (ending.status === "processed")
    log.info({ event: "delivery.processed", delivery: id, tasks: ending.task === null ? [] : [ending.task] });
  else log.info({ event: "delivery.ignored", delivery: id, reason: reason ?? "" });
  after();
}

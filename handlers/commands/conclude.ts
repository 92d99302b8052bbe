/** How the handling of a delivery ends that asks for something besides changes of tasks. */

import type { Delivery } from "../../workflow/delivery.ts";
import { REASON_CHARS_MAX } from "../../workflow/limits.ts";
import type { Wish } from "../wish.ts";
import { type AsidePorts, doAside } from "./aside.ts";

/** @param asides what trusted people ask for; of several projects the first answers. @throws StoreFault */
export async function concludeAside(
  ports: Omit<AsidePorts, "api"> & { readonly api?: AsidePorts["api"] },
  delivery: Delivery,
  { intent, project }: Wish,
): Promise<void> {
  const { store, api, clock, log } = ports;
  if (intent.kind !== "aside" || api === undefined) {
    await store.deliveries.finish(delivery.id, "ignored", "nobody here answers comments", null, clock.now());
    return;
  }
  const { isDone, task, text } = await doAside({ store, api, clock, log }, intent, project);
  const reason = isDone ? null : text.slice(0, REASON_CHARS_MAX).toWellFormed();
  const status = isDone ? "processed" : "ignored";
  await store.deliveries.conclude(delivery.id, { status, reason, task, notice: null }, clock.now());
  if (isDone)
    log.info({ event: "delivery.processed", delivery: delivery.id, tasks: task === null ? [] : [task] });
  else log.info({ event: "delivery.ignored", delivery: delivery.id, reason: reason ?? "" });
}

/** Deliveries as the API shows them. Pure. */

import { z } from "@hono/zod-openapi";
import type { Delivery } from "../../../workflow/delivery.ts";
import { deliveryMoves } from "../../../workflow/states.ts";
import { count, iso, isoOrNull, maybeTime, time, words } from "../shapes.ts";

export const DeliveryView = z
  .object({
    id: z.int(),
    source: z.string(),
    delivery_id: z.string(),
    header_id: words,
    event: z.string(),
    status: z.enum(deliveryMoves.statuses),
    reason: words,
    task: words,
    tries: count,
    replay_of: z.int().nullable(),
    received_at: time,
    finished_at: maybeTime,
  })
  .openapi("Delivery");

export type DeliveryAnswer = z.infer<typeof DeliveryView>;

export const WholeDeliveryView = DeliveryView.extend({
  body: z.string().openapi({ description: "the request body, as it was signed" }),
}).openapi("DeliveryWithBody");

export function viewDelivery(delivery: Delivery): DeliveryAnswer {
  return {
    id: delivery.id,
    source: delivery.source,
    delivery_id: delivery.deliveryId,
    header_id: delivery.headerId,
    event: delivery.event,
    status: delivery.status,
    reason: delivery.reason,
    task: delivery.task,
    tries: delivery.tries,
    replay_of: delivery.replayOf,
    received_at: iso(delivery.receivedAt),
    finished_at: isoOrNull(delivery.finishedAt),
  };
}

/** Rows of deliveries. */

import type { Delivery } from "../../workflow/delivery.ts";
import { deliveryMoves } from "../../workflow/states.ts";
import type { Row } from "../engine/engine.ts";
import { decode, sourceOf } from "../engine/row.ts";

export function readDelivery(row: Row): Delivery {
  const columns = decode("deliveries", row);
  const { text, textOrNull, integer, integerOrNull } = columns;
  return {
    id: integer("id"),
    source: sourceOf(columns),
    deliveryId: text("delivery_id"),
    headerId: textOrNull("header_id"),
    event: text("event"),
    body: text("body"),
    status: columns.status("status", deliveryMoves.statuses),
    reason: textOrNull("reason"),
    task: textOrNull("task"),
    subject: textOrNull("subject"),
    tries: integer("tries"),
    notBefore: integer("not_before"),
    replayOf: integerOrNull("replay_of"),
    receivedAt: integer("received_at"),
    finishedAt: integerOrNull("finished_at"),
  };
}

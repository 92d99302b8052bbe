/**
 * Plane as a source of webhooks. Its delivery id is new for every retry of the same event, so the key of a delivery is
 * the digest of the body (v1, whose retries are byte-identical) or the event's own id in the body (v2, whose body
 * names the delivery, too).
 */

import { digestOf, hmacCheck, hmacHex, idText, type WebhookSource } from "../source.ts";
import { isV2 } from "./v2.ts";

/** @param secrets all that are in force, each with its `plane_wh_` prefix; a rotation has two. */
export function planeSource(secrets: readonly string[]): WebhookSource {
  const isGenuine = hmacCheck(secrets);
  return {
    name: "plane",
    path: "plane",
    verify: (raw, header) => isGenuine(raw, header("x-plane-signature") ?? ""),
    refuse: () => null,
    // The header is not signed and the body is, so the body's word counts.
    event: (header, payload) => idText(payload["event"]) ?? idText(header("x-plane-event")) ?? "",
    headerId: (header) => idText(header("x-plane-delivery")),
    deliveryId: (raw, _header, payload) => {
      const eventId = isV2(payload) ? idText(payload["event_id"]) : null;
      return eventId === null ? digestOf("plane", raw) : `event:${eventId}`;
    },
    isPing: () => false,
    headers: (raw, event, delivery) => ({
      "x-plane-event": event,
      "x-plane-delivery": delivery,
      "x-plane-signature": hmacHex(secrets, raw),
    }),
  };
}

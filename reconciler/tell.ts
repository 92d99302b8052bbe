/**
 * What was found out is told by the door through which webhooks come: as a delivery with the body that the webhook
 * would have had. So it has one meaning, is judged by who did it, is stored, listed and replayed like any other.
 *
 * T1. Its delivery id is made of the semantic key of the change, so it is stored once, however often it is found.
 * T2. What a webhook has told already is not told again; and where both come at the same moment, the inbox knows the
 *     second one by its key.
 */

import { createHash } from "node:crypto";
import { FOUND_OUT } from "../store/watch/changes.ts";
import type { Look, Step } from "./ports.ts";
import { DONE } from "./watcher.ts";

export interface Found {
  /** As the header of a webhook names it. */
  readonly event: string;
  /** The key by which handlers know the change. */
  readonly key: string;
  /** Keys that a webhook may have given the same change. */
  readonly alike?: readonly string[];
  /** Where the key does not tell it from its repetition, what does; it is then told though the key is known. */
  readonly occasion?: string;
  readonly body: object;
}

const ID = /^[\x21-\x7e]{1,200}$/;

export function deliveryIdOf({ key, occasion }: Pick<Found, "key" | "occasion">): string {
  const id = occasion === undefined ? key : `${key}:${occasion}`;
  return FOUND_OUT + (ID.test(id) ? id : createHash("sha256").update(id).digest("hex"));
}

export async function tell({ ports, place }: Pick<Look, "ports" | "place">, found: Found): Promise<Step> {
  const { store, record, log } = ports;
  const { source } = place;
  const { event, key, alike = [], occasion, body } = found;
  if (occasion === undefined && (await store.changes.isTold(source, [key, ...alike]))) return DONE;
  const deliveryId = deliveryIdOf(found);
  if ((await store.changes.stored(source, [deliveryId])).size > 0) return DONE;
  const delivery = { source, deliveryId, headerId: null, event, body: JSON.stringify(body) };
  const receipt = await record(delivery);
  if (receipt.kind !== "recorded")
    return { kind: "failed", reason: "what was found cannot be stored now", afterMs: 5_000, fault: "host" };
  log.info({ event: "reconcile.found", source, place: place.name, key });
  return DONE;
}

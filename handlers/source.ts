/**
 * How the requests of a source are proven genuine, and what its delivery id is worth. What its payloads mean, and all
 * else that a source brings, is in `kit.ts`.
 *
 * W1. A signature covers the raw bytes. Nothing is parsed before it was checked, and it is checked in constant time.
 * W2. The key of a delivery is the same for every repeat of it, and never random (I2).
 */

import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import type { Source } from "../workflow/delivery.ts";

/** A header of the request, by its lower-case name. */
export type Header = (name: string) => string | undefined;

/** A JSON object as it was sent; every value in it is still to be checked. */
export type Payload = Readonly<Record<string, unknown>>;

export interface WebhookSource {
  readonly name: Source;
  /** Its path below `/webhooks/`, such as `github` or `generic/ci`. */
  readonly path: string;
  verify(raw: Uint8Array, header: Header): boolean;
  /** Why a genuine request cannot be taken as it is (wrong content type), or `null`. */
  refuse(header: Header): string | null;
  event(header: Header, payload: Payload): string;
  /** The id header as it was sent, for the log. */
  headerId(header: Header): string | null;
  /** W2. */
  deliveryId(raw: Uint8Array, header: Header, payload: Payload): string;
  /** Whether this is only a test of the connection. */
  isPing(event: string): boolean;
  /** What its sender would say beside this body: signed with the first of the secrets. */
  headers(raw: Uint8Array, event: string, delivery: string): Readonly<Record<string, string>>;
}

/** An id or event name from outside: short, printable ASCII; everything else counts as missing. */
export function idText(value: unknown): string | null {
  return typeof value === "string" && /^[\x21-\x7e]{1,128}$/.test(value) ? value : null;
}

const SHA256_HEX = /^[0-9a-f]{64}$/i;

/**
 * A check of hex HMAC-SHA256 signatures against all secrets in force (during a rotation there are two).
 *
 * @param secrets empty ones are left out: they would accept what anybody can compute.
 */
export function hmacCheck(secrets: readonly string[]): (raw: Uint8Array, hex: string) => boolean {
  const keys: KeyObject[] = secrets
    .filter((secret) => secret !== "")
    .map((secret) => createSecretKey(Buffer.from(secret, "utf8")));
  return (raw, hex) => {
    if (!SHA256_HEX.test(hex)) return false;
    const given = Buffer.from(hex, "hex");
    let genuine = false;
    for (const key of keys) {
      // No early end: the time taken must not tell which secret matched.
      genuine = timingSafeEqual(createHmac("sha256", key).update(raw).digest(), given) || genuine;
    }
    return genuine;
  };
}

/** The signature that {@link hmacCheck} takes for genuine, of whoever sends with the first secret. */
export function hmacHex(secrets: readonly string[], raw: Uint8Array): string {
  return createHmac("sha256", secrets[0] ?? "")
    .update(raw)
    .digest("hex");
}

/** The key of a delivery whose sender gives no usable id: repeats have the same bytes. */
export function digestOf(source: string, raw: Uint8Array): string {
  const prefix = Buffer.from(`${source}\n`, "utf8");
  return `sha256:${hash("sha256", Buffer.concat([prefix, raw]), "hex")}`;
}

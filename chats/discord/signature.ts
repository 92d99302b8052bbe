/** Signatures of Discord's requests: Ed25519 over the timestamp and the raw body, by the application's key. Pure. */

import { createPublicKey, type KeyObject, verify } from "node:crypto";

/** What stands before the 32 bytes of an Ed25519 key in SubjectPublicKeyInfo. */
const SPKI_PREFIX = "302a300506032b6570032100";

/** @param hex 64 digits, as the application's page shows it; `null` where it is no key */
export function publicKeyOf(hex: string): KeyObject | null {
  if (!/^[0-9a-f]{64}$/i.test(hex)) return null;
  return createPublicKey({ key: Buffer.from(`${SPKI_PREFIX}${hex}`, "hex"), format: "der", type: "spki" });
}

/** @param signature 128 hex digits */
export function isSigned(key: KeyObject, timestamp: string, raw: Buffer, signature: string): boolean {
  if (!/^[0-9a-f]{128}$/i.test(signature)) return false;
  return verify(null, Buffer.concat([Buffer.from(timestamp), raw]), key, Buffer.from(signature, "hex"));
}

/** Signatures of Standard Webhooks, version 1 (github.com/standard-webhooks/standard-webhooks, spec 1.0). Pure. */

import { createHmac } from "node:crypto";

const PREFIX = "whsec_";
/** Of the key, once it is decoded. */
const KEY_BYTES_MIN = 24;
const KEY_BYTES_MAX = 64;

/** The key in a secret such as `whsec_MfKQ…`; `null` where it is none. */
export function keyOf(secret: string): Buffer | null {
  if (!secret.startsWith(PREFIX)) return null;
  const text = secret.slice(PREFIX.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, "base64");
  return key.length >= KEY_BYTES_MIN && key.length <= KEY_BYTES_MAX ? key : null;
}

/**
 * The headers of one attempt. With several secrets, while one is being exchanged, each has its signature.
 *
 * @param secrets of the form that {@link keyOf} takes
 * @param atMs calendar time of the attempt (ms)
 */
export function signatureHeaders(
  secrets: readonly string[],
  id: string,
  atMs: number,
  body: string,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const signed = secrets.flatMap((secret) => {
    const key = keyOf(secret);
    if (key === null) return [];
    return [`v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`];
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signed.join(" ") };
}

/** How a GitHub App says that it is itself: a token that it signs, good for some minutes. */

import { createPrivateKey, createSign, type KeyObject } from "node:crypto";

const SECOND = 1_000;
/** In the past, because GitHub's clock may be behind ours. */
const EARLY_S = 60;
/** GitHub takes ten minutes at most. */
const LIFE_S = 540;

/** @throws Error where it is no key; the message does not show it */
export function appKey(pem: string): KeyObject {
  try {
    // Written into one line of an environment, it has its line ends as two characters.
    return createPrivateKey(pem.replaceAll("\\n", "\n"));
  } catch {
    throw new Error("is no private key in PEM");
  }
}

export function isAppKey(pem: string): boolean {
  try {
    return appKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

/** @param id the App's id, or its client id @param now ms */
export function appToken(id: string, key: KeyObject, now: number): string {
  const at = Math.floor(now / SECOND);
  const said = [
    { alg: "RS256", typ: "JWT" },
    { iat: at - EARLY_S, exp: at + LIFE_S, iss: id },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  return `${said}.${createSign("RSA-SHA256").update(said).sign(key, "base64url")}`;
}

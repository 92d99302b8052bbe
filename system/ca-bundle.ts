/**
 * The certificates that this process trusts, as one text, for programs that know nothing of `NODE_EXTRA_CA_CERTS`.
 *
 * Node's own, the system's, and the extra ones of that variable: a program that is given a file of its own forgets what
 * it trusted by itself.
 */

import { getCACertificates } from "node:tls";

/** PEM, each certificate once. */
export function trustedCertificates(): string {
  const all = (["bundled", "system", "extra"] as const).flatMap((kind) => getCACertificates(kind));
  return `${[...new Set(all.map((certificate) => certificate.trim()))].join("\n")}\n`;
}

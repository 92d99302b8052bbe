/**
 * GitHub as a source of webhooks. `X-GitHub-Delivery` names the event and stays over redeliveries and over several
 * hooks, so it is the key; a missing or absurd one is replaced by the digest of the body.
 */

import { digestOf, type Header, hmacCheck, hmacHex, idText, type WebhookSource } from "../source.ts";

const PREFIX = "sha256=";

/** @param secrets all that are in force; a rotation has two. */
export function githubSource(secrets: readonly string[]): WebhookSource {
  const isGenuine = hmacCheck(secrets);
  const guid = (header: Header): string | null => idText(header("x-github-delivery"));
  return {
    name: "github",
    path: "github",
    verify: (raw, header) => {
      const signature = header("x-hub-signature-256") ?? "";
      return signature.startsWith(PREFIX) && isGenuine(raw, signature.slice(PREFIX.length));
    },
    refuse: (header) =>
      header("content-type")?.trim().toLowerCase().startsWith("application/x-www-form-urlencoded") === true
        ? "the hook sends forms: set its content type to application/json"
        : null,
    event: (header) => idText(header("x-github-event")) ?? "",
    headerId: guid,
    deliveryId: (raw, header) => guid(header) ?? digestOf("github", raw),
    isPing: (event) => event === "ping",
    headers: (raw, event, delivery) => ({
      "x-github-event": event,
      "x-github-delivery": delivery,
      "x-hub-signature-256": `${PREFIX}${hmacHex(secrets, raw)}`,
    }),
  };
}

/**
 * GitHub as a source of webhooks. `X-GitHub-Delivery` names the event and stays over redeliveries and over several
 * hooks, so it is the key; a missing or absurd one is replaced by the digest of the body.
 */

import type { Decoded } from "./decoded.ts";
import { decodeGithub } from "./github-events.ts";
import { digestOf, type Header, hmacCheck, idText, type OwnAccount, type WebhookSource } from "./source.ts";

export interface GithubSource {
  /** All that are in force; a rotation has two. */
  readonly secrets: readonly string[];
  readonly own: OwnAccount | null;
}

const PREFIX = "sha256=";

export function githubSource({ secrets, own }: GithubSource): WebhookSource {
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
    decode: (event, payload, projects): Decoded => decodeGithub(event, payload, { projects, own }),
  };
}

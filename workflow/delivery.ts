/** Deliveries: what came in, before anybody knows whether it means anything (DESIGN §1). */

import type { DeliveryStatus } from "./states.ts";

/** The names of sources, of kits that exist and of those that will (DESIGN §1). */
export const SOURCES = ["github", "gitea", "forgejo", "gitlab", "plane"] as const;

/** Where deliveries come from: a system that sends webhooks, or an account of a chat program (`Ear.account`). */
export type Source = (typeof SOURCES)[number] | ChatSource | `generic:${string}`;

export type ChatSource = `chat:${string}`;

/** @param account as the chat program's ear calls it */
export function chatSource(account: string): ChatSource {
  return `chat:${account}`;
}

/** Of the sources there are as many as the configuration names of these two kinds. */
export function isNamedSource(name: string): name is ChatSource | `generic:${string}` {
  return name.startsWith("chat:") || name.startsWith("generic:");
}

export interface NewDelivery {
  readonly source: Source;
  readonly deliveryId: string;
  readonly headerId: string | null;
  readonly event: string;
  readonly body: string;
  readonly replayOf?: number;
}

export interface Delivery {
  readonly id: number;
  readonly source: Source;
  /** What identifies the event: the forge's delivery id, or a digest where that id is worth nothing. */
  readonly deliveryId: string;
  /** The id header as it was sent, kept for the log. */
  readonly headerId: string | null;
  /** The event name header, such as `issues`. */
  readonly event: string;
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Why it was ignored or failed, or why it still waits. */
  readonly reason: string | null;
  /** The task it touched. */
  readonly task: string | null;
  /** What it is about, so that deliveries about one thing are handled in order; known once it had to wait. */
  readonly subject: string | null;
  /** How often handling it had to be put off, and until when (ms). */
  readonly tries: number;
  readonly notBefore: number;
  /** The delivery this one replays. */
  readonly replayOf: number | null;
  readonly receivedAt: number;
  readonly finishedAt: number | null;
}

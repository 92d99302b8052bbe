/** The kinds of channels, and the senders of those that are configured. A kind is a file here, and its lines. */

import { type ChatSettings, isChat, kindOf } from "../../chats/channels.ts";
import type { Log } from "../../system/log.ts";
import { type Channel, LOG_TARGET, type Sender } from "../ports.ts";
import { logChannel } from "./log.ts";
import { keyOf } from "./signature.ts";
import { type WebhookPorts, webhookChannel } from "./webhook.ts";

export const CHANNEL_KINDS = ["log", "webhook"] as const;

/** Whether a webhook can sign with it. */
export function isWebhookSecret(secret: string): boolean {
  return keyOf(secret) !== null;
}

/** A channel as the configuration has it. */
export type ChannelSettings =
  | { readonly channel: "log"; readonly projects: readonly string[] | null }
  | {
      readonly channel: "webhook";
      /** Unique; calls name it, also after a restart. */
      readonly name: string;
      readonly url: string;
      readonly secrets: readonly string[];
      readonly projects: readonly string[] | null;
    };

/** As calls name it. There is one log, and any number of webhooks. */
export function targetOf(settings: ChannelSettings): string {
  return settings.channel === "log" ? LOG_TARGET : `${settings.channel}:${settings.name}`;
}

export function channelsOf(all: readonly (ChannelSettings | ChatSettings)[]): readonly Channel[] {
  return all.map((settings) =>
    isChat(settings)
      ? { target: settings.key, projects: settings.projects, tells: tellsIn(settings) }
      : { target: targetOf(settings), projects: settings.projects },
  );
}

/** What a task wants is said beside its card, where a chat has one. */
const SAID_BY_CARDS: readonly string[] = ["task.failed", "task.stuck", "approval.asked", "question.asked"];

function tellsIn({ channel, cards, notices }: ChatSettings): NonNullable<Channel["tells"]> {
  const hasCards = cards !== "none" && kindOf(channel).hasCards;
  return (kind) =>
    (notices === null || notices.some((one) => one === kind)) && !(hasCards && SAID_BY_CARDS.includes(kind));
}

/** By target. The log is among them in any case. */
export function sendersOf(
  all: readonly (ChannelSettings | ChatSettings)[],
  ports: Omit<WebhookPorts, "redact"> & { readonly log: Log },
): ReadonlyMap<string, Sender> {
  const { log, ...net } = ports;
  const senders = new Map<string, Sender>([[LOG_TARGET, logChannel(log)]]);
  for (const settings of all)
    if (!isChat(settings) && settings.channel === "webhook")
      senders.set(targetOf(settings), webhookChannel(settings, { ...net, redact: log.redactor.redact }));
  return senders;
}

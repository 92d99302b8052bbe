/** Chats and ears as the configuration in force has them: made once for each, and anew when a chat has moved. */

import { createHash } from "node:crypto";
import { type ChatSettings, chatOf, earsOf, isChat } from "../../chats/channels.ts";
import type { Ear } from "../../chats/chat.ts";
import type { Net } from "../../chats/kind.ts";
import type { HeardChat } from "../../handlers/chat/ports.ts";
import type { ChatInForce } from "../../notifier/cards/ports.ts";
import type { Config } from "../config/config.ts";
import type { InForce } from "../config/in-force.ts";

export interface Made {
  settings(): readonly ChatSettings[];
  chats(): ReadonlyMap<string, ChatInForce>;
  /** By account. */
  ears(): ReadonlyMap<string, Ear>;
}

/** An ear whose entries are the same stays the same object. */
export function makeChats(
  inForce: Pick<InForce, "config">,
  net: Net,
  moved: ReadonlyMap<string, string>,
): Made {
  let chats: {
    readonly of: string;
    readonly of2: Config;
    readonly made: ReadonlyMap<string, ChatInForce>;
  } | null = null;
  let ears: { readonly of: Config; readonly made: ReadonlyMap<string, Ear> } | null = null;
  const kept = new Map<string, { readonly digest: string; readonly ear: Ear }>();
  const settings = (): readonly ChatSettings[] => inForce.config.notify.filter(isChat);
  return {
    settings,
    chats(): ReadonlyMap<string, ChatInForce> {
      const places = JSON.stringify([...moved]);
      if (chats?.of2 !== inForce.config || chats.of !== places) {
        const made = new Map(
          settings().map((one) => [one.key, inForceOf(one, moved.get(one.key) ?? null, net)]),
        );
        chats = { of: places, of2: inForce.config, made };
      }
      return chats.made;
    },
    ears(): ReadonlyMap<string, Ear> {
      if (ears?.of === inForce.config) return ears.made;
      const made = new Map<string, Ear>();
      for (const { ear, entries } of earsOf(settings(), net)) {
        const digest = entries.map(digestOf).join(" ");
        const before = kept.get(ear.account);
        const stays = before?.digest === digest ? before : { digest, ear };
        kept.set(ear.account, stays);
        made.set(ear.account, stays.ear);
      }
      ears = { of: inForce.config, made };
      return made;
    },
  };
}

function digestOf({ people, ...rest }: ChatSettings): string {
  const text = JSON.stringify({ ...rest, people: [...people] });
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Of where it is, whatever else changes: 16 characters. */
function placeDigest({ fields }: ChatSettings): string {
  return createHash("sha256")
    .update(String(fields["chat"] ?? ""))
    .digest("hex")
    .slice(0, 16);
}

function inForceOf(settings: ChatSettings, movedTo: string | null, net: Net): ChatInForce {
  const { projects, cards, phases, minNanos, bump, activityMs } = settings;
  return {
    chat: chatOf(settings, movedTo, net),
    digest: `${placeDigest(settings)}${digestOf(settings)}`,
    ...{ projects, cards, phases, minNanos, bump, activityMs },
  };
}

export function accountOf(entries: readonly ChatSettings[], key: string, net: Net): string {
  const own = entries.find((one) => one.key === key);
  return own === undefined ? "" : chatOf(own, null, net).account;
}

export function heardOf(settings: ChatSettings, moved: ReadonlyMap<string, string>, net: Net): HeardChat {
  const { key, people, projects, fields } = settings;
  const topic = fields["topic"];
  return {
    key,
    people,
    projects,
    account: chatOf(settings, null, net).account,
    place: moved.get(key) ?? String(fields["chat"] ?? ""),
    topic: topic === undefined ? null : String(topic),
  };
}

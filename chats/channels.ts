/** All kinds of chats. A new one is a folder with its kind, and a line here; nobody else names it. */

import type { NoticeKind } from "../workflow/outbox.ts";
import type { Chat, Ear } from "./chat.ts";
import { DISCORD } from "./discord/discord.ts";
import { EMAIL } from "./email/email.ts";
import type { ChatKind, Net } from "./kind.ts";
import { NTFY } from "./ntfy/ntfy.ts";
import { SLACK } from "./slack/slack.ts";
import { TELEGRAM } from "./telegram/telegram.ts";

/** Its settings come from its own `settings`: to whoever hands one kind's to another, the types say nothing. */
export type AnyKind = ChatKind<unknown>;

export const CHAT_KINDS = [TELEGRAM, SLACK, DISCORD, NTFY, EMAIL] as readonly AnyKind[];

/** Once a day, or a week on Monday, at a time (`08:00`) by the clock of a zone. */
export interface DigestSetting {
  readonly every: "day" | "week";
  readonly at: string;
  readonly timezone: string;
}

/** A chat as the configuration has it. */
export interface ChatSettings {
  /** A name of {@link CHAT_KINDS}. */
  readonly channel: string;
  /** Unique among all, and stored with every message: `telegram:team`. */
  readonly key: string;
  readonly name: string;
  /** `null` for those of every project. */
  readonly projects: readonly string[] | null;
  /** Who may ask for something there: by their id, how histories call them. */
  readonly people: ReadonlyMap<string, string>;
  /** Of which tasks it has cards. */
  readonly cards: "all" | "asked" | "failed" | "none";
  /** Only of tasks that have come to one of these phases; `null` for all. */
  readonly phases: readonly string[] | null;
  /** Only of tasks that have cost so much (nano-dollars). */
  readonly minNanos: number;
  /** Whether a card comes last in its chat once more when it wants a person or ends. */
  readonly bump: boolean;
  /** How often (ms) what an agent does is drawn anew; `null` for never. */
  readonly activityMs: number | null;
  /** Which notices are told; `null` for all. */
  readonly notices: readonly NoticeKind[] | null;
  /** When it is told what the time has brought; `null` for never. */
  readonly digest: DigestSetting | null;
  readonly pace: number;
  /** As its kind understands it. */
  readonly own: unknown;
  /** The keys as they are written, but for secrets: to be made anew with another `chat`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Of the channels of the configuration, those that are chats. */
export function isChat(settings: object): settings is ChatSettings {
  return "own" in settings;
}

export function kindOf(channel: string): AnyKind {
  const kind = CHAT_KINDS.find(({ name }) => name === channel);
  if (kind === undefined) throw new Error(`there is no chat of the kind ${channel}`);
  return kind;
}

/** @param movedTo the id that it has now, where it is another than the configuration says */
export function chatOf(settings: ChatSettings, movedTo: string | null, net: Net): Chat {
  const kind = kindOf(settings.channel);
  return kind.chat(settings, ownOf(settings, movedTo), net);
}

function ownOf({ channel, own, fields }: ChatSettings, movedTo: string | null): unknown {
  return movedTo === null ? own : kindOf(channel).settings({ ...fields, chat: movedTo });
}

/** Those who hear, one per account. */
export function earsOf(
  all: readonly ChatSettings[],
  net: Net,
): readonly { readonly ear: Ear; readonly entries: readonly ChatSettings[] }[] {
  const accounts = new Map<string, ChatSettings[]>();
  for (const settings of all) {
    const { account } = chatOf(settings, null, net);
    accounts.set(account, [...(accounts.get(account) ?? []), settings]);
  }
  return [...accounts.values()].flatMap((entries) => {
    const [first] = entries;
    const ear = first === undefined ? null : kindOf(first.channel).ear(entries, net);
    return ear === null ? [] : [{ ear, entries }];
  });
}

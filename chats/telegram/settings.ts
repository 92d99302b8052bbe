/** What an entry of a Telegram chat says under `notify:`. */

import { z } from "zod";
import { serviceUrl } from "../../system/config/values.ts";
import type { EntryFault } from "../kind.ts";

export interface TelegramSettings {
  readonly token: string;
  /** A number, or `@name`; always text. */
  readonly chat: string;
  /** `message_thread_id`; `null` for the chat as a whole, or its General topic. */
  readonly topic: number | null;
  /** Set: heard by requests with it. `null`: heard by asking. */
  readonly webhookSecret: string | null;
  /** Where the Bot API is, without a slash at its end. */
  readonly api: string;
}

const CHAT = "must be the chat's id, such as -1001234567890, or @name";

export const KEYS = {
  token: z
    .string()
    .regex(/^\d{1,20}:[\w-]{10,256}$/, "must be a token from @BotFather, such as 123456:ABC-DEF…")
    .optional()
    .describe("the bot's token, from @BotFather"),
  chat: z
    .union(
      [
        z.int().refine((id) => id !== 0, CHAT),
        z.string().regex(/^(-?[1-9]\d{0,15}|@[A-Za-z]\w{3,31})$/, CHAT),
      ],
      CHAT,
    )
    .optional()
    .describe("the chat, by its id or its @name"),
  topic: z
    .int()
    .min(1)
    .max(2 ** 31 - 1)
    .optional()
    .describe("the topic of a chat that has topics; left out, it is the topic General"),
  webhook_secret: z
    .string()
    .regex(/^[\w-]{16,256}$/, "must be 16 to 256 of A-Z, a-z, 0-9, _ and -")
    .optional()
    .describe("what Telegram sends along as secret_token; without it the bot is asked for updates"),
  api: serviceUrl.optional().describe("where the Bot API is, for a server of one's own"),
} satisfies Readonly<Record<string, z.ZodType>>;

export const API = "https://api.telegram.org";

const SHAPE = z.object(KEYS);

/** @throws Error of fields that {@link KEYS} have not read, or without those that are required */
export function settingsOf(fields: Readonly<Record<string, unknown>>): TelegramSettings {
  const { token, chat, topic = null, webhook_secret: webhookSecret = null, api = API } = SHAPE.parse(fields);
  if (token === undefined || chat === undefined) throw new Error("a Telegram chat needs token and chat");
  return { token, chat: String(chat), topic, webhookSecret, api };
}

/** The General topic is addressed by naming none, and only supergroups (and private chats) have others. */
export function rulesOf({ chat, topic }: Readonly<Record<string, unknown>>): readonly EntryFault[] {
  if (topic === undefined) return [];
  if (topic === 1)
    return [{ key: "topic", message: "is the topic General, which is meant where no topic is named" }];
  return /^-(?!100\d)/.test(String(chat))
    ? [{ key: "topic", message: "is of a group without topics; those that have them begin with -100" }]
    : [];
}

/** Chats of one bot share its limits. The id is the part of the token that is no secret. */
export function accountOf({ token }: TelegramSettings): string {
  return `telegram:${token.slice(0, token.indexOf(":"))}`;
}

/** As the Bot API takes it. */
export function chatId(chat: string): number | string {
  return chat.startsWith("@") ? chat : Number(chat);
}

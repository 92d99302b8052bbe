/** Telegram as a kind of chat. */

import type { Trouble } from "../chat.ts";
import type { ChatKind } from "../kind.ts";
import { telegramChat } from "./chat.ts";
import { telegramCall } from "./client.ts";
import { telegramEar } from "./ear.ts";
import { KEYS, rulesOf, settingsOf, type TelegramSettings } from "./settings.ts";
import { troubleOf } from "./trouble.ts";

export const TELEGRAM: ChatKind<TelegramSettings> = {
  name: "telegram",
  hasCards: true,
  keys: KEYS,
  required: ["token", "chat"],
  secrets: ["token", "webhook_secret"],
  rules: rulesOf,
  settings: settingsOf,
  chat: telegramChat,
  /** By the chat itself: a bot that is not in it is not told of it. */
  async reach(own, http): Promise<Trouble | null> {
    const called = await telegramCall(own, http)("getChat", { chat_id: own.chat });
    return called.kind === "ok" ? null : troubleOf(called, true);
  },
  ear: telegramEar,
};

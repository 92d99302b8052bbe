/** Telegram as a kind of chat. */

import type { ChatKind } from "../kind.ts";
import { telegramChat } from "./chat.ts";
import { telegramEar } from "./ear.ts";
import { KEYS, rulesOf, settingsOf, type TelegramSettings } from "./settings.ts";

export const TELEGRAM: ChatKind<TelegramSettings> = {
  name: "telegram",
  hasCards: true,
  keys: KEYS,
  required: ["token", "chat"],
  secrets: ["token", "webhook_secret"],
  rules: rulesOf,
  settings: settingsOf,
  chat: telegramChat,
  ear: telegramEar,
};

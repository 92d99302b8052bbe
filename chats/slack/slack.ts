/** Slack as a kind of chat. */

import type { ChatKind } from "../kind.ts";
import { slackChat } from "./chat.ts";
import { slackEar } from "./ear.ts";
import { KEYS, rulesOf, type Slack, settingsOf } from "./settings.ts";

export const SLACK: ChatKind<Slack> = {
  name: "slack",
  hasCards: true,
  keys: KEYS,
  required: ["token", "chat"],
  secrets: ["token", "signing_secret", "app_token"],
  rules: rulesOf,
  settings: settingsOf,
  chat: slackChat,
  ear: (entries, net) =>
    slackEar(
      entries.map(({ own }) => own),
      net,
    ),
};

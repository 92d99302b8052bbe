/** Slack as a kind of chat. */

import type { Trouble } from "../chat.ts";
import type { ChatKind } from "../kind.ts";
import { slackApi } from "./api.ts";
import { slackChat } from "./chat.ts";
import { slackEar } from "./ear.ts";
import { troubleOf } from "./errors.ts";
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
  /** By the token alone: to look at a channel takes a scope that nothing else needs. */
  async reach({ api, token }, http): Promise<Trouble | null> {
    const reply = await slackApi(http, api, token).read("auth.test", {});
    return reply.kind === "ok" ? null : troubleOf(reply, true);
  },
  ear: (entries, net) =>
    slackEar(
      entries.map(({ own }) => own),
      net,
    ),
};

/** How chats fare, for people. */

import { type ChatSettings, chatOf } from "../../chats/channels.ts";
import type { Net } from "../../chats/kind.ts";
import type { ShownChat } from "../../handlers/api/base.ts";
import type { EarTrouble } from "../../handlers/chat/listen.ts";
import type { ChatTrouble } from "../../notifier/cards/rests.ts";
import type { ChatState } from "../../workflow/chat/message.ts";
import type { Made } from "./made.ts";

/** An account that hears nothing concerns all its chats. */
export function heardTroubles(troubles: readonly EarTrouble[], made: Made, net: Net): readonly ChatTrouble[] {
  return troubles.flatMap(({ account, since, reason, remedy }) =>
    made
      .settings()
      .filter((one) => chatOf(one, null, net).account === account)
      .map(({ key }) => ({ chat: key, since, until: null, reason: `nothing is heard: ${reason}`, remedy })),
  );
}

export function shownChats(
  settings: readonly ChatSettings[],
  states: readonly ChatState[],
  troubles: readonly ChatTrouble[],
): readonly ShownChat[] {
  return settings.map(({ key }) => {
    const state = states.find(({ chat }) => chat === key);
    const isClosed = state !== undefined && state.closedAt !== null;
    const closed = isClosed
      ? {
          since: state.closedAt ?? 0,
          until: state.retryAt,
          reason: state.reason ?? "closed",
          remedy: state.remedy,
        }
      : null;
    const trouble = closed ?? troubles.find(({ chat }) => chat === key) ?? null;
    return {
      chat: key,
      status: isClosed ? "closed" : trouble === null ? "well" : "troubled",
      since: trouble?.since ?? null,
      until: trouble?.until ?? null,
      reason: trouble?.reason ?? null,
      remedy: trouble?.remedy ?? null,
    };
  });
}

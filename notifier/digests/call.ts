/** A digest as a call of the outbox, between whoever sums up and whoever sends (`notifier/cards/sender.ts`). Pure. */

import type { Message } from "../../chats/chat.ts";
import { isMessage } from "../../chats/reply.ts";
import type { NewCall, OutboxCall } from "../../workflow/outbox.ts";

export const DIGEST_KIND = "chat.digest";

/** @param chat key of the chat */
export function digestCall(chat: string, message: Message): NewCall {
  return { target: chat, kind: DIGEST_KIND, payload: { message } };
}

/** `null` for a call that is none. */
export function digestOf({
  kind,
  payload: { message },
}: Pick<OutboxCall, "kind" | "payload">): Message | null {
  return kind === DIGEST_KIND && isMessage(message) ? message : null;
}

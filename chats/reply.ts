/**
 * What is said in a chat to somebody who has said or pressed something: a call of the outbox, from whoever answers to
 * whoever sends. It is written down with what it answers, so it is said once, also after a crash.
 */

import type { NewCall, OutboxCall } from "../workflow/outbox.ts";
import type { Message } from "./chat.ts";

/** The kind of such a call; its target is the {@link Chat.key} of the chat. */
export const REPLY_KIND = "chat.reply";

export interface Reply {
  readonly message: Message;
  /** Id of the message that it answers; `null` where there is none. */
  readonly replyTo: string | null;
  /** Seen by whoever asked alone, where the chat can do that. */
  readonly isPrivate: boolean;
  /** Id of the delivery that it answers, whose body has what the chat wants to be answered with. */
  readonly delivery: number;
  /** Goes into the ledger with the message, so that what is answered to it is understood. */
  readonly task: string | null;
  readonly purpose: string;
}

/** @param chat key of the chat */
export function replyCall(chat: string, reply: Reply): NewCall {
  return { target: chat, kind: REPLY_KIND, payload: { ...reply } };
}

/** `null` for a call that is none. What stands in the rows of the outbox was made by {@link replyCall}. */
export function replyOf({ kind, payload }: Pick<OutboxCall, "kind" | "payload">): Reply | null {
  if (kind !== REPLY_KIND) return null;
  const { message, replyTo, isPrivate, delivery, task, purpose } = payload;
  if (!isMessage(message) || typeof delivery !== "number" || typeof purpose !== "string") return null;
  return {
    message,
    replyTo: typeof replyTo === "string" ? replyTo : null,
    isPrivate: isPrivate === true,
    delivery,
    task: typeof task === "string" ? task : null,
    purpose,
  };
}

/** What stands in the rows of the outbox was made by our own. */
export function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  return "lines" in value && Array.isArray(value.lines) && "buttons" in value && Array.isArray(value.buttons);
}

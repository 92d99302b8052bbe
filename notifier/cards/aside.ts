/**
 * Answers that are for one person's eyes, or that somebody waits for. They go the way that the chat program has for it,
 * which is none of the chat's own: it takes no turn there, and stands in no ledger.
 */

import type { Chat, Ear, Message, Update } from "../../chats/chat.ts";
import { type Reply, replyOf } from "../../chats/reply.ts";
import type { Store } from "../../store/store.ts";
import { chatSource } from "../../workflow/delivery.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import type { Sent } from "../ports.ts";

const LATER_MS = 5_000;

/** What a call answers, where its chat program can answer it. */
export interface Asked {
  readonly reply: Reply;
  readonly update: Update;
  readonly answer: NonNullable<Ear["answer"]>;
}

/** `null` for what is no answer, or answers what is not there any more. */
export async function askedBy(
  store: Pick<Store, "deliveries">,
  ears: ReadonlyMap<string, Ear>,
  { account }: Chat,
  call: OutboxCall,
): Promise<Asked | null> {
  const [reply, answer] = [replyOf(call), ears.get(account)?.answer ?? null];
  if (reply === null || answer === null) return null;
  const delivery = await store.deliveries.get(reply.delivery);
  if (delivery === null || delivery.source !== chatSource(account)) return null;
  const { deliveryId: id, event, body } = delivery;
  return { reply, answer, update: { id, event, body } };
}

/** `null` where it has to be said to all. */
export async function sayAside({ reply, update, answer }: Asked, message: Message): Promise<Sent | null> {
  if (!reply.isPrivate) return null;
  const end = await answer(update, message);
  if (end === "never") return null;
  return end === "given" ? { kind: "sent" } : later("who asked was not answered yet");
}

/** It was said to all: who asked need not wait. */
export async function endWaiting({ update, answer }: Asked): Promise<Sent> {
  return (await answer(update, null)) === "later" ? later("who asked still waits") : { kind: "sent" };
}

function later(reason: string): Sent {
  return { kind: "failed", fault: "call", reason, afterMs: LATER_MS };
}

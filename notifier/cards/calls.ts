/**
 * Calls to a chat with what follows from each in the ledger. What a call may end with is a closed list
 * (`chats/chat.ts`), and every end of it is written down here, and nowhere else.
 *
 * Q1. A row stands before its message is sent (M1 of `workflow/chat/message.ts`).
 * Q2. Nothing is repeated here. What is to be tried again is still wanted at the next look.
 */

import { createHash } from "node:crypto";
import type { Chat, Rendered } from "../../chats/chat.ts";
import type { ChatMessage, MessagePurpose } from "../../workflow/chat/message.ts";
import { type CallPorts, noteNewest, type Outcome, trouble, wentWell } from "./ends.ts";
import type { Way } from "./pacer.ts";

export interface NewSend {
  readonly task: string | null;
  readonly purpose: MessagePurpose;
  readonly about: string;
  readonly token: string;
  readonly rendered: Rendered;
  readonly isPlain: boolean;
  readonly isSilent: boolean;
  readonly replaces: ChatMessage | null;
  readonly replyTo?: string;
  /** What is meant by an answer to it. */
  readonly meaning?: string;
}

/** First after a send whose end nobody saw: the chat may still be busy with it. */
const LOOK_AFTER_MS = 2_000;
/** Before a message that could not be taken away is tried again: doubled each time. */
const AGAIN_BASE_MS = 30_000;
const AGAIN_CAP_MS = 6 * 60 * 60_000;
/** Looked for in vain: then it counts as never arrived. */
const LOOKS_MAX = 6;

export function digestOf({ body }: Rendered): string {
  return createHash("sha256").update(body).digest("hex");
}

/** The call passes once its row is written, and so begins at that very moment: a disk may take its time. */
export async function sendMessage(ports: CallPorts, chat: Chat, send: NewSend, way: Way): Promise<Outcome> {
  const { store, clock, newest, inHand } = ports;
  const { task, purpose, about, token, rendered, isPlain, isSilent, replaces, replyTo, meaning } = send;
  const after = newest.get(chat.key) ?? null;
  const answers = { replyTo: replyTo ?? null, meaning: meaning ?? null };
  const row = {
    ...{ chat: chat.key, task, purpose, about, token, isPlain, after },
    ...answers,
    replaces: replaces?.id ?? null,
  };
  const id = await store.messages.begin(row, clock.now());
  if (id === null) return "taken";
  inHand.add(id);
  try {
    if (!(await way.pass(false))) {
      await store.messages.end(id, "the daemon ended before it was sent", clock.now());
      return "later";
    }
    const sent = await chat.send(rendered, { token, isSilent, ...(replyTo !== undefined && { replyTo }) });
    if (sent.kind === "sent") {
      await noteNewest(ports, chat, sent.id);
      await store.messages.arrived(id, sent.id, digestOf(rendered), clock.now());
      wentWell(ports, chat, sent.restMs);
      return "done";
    }
    if (sent.kind === "unsure") {
      await store.messages.lost(id, sent.reason, clock.now() + LOOK_AFTER_MS);
      ports.rests.failed(chat, sent.reason);
      return "later";
    }
    await store.messages.end(id, sent.kind === "moved" ? "the chat has moved" : sent.reason, clock.now());
    // Where not even plain text can be read, there is nothing left to try.
    const isHopeless = sent.kind === "unreadable" && isPlain;
    return await trouble(ports, chat, isHopeless ? { kind: "refused", reason: sent.reason } : sent);
  } finally {
    inHand.delete(id);
  }
}

/** `gone` ends the row, so that another takes its place. */
export async function editMessage(
  ports: CallPorts,
  chat: Chat,
  row: ChatMessage,
  rendered: Rendered,
): Promise<Outcome> {
  const { store, clock } = ports;
  if (row.remote === null) return "later";
  const edited = await chat.edit(row.remote, rendered);
  switch (edited.kind) {
    case "edited":
      await store.messages.edited(row.id, digestOf(rendered), clock.now());
      wentWell(ports, chat, edited.restMs);
      return "done";
    case "gone":
      await store.messages.end(row.id, "somebody has deleted it, or it can be edited no more", clock.now());
      wentWell(ports, chat, undefined);
      return "done";
    case "unreadable":
      if (row.isPlain) return await trouble(ports, chat, { kind: "refused", reason: edited.reason });
      await store.messages.makePlain(row.id);
      return "unreadable";
    default:
      return trouble(ports, chat, edited);
  }
}

/** Takes away what leaves. What is too old for that is edited into `pointer`. */
export async function removeMessage(
  ports: CallPorts,
  chat: Chat,
  row: ChatMessage,
  pointer: Rendered,
  way: Way,
): Promise<Outcome> {
  const { store, clock } = ports;
  if (row.remote === null) {
    await store.messages.end(row.id, "it never had an id", clock.now());
    return "done";
  }
  if (!(await way.pass(false))) return "later";
  const removed = await chat.remove(row.remote);
  if (removed.kind === "removed") {
    await store.messages.end(row.id, null, clock.now());
    wentWell(ports, chat, removed.restMs);
    return "done";
  }
  if (removed.kind === "too_old") {
    if (!(await way.pass(true))) return "later";
    const edited = chat.hasCards ? await chat.edit(row.remote, pointer) : ({ kind: "gone" } as const);
    if (edited.kind === "edited" || edited.kind === "gone") {
      await store.messages.end(row.id, "too old to be deleted, it says that it is over", clock.now());
      return "done";
    }
    if (edited.kind === "refused" || edited.kind === "unreadable") {
      await store.messages.end(row.id, `too old to be deleted: ${edited.reason}`, clock.now());
      return "done";
    }
    await again(ports, row, "reason" in edited ? edited.reason : edited.kind);
    return trouble(ports, chat, edited);
  }
  if (removed.kind === "refused" || removed.kind === "unreadable") {
    await store.messages.end(row.id, removed.reason, clock.now());
    return "done";
  }
  await again(ports, row, "reason" in removed ? removed.reason : removed.kind);
  return trouble(ports, chat, removed);
}

/** Looks for a message of which nobody knows whether it has arrived. */
export async function findMessage(
  ports: CallPorts,
  chat: Chat,
  row: ChatMessage,
  rendered: Rendered,
  way: Way,
): Promise<Outcome> {
  const { store, clock, log, inHand } = ports;
  const { id, token, begunAt, after, replyTo, tries } = row;
  // What another entry of this place is just sending has no id yet, and could be taken for this one.
  if (inHand.size > 0) {
    await store.messages.putOff(id, null, clock.now() + LOOK_AFTER_MS, false);
    return "later";
  }
  const known = await knownIds(ports, chat);
  if (!(await way.pass(true))) return "later";
  const found = await chat.find({
    ...{ token, rendered, begunAt, after, known, tries },
    ...(replyTo !== null && { replyTo }),
  });
  switch (found.kind) {
    case "found":
      await noteNewest(ports, chat, found.id);
      // Somebody else has it: then it is not what was looked for, or looked for no more.
      if (!(await store.messages.arrived(id, found.id, null, clock.now())))
        await store.messages.end(id, "what was found is known as another", clock.now());
      wentWell(ports, chat, undefined);
      return "done";
    case "absent":
      await store.messages.end(id, "it never arrived", clock.now());
      return "done";
    case "looking":
      await store.messages.putOff(id, null, clock.now(), true);
      return "done";
    case "unknown":
      if (tries + 1 < LOOKS_MAX) {
        await store.messages.putOff(id, found.reason, clock.now() + laterBy(tries), true);
        return "later";
      }
      await store.messages.end(id, `${found.reason}; it counts as never arrived`, clock.now());
      log.warn({ event: "chat.lost", chat: chat.key, message: id, reason: found.reason });
      return "done";
    default:
      if (found.kind === "refused") await store.messages.end(id, found.reason, clock.now());
      // It was not looked for: where it would have been looked comes next time.
      else
        await store.messages.putOff(
          id,
          "reason" in found ? found.reason : null,
          clock.now() + AGAIN_BASE_MS,
          false,
        );
      return trouble(ports, chat, found);
  }
}

/** Of messages of ours, of every entry that shares this place: two topics, or two filters, are two. */
async function knownIds({ store, chats }: CallPorts, chat: Chat): Promise<ReadonlySet<string>> {
  const others = [...chats().values()].filter(
    ({ chat: { account, place } }) => place !== undefined && account === chat.account && place === chat.place,
  );
  const keys = new Set([chat.key, ...others.map(({ chat: { key } }) => key)]);
  const ids = await Promise.all([...keys].map((key) => store.messages.remotes(key)));
  return new Set(ids.flatMap((some) => [...some]));
}

async function again({ store, clock }: CallPorts, { id, tries }: ChatMessage, reason: string): Promise<void> {
  await store.messages.putOff(id, reason, clock.now() + laterBy(tries), true);
}

function laterBy(tries: number): number {
  return Math.min(AGAIN_CAP_MS, AGAIN_BASE_MS * 2 ** Math.min(20, tries));
}

/**
 * What is said in a chat besides cards: notices, answers to what somebody said, digests. They are calls of the outbox,
 * and so are said at least once; the ledger sees to it that they are seen once. What is for one person's eyes is said
 * aside, as long as that can be done.
 */

import type { Chat, Ear, Message } from "../../chats/chat.ts";
import { REPLY_KIND, replyOf } from "../../chats/reply.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import { messageOf } from "../channels/message.ts";
import { DIGEST_KIND, digestOf } from "../digests/call.ts";
import type { Sender, Sent } from "../ports.ts";
import { askedBy, endWaiting, sayAside } from "./aside.ts";
import { findMessage, sendMessage } from "./calls.ts";
import type { LanePorts } from "./lane.ts";
import { type Way, WEIGHTS } from "./pacer.ts";

/** Longer than this nobody waits for a chat's pace; the call is made later. */
const PATIENCE_MS = 15_000;
const LATER_MS = 5_000;

/** @param ears by account, as the configuration in force has them */
export function chatSender(
  ports: LanePorts,
  chat: Chat,
  ears: () => ReadonlyMap<string, Ear>,
  signal: AbortSignal,
): Sender {
  return {
    host: `chat ${chat.key}`,
    async send(call): Promise<Sent> {
      const said = saidBy(call, ports.redact);
      if (said === null) return { kind: "refused", reason: `nobody knows how to say a ${call.kind}` };
      const asked = await askedBy(ports.store, ears(), chat, call);
      const aside = asked === null ? null : await sayAside(asked, said.message);
      if (aside !== null) return aside;
      const sent = await sayToAll(ports, chat, call, said, signal);
      return asked !== null && sent.kind === "sent" ? await endWaiting(asked) : sent;
    },
  };
}

async function sayToAll(
  ports: LanePorts,
  chat: Chat,
  call: OutboxCall,
  said: Said,
  signal: AbortSignal,
): Promise<Sent> {
  const weight = call.kind === REPLY_KIND ? WEIGHTS.answer : WEIGHTS.notice;
  const isResting = (): boolean => ports.pacer.waitMs(chat) > PATIENCE_MS;
  // Nor for a turn: the outbox has other chats to call.
  if (isResting()) return RESTS;
  return await ports.pacer.turn(
    chat,
    weight,
    signal,
    async (way): Promise<Sent> => (isResting() ? RESTS : await say(ports, chat, call, said, way)),
  );
}

const RESTS: Sent = {
  ...{ kind: "failed", fault: "call", reason: "the chat rests" },
  ...{ afterMs: LATER_MS, neverSent: true },
};

interface Said {
  readonly message: Message;
  readonly purpose: "reply" | "notice" | "digest";
  readonly replyTo: string | null;
  /** The task that it is about, and what is meant by an answer to it. */
  readonly task: string | null;
  readonly meaning: string | null;
}

async function say(
  ports: LanePorts,
  chat: Chat,
  call: OutboxCall,
  { message, purpose, replyTo, task, meaning }: Said,
  way: Way,
): Promise<Sent> {
  const { store, chance } = ports;
  const about = `call ${call.id}`;
  const later: Sent = { kind: "failed", fault: "call", reason: "it was not said yet", afterMs: LATER_MS };
  const standing = await store.messages.standing(chat.key, about);
  if (standing?.status === "shown") return { kind: "sent" };
  if (standing !== null) {
    await findMessage(ports, chat, standing, chat.render(message, standing.token, standing.isPlain), way);
    return later;
  }
  for (const isPlain of [false, true]) {
    const token = chance.token().slice(0, 22);
    const rendered = chat.render(message, token, isPlain);
    const send = {
      ...{ task, purpose, about, token, rendered },
      ...{ isPlain, isSilent: purpose === "digest", replaces: null },
      ...(replyTo !== null && { replyTo }),
      ...(meaning !== null && { meaning }),
    };
    const outcome = await sendMessage(ports, chat, send, way);
    if (outcome === "done") return { kind: "sent" };
    if (outcome === "refused") return { kind: "refused", reason: "the chat does not take it" };
    if (outcome !== "unreadable") return later;
  }
  return { kind: "refused", reason: "the chat can read neither our markup nor plain text" };
}

function saidBy(call: OutboxCall, redact: (text: string) => string): Said | null {
  if (call.kind === REPLY_KIND) {
    const reply = replyOf(call);
    if (reply === null) return null;
    const { message, replyTo, task, purpose: meaning } = reply;
    return { message, purpose: "reply", replyTo, task, meaning };
  }
  if (call.kind === DIGEST_KIND) {
    const digest = digestOf(call);
    if (digest === null) return null;
    return { message: digest, purpose: "digest", replyTo: null, task: null, meaning: null };
  }
  const { message, title, reason, remedy, subject } = messageOf(call, redact);
  const name = subject.kind === "task" ? `${subject.name}  ` : "";
  const lines = [
    { weight: 100, pieces: [{ text: `${name}${message}`, as: "bold" as const }] },
    ...(title === null ? [] : [{ weight: 60, pieces: [{ text: title }] }]),
    ...(reason === null ? [] : [{ weight: 80, pieces: [{ text: reason }] }]),
    ...(remedy === null ? [] : [{ weight: 70, pieces: [{ text: `→ ${remedy}`, as: "quiet" as const }] }]),
  ];
  const task = subject.kind === "task" ? subject.name : null;
  return { message: { lines, buttons: [] }, purpose: "notice", replyTo: null, task, meaning: null };
}

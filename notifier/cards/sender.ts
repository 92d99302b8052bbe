/**
 * What is said in a chat besides cards: notices, answers to what somebody said, digests. They are calls of the outbox,
 * and so are said at least once; the ledger sees to it that they are seen once.
 */

import { z } from "zod";
import type { Chat, Message } from "../../chats/chat.ts";
import type { OutboxCall } from "../../workflow/outbox.ts";
import { messageOf } from "../channels/message.ts";
import type { Sender, Sent } from "../ports.ts";
import { findMessage, sendMessage } from "./calls.ts";
import type { LanePorts } from "./lane.ts";
import { type Way, WEIGHTS } from "./pacer.ts";

/** The kind of calls that say what the payload has as a message. */
export const REPLY_KIND = "chat.reply";
export const DIGEST_KIND = "chat.digest";

/** Longer than this nobody waits for a chat's pace; the call is made later. */
const PATIENCE_MS = 15_000;
const LATER_MS = 5_000;
const LINES_MAX = 200;

const piece = z.union([
  z.object({ text: z.string(), href: z.string() }),
  z.object({ text: z.string(), as: z.enum(["bold", "code", "quiet"]).optional() }),
  z.object({ time: z.number(), as: z.enum(["since", "at"]) }),
]);
const ReplyPayload = z.object({
  message: z.object({
    lines: z
      .array(z.object({ pieces: z.array(piece), weight: z.number(), isQuote: z.literal(true).optional() }))
      .max(LINES_MAX),
    buttons: z.array(
      z.array(
        z.object({
          label: z.string(),
          action: z.string(),
          tone: z.enum(["good", "bad"]).optional(),
          asks: z.string().optional(),
        }),
      ),
    ),
  }),
  reply_to: z.string().nullable().default(null),
});

export function chatSender(ports: LanePorts, chat: Chat, signal: AbortSignal): Sender {
  return {
    host: `chat ${chat.key}`,
    async send(call): Promise<Sent> {
      const said = saidBy(call, ports.redact);
      if (said === null) return { kind: "refused", reason: `nobody knows how to say a ${call.kind}` };
      const weight = call.kind === REPLY_KIND ? WEIGHTS.answer : WEIGHTS.notice;
      return await ports.pacer.turn(chat, weight, signal, async (way): Promise<Sent> => {
        if (ports.pacer.waitMs(chat) > PATIENCE_MS)
          return {
            kind: "failed",
            fault: "call",
            reason: "the chat rests",
            afterMs: LATER_MS,
            neverSent: true,
          };
        return await say(ports, chat, call, said, way);
      });
    },
  };
}

interface Said {
  readonly message: Message;
  readonly purpose: "reply" | "notice" | "digest";
  readonly replyTo: string | null;
}

async function say(
  ports: LanePorts,
  chat: Chat,
  call: OutboxCall,
  { message, purpose, replyTo }: Said,
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
      ...{ task: call.subject.kind === "task" ? call.subject.name : null, purpose, about, token, rendered },
      ...{ isPlain, isSilent: purpose === "digest", replaces: null },
      ...(replyTo !== null && { replyTo }),
    };
    const outcome = await sendMessage(ports, chat, send, way);
    if (outcome === "done") return { kind: "sent" };
    if (outcome === "refused") return { kind: "refused", reason: "the chat does not take it" };
    if (outcome !== "unreadable") return later;
  }
  return { kind: "refused", reason: "the chat can read neither our markup nor plain text" };
}

function saidBy(call: OutboxCall, redact: (text: string) => string): Said | null {
  if (call.kind === REPLY_KIND || call.kind === DIGEST_KIND) {
    const read = ReplyPayload.safeParse(call.payload);
    if (!read.success) return null;
    const { message, reply_to: replyTo } = read.data;
    return { message: message as Message, purpose: call.kind === REPLY_KIND ? "reply" : "digest", replyTo };
  }
  const { message, title, reason, remedy, subject } = messageOf(call, redact);
  const name = subject.kind === "task" ? `${subject.name}  ` : "";
  const lines = [
    { weight: 100, pieces: [{ text: `${name}${message}`, as: "bold" as const }] },
    ...(title === null ? [] : [{ weight: 60, pieces: [{ text: title }] }]),
    ...(reason === null ? [] : [{ weight: 80, pieces: [{ text: reason }] }]),
    ...(remedy === null ? [] : [{ weight: 70, pieces: [{ text: `→ ${remedy}`, as: "quiet" as const }] }]),
  ];
  return { message: { lines, buttons: [] }, purpose: "notice", replyTo: null };
}

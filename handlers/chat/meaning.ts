/** What somebody in a chat means: where it was said, what it answers, and what is wanted. */

import type { Incoming } from "../../chats/chat.ts";
import { CHAT_SURE_MS } from "../../workflow/limits.ts";
import { boundTo, type Meant, meantBy, meantByReply } from "./buttons.ts";
import { beginsWithCommand, type Parsed, parseCommand } from "./command.ts";
import type { ChatPorts, HeardChat, KnownMessage } from "./ports.ts";
import type { Wanted } from "./wanted.ts";

/** Somebody has said or pressed something. */
export type Said = Extract<Incoming, { kind: "press" | "text" }>;

/**
 * A topic belongs to the chat that names it, and to those that name none. First come those among whose people is who
 * has said it.
 */
export function chatsAt({ chats }: ChatPorts, account: string, incoming: Said): readonly HeardChat[] {
  const here = placedAt(chats(), account, incoming);
  const isKnown = ({ people }: HeardChat): boolean => people.has(incoming.person.id);
  return [...here.filter(isKnown), ...here.filter((one) => !isKnown(one))];
}

function placedAt(all: readonly HeardChat[], account: string, incoming: Said): readonly HeardChat[] {
  const here = all.filter((one) => one.account === account && one.place === incoming.chat);
  if (incoming.kind === "press") return here;
  const own = here.filter(({ topic }) => topic !== null && topic === incoming.topic);
  return own.length > 0 ? own : here.filter(({ topic }) => topic === null);
}

/** `null` for whatever is no code. */
export function linkCode(incoming: Said): string | null {
  if (incoming.kind === "press") return null;
  const parsed = parse(incoming, null);
  return parsed.kind === "command" && parsed.command.kind === "link" ? parsed.command.code : null;
}

/** The message that was pressed or answered; of several chats in one place it is one's. */
export async function messageIn(
  { ledger }: ChatPorts,
  here: readonly HeardChat[],
  first: HeardChat,
  incoming: Said,
): Promise<{ readonly chat: HeardChat; readonly known: KnownMessage | null }> {
  const id = incoming.kind === "press" ? null : incoming.replyTo;
  for (const chat of here) {
    const by = incoming.kind === "press" ? { token: incoming.token } : id === null ? null : { id };
    const known = by === null ? null : await ledger.find(chat.key, by);
    if (known !== null) return { chat, known };
  }
  return { chat: first, known: null };
}

function parse({ text, isCommand, isToUs }: Extract<Said, { kind: "text" }>, task: string | null): Parsed {
  const isNamed = isToUs === true && beginsWithCommand(text);
  return parseCommand(isNamed ? `/${text}` : text, isCommand, task);
}

const UNKNOWN = "this message is not known here any more";

/** Whoever answers a message means what that is about, which is nothing so large. */
function isEverything(wanted: Wanted): boolean {
  return (wanted.kind === "pause" || wanted.kind === "resume") && wanted.what === null;
}

/** `null` for what is said to nobody here (T4 of `actor.ts`). @param now ms */
export function meaning(incoming: Said, known: KnownMessage | null, now: number): Meant | null {
  const task = known?.task ?? null;
  if (incoming.kind === "press") {
    if (known === null) return { kind: "wrong", reason: UNKNOWN };
    const meant = meantBy(incoming.action, incoming.text, task);
    const isSure = meant.kind === "wanted" && meant.wanted.kind === "stopall" && meant.wanted.isSure;
    return isSure && now - known.sentAt > CHAT_SURE_MS
      ? { kind: "wrong", reason: "this was asked too long ago; say /stopall again" }
      : meant;
  }
  const parsed = parse(incoming, task);
  if (parsed.kind === "command") {
    const isLost = incoming.replyTo !== null && known === null;
    return isLost && isEverything(parsed.command)
      ? { kind: "wrong", reason: `${UNKNOWN}: name the task or project, or say it without answering` }
      : { kind: "wanted", wanted: known === null ? parsed.command : boundTo(known, parsed.command) };
  }
  if (parsed.kind === "wrong") return parsed;
  return known === null || known.isGone || task === null
    ? null
    : meantByReply(known.purpose, incoming.text, task);
}

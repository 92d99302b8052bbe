/**
 * A message on trial: whether a chat can be spoken in, as a person who sets it up wants to know at once. It goes past
 * the outbox, which would try it for days, but through the pacer and into the ledger like everything that is sent.
 *
 * V1. It is over within {@link TRIAL_MS}. What had not begun by then is not sent; what had is written down by its end.
 * V2. What it shows of the chat counts: a closed one that takes it is open, an open one that does not is closed.
 */

import type { Chat, Message, Sent } from "../../chats/chat.ts";
import type { Tried } from "../channels/trial.ts";
import { findMessage, type NewSend, sendMessage } from "./calls.ts";
import type { LanePorts } from "./lane.ts";
import { type Way, WEIGHTS } from "./pacer.ts";

export const TRIAL_MS = 20_000;
/** With markup, without it, and each where the chat has moved to. */
const SENDS_MAX = 4;

/**
 * @param key a chat of the configuration in force, as it names it
 * @throws StoreFault
 */
export async function tryChat(ports: LanePorts, key: string, signal: AbortSignal): Promise<Tried> {
  const { pacer, clock } = ports;
  const chat = chatIn(ports, key);
  if (chat === null) return GONE;
  const restMs = pacer.waitMs(chat);
  if (restMs > TRIAL_MS) return limited("the chat has asked for patience", clock.now() + restMs);
  const late = new AbortController();
  const begun = { value: false };
  const either = AbortSignal.any([signal, late.signal]);
  const tried = pacer.turn(chat, WEIGHTS.answer, either, async (way) => {
    begun.value = true;
    return await trySends(ports, key, way);
  });
  const over = new AbortController();
  try {
    return await Promise.race([
      tried,
      clock.sleep(TRIAL_MS, over.signal).then(() => {
        late.abort();
        return begun.value ? NO_END : TOO_BUSY;
      }),
    ]);
  } finally {
    over.abort();
  }
}

function chatIn({ chats }: LanePorts, key: string): Chat | null {
  return chats().get(key)?.chat ?? null;
}

async function trySends(ports: LanePorts, key: string, way: Way): Promise<Tried> {
  let isPlain = false;
  for (let sends = 0; sends < SENDS_MAX; sends += 1) {
    const chat = chatIn(ports, key);
    if (chat === null) return GONE;
    const { send, message } = newTrial(ports, chat, isPlain);
    const { watched, met } = watching(chat);
    await sendMessage(ports, watched, send, way);
    const sent = met();
    if (sent === null) return TOO_BUSY;
    if (sent.kind === "unreadable" && !isPlain) isPlain = true;
    else if (sent.kind === "unsure")
      return await lookFor(ports, chat, { ...send, message }, sent.reason, way);
    else if (sent.kind !== "moved") return await judge(ports, chat, sent);
  }
  return refused("the chat can read neither our markup nor plain text, or moves on and on", null);
}

async function judge(
  { store, clock }: LanePorts,
  { key }: Chat,
  sent: Exclude<Sent, { kind: "unsure" | "moved" }>,
): Promise<Tried> {
  switch (sent.kind) {
    case "sent":
      await store.chats.open(key);
      return arrived(sent.id);
    case "limited":
      return limited(sent.reason, clock.now() + sent.afterMs);
    case "closed":
      return refused(sent.reason, sent.remedy);
    case "unreachable":
      return { ...NOTHING, outcome: "unreachable", reason: sent.reason };
    case "unreadable":
    case "refused":
      return refused(sent.reason, null);
    default:
      return sent satisfies never;
  }
}

/** Nobody has seen the end of the sending. It is looked for once; what is then not known is told as it is. */
async function lookFor(
  ports: LanePorts,
  chat: Chat,
  { about, token, isPlain, message }: NewSend & { readonly message: Message },
  reason: string,
  way: Way,
): Promise<Tried> {
  const { store, clock } = ports;
  const row = await store.messages.standing(chat.key, about);
  if (row === null) return { ...NO_END, reason };
  await findMessage(ports, chat, row, chat.render(message, token, isPlain), way);
  const found = await store.messages.find({ token });
  if (found?.status === "shown" && found.remote !== null) {
    await store.chats.open(chat.key);
    return arrived(found.remote);
  }
  const isAbsent = found?.status === "gone";
  // Nobody sends it again, so nobody else would look for it.
  if (!isAbsent) await store.messages.end(row.id, `${reason}; nobody looks for it any more`, clock.now());
  const told = isAbsent ? "it did not arrive" : "look into the chat: it may have arrived";
  return { ...NO_END, reason: `${reason}; ${told}` };
}

function newTrial({ chance, clock }: LanePorts, chat: Chat, isPlain: boolean): Trial {
  const token = chance.token().slice(0, 22);
  const message = trialMessage(chat.hasCards, clock.now());
  const rendered = chat.render(message, token, isPlain);
  const about = `trial ${token}`;
  const more = { isPlain, isSilent: false, replaces: null } as const;
  return { message, send: { task: null, purpose: "notice", about, token, rendered, ...more } };
}

interface Trial {
  readonly send: NewSend;
  readonly message: Message;
}

/** What is sent: where the chat has cards, what looks like one. Pure. */
export function trialMessage(hasCards: boolean, now: number): Message {
  const head = {
    weight: 100,
    pieces: [{ text: "🔔 " }, { text: "A test of chargehand", as: "bold" }],
  } as const;
  const asked = {
    weight: 90,
    pieces: [{ text: "asked for · " }, { time: now, as: "since" }],
  } as const;
  const end = {
    weight: 80,
    pieces: [{ text: "What wants somebody is told here. Nothing is to be done.", as: "quiet" }],
  } as const;
  const card = {
    weight: 70,
    pieces: [
      { text: "✓ ", as: "quiet" },
      { text: "send", as: "code" },
      { text: " · a card looks like this" },
    ],
  } as const;
  return { lines: hasCards ? [head, asked, card, end] : [head, end], buttons: [] };
}

/** The same chat, with what the last send of it has met. */
function watching(chat: Chat): { readonly watched: Chat; readonly met: () => Sent | null } {
  const last: { sent: Sent | null } = { sent: null };
  const watched: Chat = {
    ...chat,
    async send(rendered, options): Promise<Sent> {
      last.sent = await chat.send(rendered, options);
      return last.sent;
    },
  };
  return { watched, met: () => last.sent };
}

const NOTHING = { id: null, until: null, reason: null, remedy: null } as const;
const TOO_BUSY: Tried = {
  ...NOTHING,
  outcome: "limited",
  reason: "its turn did not come in time: the chat is busy, or asks for patience",
  remedy: "try it again in a minute",
};
const NO_END: Tried = {
  ...NOTHING,
  outcome: "unsure",
  reason: "nothing was heard of its end in time",
  remedy: "look into the chat: it may have arrived",
};
const GONE: Tried = {
  ...NOTHING,
  outcome: "refused",
  reason: "it is in the configuration no more",
};

function arrived(id: string): Tried {
  return { ...NOTHING, outcome: "arrived", id };
}

function limited(reason: string, until: number): Tried {
  return { ...NOTHING, outcome: "limited", reason, until };
}

function refused(reason: string, remedy: string | null): Tried {
  return { ...NOTHING, outcome: "refused", reason, remedy };
}

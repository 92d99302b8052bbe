/**
 * One chat: brings what is shown there to what should be, a call at a time.
 *
 * S1. Level-triggered: each step looks at what is stored, makes at most one call, and looks again. Many changes between
 *     two calls are one; what is drawn is what is true when the chat's pace allows the call, not when it changed.
 * S2. A card whose drawing equals what is shown costs no call.
 * S3. First what nobody knows the end of, then what wants a person, then what has moved, then what an agent does, and
 *     last what is over and only has to be taken away.
 * S4. Nobody waits for a chat's pace with its turn in hand: answers and notices that come meanwhile are first.
 */

import { createHash } from "node:crypto";
import type { Chat } from "../../chats/chat.ts";
import type { Card, ChatMessage } from "../../workflow/chat/message.ts";
import type { WideHold } from "../../workflow/hold.ts";
import { editMessage, findMessage, type NewSend, removeMessage, sendMessage } from "./calls.ts";
import type { Outcome } from "./ends.ts";
import { type Looked, lookAt, overMessage, renderOf } from "./look.ts";
import { type Way, WEIGHTS } from "./pacer.ts";
import type { Action, Wanted } from "./plan.ts";
import type { CardPorts, ChatInForce } from "./ports.ts";
import type { Rests } from "./rests.ts";

export interface LanePorts extends CardPorts {
  readonly rests: Rests;
  readonly newest: Map<string, string>;
  readonly inHand: Set<number>;
}

/** Cards that are looked at in one go before the loop lets others in. */
const CARDS_AT_ONCE = 20;
/** What is over is taken away before cards only once it has waited so long. */
const OVER_MS = 3_000;
/** A card that was sent anew so often within the span is left alone for it: somebody keeps deleting it. */
const RESENT_MAX = 3;
const RESENT_SPAN_MS = 60 * 60_000;
/** A card that the chat refuses is tried again when it has changed, and not before this. */
const REFUSED_MS = 5 * 60_000;

/** How long (ms) until time alone brings something to do; 0 when there is more to do at once. */
export type Step = (inForce: ChatInForce, signal: AbortSignal) => Promise<number>;

export function createLane(ports: LanePorts): Step {
  /** By `about`: sent without markup, because the chat could not read ours. */
  const plain = new Set<string>();
  const resent = new Map<string, readonly number[]>();
  const { store, clock, pacer } = ports;
  let thoroughAt = Number.NEGATIVE_INFINITY;
  const isThorough = (at: number): boolean => {
    const isTime = at - thoroughAt >= THOROUGH_MS;
    if (isTime) thoroughAt = at;
    return isTime;
  };
  return async (inForce, signal) => {
    const { chat } = inForce;
    const closedMs = await prepare(ports, inForce, isThorough);
    if (closedMs > 0) return closedMs;
    if (restMs(ports, chat) > 0) return restMs(ports, chat);
    if (!(await isAnythingDue(ports, inForce))) return await nextDueMs(ports, chat.key);
    return await pacer.turn(chat, WEIGHTS.card, signal, async (way) => {
      // Somebody may have called it while this waited for the turn.
      if (restMs(ports, chat) > 0) return restMs(ports, chat);
      const [first] = await store.messages.due(chat.key, clock.now(), 1);
      const isUrgent = first?.status === "unknown" || (first?.dueAt ?? clock.now()) <= clock.now() - OVER_MS;
      if (!isUrgent && (await tendCards({ ports, inForce, plain, resent }, way))) return 0;
      if (first === undefined) return await nextDueMs(ports, chat.key);
      await tendMessage(ports, chat, first, { plain, way });
      return 0;
    });
  };
}

/** For how long (ms) no call may be made. */
function restMs({ pacer, rests }: LanePorts, chat: Chat): number {
  return Math.max(pacer.waitMs(chat), rests.waitMs(chat));
}

/**
 * Brings new tasks to the chat, and draws all anew where something has changed that concerns many.
 *
 * @returns for how long (ms) it is closed
 */
async function prepare(
  { store, clock, rests, moved, newest, inHand }: LanePorts,
  inForce: ChatInForce,
  isThorough: (at: number) => boolean,
): Promise<number> {
  const { chat, projects, cards } = inForce;
  const known = (await store.chats.all()).find((one) => one.chat === chat.key);
  const isSame = known?.settings === inForce.digest;
  if (!isSame) {
    await store.chats.configure(chat.key, inForce.digest, clock.now());
    const now = (await store.chats.all()).find((one) => one.chat === chat.key);
    newest.delete(chat.key);
    // Whoever names another place does not mean where the one before has moved to: the chat has to be made anew.
    if (now?.movedTo === null && moved.delete(chat.key)) return 1;
  }
  // Whoever has heard that it moved has written it down: ids of the old place say nothing of the new one.
  if (isSame && known.newest === null) newest.delete(chat.key);
  if (isSame && known.closedAt !== null) rests.isClosed(chat);
  if (isSame && known.closedAt !== null && (known.retryAt ?? 0) > clock.now())
    return (known.retryAt ?? 0) - clock.now();
  if (cards === "none" || !chat.hasCards) return 0;
  const isTime = isThorough(clock.monotonic());
  // What was being sent when a fault came between, has nobody who waits for it.
  if (isTime) await store.messages.loseOthers([...inHand], clock.now());
  const wide = wideDigest(await store.holds.wide());
  if (wide !== (isSame ? known.wide : "")) await store.chats.renew(chat.key, wide);
  await store.cards.adopt(chat.key, projects, isTime);
  return 0;
}

/** Of what lies on many tasks: a change of it may change every card. */
function wideDigest(holds: readonly WideHold[]): string {
  const told = holds.map(({ scope, subject, kind, until, reason }) =>
    [scope, subject, kind, until, reason].join(" "),
  );
  return createHash("sha256").update(told.sort().join("\n")).digest("hex").slice(0, 16);
}

function activeBefore({ clock }: LanePorts, { activityMs }: ChatInForce): number {
  return activityMs === null ? -1 : clock.now() - activityMs;
}

async function isAnythingDue(ports: LanePorts, inForce: ChatInForce): Promise<boolean> {
  const { store, clock } = ports;
  const { key } = inForce.chat;
  if ((await store.messages.due(key, clock.now(), 1)).length > 0) return true;
  return (await store.cards.due(key, clock.now(), activeBefore(ports, inForce), 1)).length > 0;
}

const NEVER_MS = 60_000;
const THOROUGH_MS = 30_000;

async function nextDueMs({ store, clock }: LanePorts, key: string): Promise<number> {
  const dues = [await store.messages.nextDue(key, clock.now()), await store.cards.nextDue(key, clock.now())];
  return Math.min(NEVER_MS, ...dues.map((due) => (due === null ? NEVER_MS : Math.max(0, due - clock.now()))));
}

/** A message that is in between, or is over. */
async function tendMessage(
  ports: LanePorts,
  chat: Chat,
  row: ChatMessage,
  { plain, way }: { readonly plain: ReadonlySet<string>; readonly way: Way },
): Promise<void> {
  const over = renderOf(chat, overMessage(row), row, plain);
  if (row.status === "unknown") await findMessage(ports, chat, row, over, way);
  else await removeMessage(ports, chat, row, over, way);
}

interface Tending {
  readonly ports: LanePorts;
  readonly inForce: ChatInForce;
  readonly plain: Set<string>;
  readonly resent: Map<string, readonly number[]>;
}

/** Looks at cards until one of them needs a call. @returns whether there is more to do */
async function tendCards(tending: Tending, way: Way): Promise<boolean> {
  const { ports, inForce, plain } = tending;
  const { store, clock } = ports;
  const { chat } = inForce;
  const due = await store.cards.due(chat.key, clock.now(), activeBefore(ports, inForce), CARDS_AT_ONCE);
  for (const card of due) {
    const looked = await lookAt(ports, inForce, card, plain);
    if (looked === null) continue;
    if (looked.action.do !== "edit" || (await way.pass(true))) await act(tending, card, looked, way);
    return true;
  }
  return due.length === CARDS_AT_ONCE;
}

async function act(
  { ports, inForce: { chat }, plain, resent }: Tending,
  card: Card,
  { action, shown }: Looked,
  way: Way,
): Promise<void> {
  const { store, clock } = ports;
  const outcome = await perform(ports, chat, card, action, { plain, way });
  if (action.do === "send" && action.replaces === null && outcome === "done")
    await noteSent(ports, card, action.wanted, resent);
  // What moves a card down does so once.
  if (action.do === "send" && action.replaces !== null && outcome === "done")
    await store.cards.drawn(
      card,
      { seen: "", seenActive: null, isAsked: false, isSettled: false, state: shown.state },
      clock.now(),
    );
  if (outcome === "unreadable" && action.do === "send") plain.add(action.wanted.about);
  if (outcome === "refused") {
    const drawn = { seen: card.mark, seenActive: card.active, isAsked: shown.ask !== null };
    await store.cards.drawn(card, { ...drawn, isSettled: false, state: shown.state }, clock.now());
    await store.cards.putOff(card, clock.now() + REFUSED_MS);
  }
}

async function perform(
  ports: LanePorts,
  chat: Chat,
  card: Card,
  action: Action,
  { plain, way }: { readonly plain: ReadonlySet<string>; readonly way: Way },
): Promise<Outcome> {
  const { store, clock, chance } = ports;
  switch (action.do) {
    case "send": {
      const { wanted, replaces } = action;
      const token = chance.token().slice(0, 22);
      const isPlain = plain.has(wanted.about);
      const rendered = renderOf(chat, wanted.message, { token, about: wanted.about, isPlain }, plain);
      const send: NewSend = {
        ...{ task: card.task, purpose: wanted.purpose, about: wanted.about },
        ...{ token, rendered, isPlain, replaces },
        isSilent: wanted.purpose === "card",
      };
      return await sendMessage(ports, chat, send, way);
    }
    case "edit":
      return await editMessage(ports, chat, action.row, action.rendered);
    case "leave":
      await store.messages.leave(action.row.id, clock.now());
      return "done";
    default:
      return "later";
  }
}

/** Somebody may delete a card as often as it is sent. */
async function noteSent(
  { store, clock }: LanePorts,
  card: Card,
  { about }: Wanted,
  resent: Map<string, readonly number[]>,
): Promise<void> {
  const since = clock.monotonic() - RESENT_SPAN_MS;
  const times = [...(resent.get(about) ?? []).filter((at) => at > since), clock.monotonic()];
  resent.set(about, times);
  for (const [other, sent] of resent) if ((sent.at(-1) ?? since) <= since) resent.delete(other);
  if (times.length > RESENT_MAX) await store.cards.putOff(card, clock.now() + RESENT_SPAN_MS);
}

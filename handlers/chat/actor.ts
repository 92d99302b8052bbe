/**
 * Does what comes from chats: who says it there, what they want, and what they are told.
 *
 * T1. Known by their id, in the chat that the configuration names: nobody else changes anything, whatever they are
 *     called. A stranger who asks for something is told so once, and is written down.
 * T2. One effect per update (I2): what is asked for has the update's key, and what is told is written in one
 *     transaction with the delivery's end. Killed anywhere, it is done again and finds what was done.
 * T3. No secret is told (I12): whatever is answered passes the redactor.
 * T4. What is said to nobody here (talk in a group, another chat) has no answer.
 */

import type { Ear, Person, Update } from "../../chats/chat.ts";
import { replyCall } from "../../chats/reply.ts";
import type { Ending } from "../../store/deliveries.ts";
import { chatSource, type Delivery } from "../../workflow/delivery.ts";
import { STRANGERS_TOLD_MAX } from "../../workflow/limits.ts";
import type { NewCall } from "../../workflow/outbox.ts";
import { nameText } from "../outside-text.ts";
import { act } from "./acts/acts.ts";
import type { Hand } from "./acts/hand.ts";
import { taskOutside } from "./acts/within.ts";
import { apiFor } from "./api.ts";
import { type Aside, createAside } from "./aside.ts";
import type { Meant } from "./buttons.ts";
import { chatsAt, linkCode, meaning, messageIn, type Said } from "./meaning.ts";
import type { ChatPorts, HeardChat, KnownMessage } from "./ports.ts";
import { asksFor, forChat, line, REPLY, refused, shortened, type Told, told } from "./told.ts";

export interface ChatActor {
  /** What it is about, so that one chat is heard in order. Pure. */
  subject(delivery: Delivery): string;
  /** @throws StoreFault when something cannot work just now; then it is handled again */
  handle(delivery: Delivery): Promise<Handled>;
}

export interface Handled {
  readonly ending: Ending;
  /** What may follow when that is written, and is lost with the daemon. */
  after(): void;
}

/** Somebody has said or pressed something, in a chat of the configuration. */
interface Case {
  readonly delivery: Delivery;
  readonly update: Update;
  readonly ear: Ear;
  readonly incoming: Said;
  readonly chat: HeardChat;
  readonly aside: Aside;
}

export function createActor(ports: ChatPorts): ChatActor {
  const aside = createAside(ports);
  return {
    subject: (delivery) => {
      const [ear, update] = heard(ports, delivery);
      const incoming = ear?.decode(update);
      return incoming !== undefined && "chat" in incoming
        ? `${delivery.source} ${incoming.chat}`
        : delivery.source;
    },
    handle: async (delivery) => {
      const [ear, update] = heard(ports, delivery);
      if (ear === undefined) return ignored("nobody listens to this account any more");
      await ear.prepare?.(update);
      const incoming = ear.decode(update);
      switch (incoming.kind) {
        case "nothing":
          return ignored(incoming.reason);
        case "moved":
          await ports.ledger.moved(ear.account, incoming.chat, incoming.to);
          return processed();
        case "access":
          await ports.ledger.access(ear.account, incoming.chat, incoming.isOpen, incoming.reason);
          return processed();
        default:
          return hear(ports, { delivery, update, ear, incoming, aside });
      }
    },
  };
}

/** What `store/deliveries.ts` adds to the name of a replay; more than once where a replay was replayed. */
const REPLAYED = /(?:#replay-[\w-]+)+$/;

/** The update as it came, also of a replay: so that what it had for an effect is had once. */
function heard({ ears }: ChatPorts, delivery: Delivery): readonly [ear: Ear | undefined, update: Update] {
  const { source, deliveryId, event, body, replayOf } = delivery;
  const id = replayOf === null ? deliveryId : deliveryId.replace(REPLAYED, "");
  const ear = [...ears().values()].find(({ account }) => chatSource(account) === source);
  return [ear, { id, event, body }];
}

async function hear(ports: ChatPorts, from: Omit<Case, "chat">): Promise<Handled> {
  const { ear, incoming } = from;
  const here = chatsAt(ports, ear.account, incoming);
  const [first] = here;
  const code = linkCode(incoming);
  if (code !== null) return link(ports, from, first, code);
  if (first === undefined)
    return unanswered(from, `chat ${nameText(incoming.chat)} is not in the configuration`);
  const { chat, known } = await messageIn(ports, here, first, incoming);
  const one: Case = { ...from, chat };
  const name = chat.people.get(incoming.person.id);
  const meant = meaning(incoming, known, ports.clock.now());
  if (meant === null) return unanswered(from, "it was said to nobody here");
  if (name === undefined) return stranger(ports, one);
  return said(ports, one, await answer(ports, one, name, meant, known));
}

/** Whoever has the code shows themselves by it, wherever they are; to a stranger nothing else is said than to all. */
async function link(
  ports: ChatPorts,
  one: Omit<Case, "chat">,
  chat: HeardChat | undefined,
  code: string,
): Promise<Handled> {
  const { person, chat: place, ...where } = one.incoming;
  const topic = "topic" in where ? where.topic : null;
  const result = ports.links.offer(one.ear.account, code, { chat: place, topic, person });
  if (chat === undefined) return unanswered(one, `a code for linking: ${result}`);
  if (result === "linked")
    return said(ports, { ...one, chat }, told([line("Seen. The ids are shown where the code was.")], null));
  if (!chat.people.has(person.id)) return stranger(ports, { ...one, chat });
  return said(
    ports,
    { ...one, chat },
    refused("this code is good for nothing; ask for another: chargehand chat link", null),
  );
}

async function answer(
  ports: ChatPorts,
  { ear, update, chat }: Case,
  name: string,
  meant: Meant,
  known: KnownMessage | null,
): Promise<Told> {
  const task = known?.task ?? null;
  if (meant.kind === "wrong") return refused(meant.reason, task);
  const asker = { by: { kind: "chat", name }, key: `${chatSource(ear.account)}:${update.id}` } as const;
  const { store, clock, projects } = ports;
  const hand: Hand = {
    ...{ api: apiFor(ports.api, asker), asker, update: update.id, store, clock, projects },
    within: chat.projects,
  };
  if (meant.kind === "ask")
    return (await taskOutside(hand, meant.task)) ?? asksFor(meant.what, meant.task, meant.purpose);
  const { wanted } = meant;
  return wanted.kind === "link" ? refused("a code stands alone", task) : act(hand, wanted);
}

/**
 * T1, once per person and chat; of a crowd only some are told. Where they can be told alone, nothing is said to all,
 * and they are told again when they ask again.
 */
async function stranger(ports: ChatPorts, one: Case): Promise<Handled> {
  const { incoming, chat, ear, aside } = one;
  const { id } = incoming.person;
  const reason = `${personText(ports, incoming.person)} is not one of the people of ${chat.key}`;
  const sentence = `You are not among the people who may ask for something here. Your id is ${id}.`;
  const subject = { kind: "source", name: chatSource(ear.account) } as const;
  const kind = "chat.stranger";
  const since = ports.clock.now() - DAY_MS;
  const isCrowd = (await ports.store.events.count(subject, kind, since)) >= STRANGERS_TOLD_MAX;
  const event = { kind, key: `stranger ${chat.key} ${nameText(id)}`, data: dataOf(ports, one) };
  const words = told([line(sentence)], null);
  const calls = ear.answer === null && incoming.kind === "text" ? [replyTo(ports, one, words, true)] : [];
  const notice = isCrowd ? null : { subject, event, calls };
  return {
    ending: { status: "ignored", reason, task: null, notice },
    after: () => aside.tell(one, words.message, words.short),
  };
}

/** T4. Whoever sees that an answer is awaited waits for none. */
function unanswered({ aside, ...from }: Omit<Case, "chat">, reason: string): Handled {
  const { incoming } = from;
  const isAwaited = incoming.kind === "text" && incoming.isCommand;
  return { ...ignored(reason), after: () => (isAwaited ? aside.tell(from, null, null) : undefined) };
}

const DAY_MS = 86_400_000;

/** What was done and told, written down with whoever asked. */
function said(ports: ChatPorts, one: Case, answered: Told): Handled {
  const { incoming, delivery, ear } = one;
  const isPress = incoming.kind === "press";
  const isOwn = !answered.isDone || (incoming.kind === "text" && incoming.isCommand && !answered.isShown);
  // What is answered in its turn, or pressed, has to stand in the chat.
  const isPrivate = isOwn && answered.purpose === REPLY;
  const isNeeded = !(isPress && answered.isDone && answered.isShown);
  const subject = { kind: "source", name: chatSource(ear.account) } as const;
  const short = shortened(answered.short, ports.log.redactor.redact);
  const data = { ...dataOf(ports, one), told: short, done: answered.isDone };
  const event = { kind: "chat.answered", key: `answered ${delivery.deliveryId}`, data };
  const calls = isNeeded ? [replyTo(ports, one, answered, isPrivate)] : [];
  const { task } = answered;
  const notice = { subject, event, calls };
  const ending: Ending = answered.isDone
    ? { status: "processed", reason: null, task, notice }
    : { status: "ignored", reason: short, task, notice };
  const isSaidAside = isPrivate && isNeeded && ear.answer !== null;
  return { ending, after: () => acknowledge(ports, one, isSaidAside ? null : answered.short) };
}

/** T3. */
function replyTo({ log }: ChatPorts, one: Case, answered: Told, isPrivate: boolean): NewCall {
  const { incoming, chat, delivery } = one;
  const { task, purpose, isAlone } = answered;
  const message = forChat(answered.message, log.redactor.redact);
  const replyTo = isAlone ? null : incoming.message;
  const reply = { message, replyTo, isPrivate, delivery: delivery.id, task, purpose };
  return replyCall(chat.key, reply);
}

/** Nobody waits for it, and it is no harm where it does not arrive. */
function acknowledge({ log }: ChatPorts, { ear, update, incoming }: Case, text: string | null): void {
  if (incoming.kind !== "press") return;
  const failed = (error: unknown): void => {
    const reason = log.redactor.redact(String(error));
    log.warn({ event: "chat.unacknowledged", account: ear.account, reason });
  };
  ear.acknowledge(update, text === null ? null : shortened(text, log.redactor.redact)).catch(failed);
}

function dataOf({ log }: ChatPorts, { incoming, chat, delivery }: Case): Readonly<Record<string, unknown>> {
  const { id, name } = incoming.person;
  return {
    chat: chat.key,
    person: nameText(id),
    name: nameText(log.redactor.redact(name)),
    delivery: delivery.id,
  };
}

function personText({ log }: ChatPorts, { id, name }: Person): string {
  return `${nameText(id)} (${nameText(log.redactor.redact(name))})`;
}

function ignored(reason: string): Handled {
  return { ending: { status: "ignored", reason, task: null, notice: null }, after: () => undefined };
}

function processed(): Handled {
  return { ending: { status: "processed", reason: null, task: null, notice: null }, after: () => undefined };
}

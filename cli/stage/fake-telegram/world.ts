/**
 * The proof server's world: what bots and people do in it, and what bots are told of that.
 *
 * Y1. Ids are as in life: counted per supergroup, over all chats of an account for the others, with gaps wherever
 *     somebody else writes.
 * Y2. Everything that changes is seen at once by whoever looks (`changed`), and by bots through their updates alone.
 */

import type { MessageEntity, User } from "@grammyjs/types";
import type { Clock } from "../../../system/clock.ts";
import { createFaults, drawing, type Faults } from "./faults.ts";
import { createLimits, type Limits } from "./limits.ts";
import {
  type Bot,
  type ChatType,
  type FakeChat,
  type FakeMessage,
  isWanted,
  type Json,
  type Kind,
  type Press,
  type Standing,
} from "./model.ts";

export interface WorldOptions {
  readonly clock: Clock;
  /** Of bots; each has the number before its colon as id. */
  readonly tokens: readonly string[];
  /** By how much limits are shortened. */
  readonly speed: number;
  /** How likely it is that somebody else writes before a message of a bot. */
  readonly chatter: number;
  readonly seed: number;
}

export interface NewMessage {
  readonly from: User;
  readonly text: string;
  readonly entities?: readonly MessageEntity[];
  readonly keyboard?: FakeMessage["keyboard"];
  readonly topic?: number | null;
  readonly replyTo?: number | null;
  readonly isSilent?: boolean;
}

export interface World {
  readonly limits: Limits;
  readonly faults: Faults;
  readonly bots: ReadonlyMap<string, Bot>;
  readonly chats: ReadonlyMap<number, FakeChat>;
  readonly people: ReadonlyMap<number, User>;
  readonly presses: Map<string, Press>;
  /** What was odd without being refused, and what was refused that a careful client never asks. */
  readonly oddities: string[];
  /** Calls by method. */
  readonly calls: Map<string, number>;
  now(): number;
  /** Moves the server's calendar on (ms). Limits do not care. */
  pass(ms: number): void;
  addChat(chat: NewChat): FakeChat;
  person(id: number, name?: string): User;
  /** Somebody else writes something now and then before a bot does (Y1). */
  mutter(chat: FakeChat): void;
  add(chat: FakeChat, message: NewMessage): FakeMessage;
  /** Tells each bot of what it wants to hear; `null` for nothing. */
  tell(kind: Kind, make: (bot: Bot) => Json | null): void;
  /** Grows with each change. */
  readonly version: number;
  changed(): void;
  /** Resolves when something changes, or after `ms`. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export interface NewChat {
  readonly id: number;
  readonly type: ChatType;
  readonly title: string;
  readonly username?: string;
  readonly topics?: Readonly<Record<number, string>>;
  readonly standing?: Standing;
}

export function createWorld({ clock, tokens, speed, chatter, seed }: WorldOptions): World {
  const draw = drawing(seed);
  const chats = new Map<number, FakeChat>();
  const people = new Map<number, User>();
  const bots = new Map(tokens.map((token, index) => [token, newBot(token, index)]));
  const waiting = new Set<() => void>();
  let offset = 0;
  let accountId = 100 + Math.floor(draw() * 400);
  const nextId = (chat: FakeChat): number => {
    if (chat.type !== "supergroup") return ++accountId;
    chat.lastId += 1;
    return chat.lastId;
  };
  const world: World & { version: number } = {
    limits: createLimits(clock.monotonic, speed),
    faults: createFaults(),
    ...{ bots, chats, people, presses: new Map(), oddities: [], calls: new Map(), version: 1 },
    now: () => clock.now() + offset,
    pass(ms) {
      offset += ms;
      world.changed();
    },
    addChat(chat) {
      const made = newChat(chat, Math.floor(draw() * 50));
      chats.set(made.id, made);
      world.changed();
      return made;
    },
    person(id, name = `Person ${id}`) {
      const known = people.get(id) ?? { id, is_bot: false, first_name: name };
      people.set(id, known);
      return known;
    },
    mutter(chat) {
      if (chat.type === "private") accountId += draw() < chatter ? 1 + Math.floor(draw() * 3) : 0;
      else if (draw() < chatter) world.add(chat, { from: world.person(900, "Somebody"), text: "Hm." });
    },
    add(chat, said) {
      const message = newMessage(said, nextId(chat), world.now());
      chat.messages.set(message.id, message);
      world.changed();
      return message;
    },
    tell(kind, make) {
      for (const bot of bots.values()) {
        const value = isWanted(bot, kind) ? make(bot) : null;
        if (value === null) continue;
        bot.lastUpdate += 1;
        bot.updates.push({ at: world.now(), update: { update_id: bot.lastUpdate, [kind]: value } });
      }
      world.changed();
    },
    changed() {
      world.version += 1;
      for (const wakeUp of [...waiting]) wakeUp();
    },
    wait: (ms, signal) => nap(clock, waiting, ms, signal),
  };
  return world;
}

/** Sleeps until somebody wakes whoever waits. */
async function nap(clock: Clock, waiting: Set<() => void>, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const end = (): void => over.abort();
  waiting.add(end);
  await clock.sleep(ms, AbortSignal.any([over.signal, signal]));
  waiting.delete(end);
}

/** @param gap ids that other people have had before */
function newChat({ username, topics = {}, standing = "member", ...chat }: NewChat, gap: number): FakeChat {
  const named = Object.entries(topics).map(([id, name]) => ({
    ...{ id: Number(id), name, isClosed: false, isDeleted: false },
  }));
  return {
    ...{ ...chat, username: username ?? null, standing, messages: new Map(), migratedTo: null },
    topics: new Map(named.map((topic) => [topic.id, topic])),
    lastId: Math.max(0, ...named.map(({ id }) => id)) + gap,
  };
}

function newMessage(
  { entities = [], keyboard = [], topic = null, replyTo = null, isSilent = false, ...said }: NewMessage,
  id: number,
  at: number,
): FakeMessage {
  return {
    ...{ ...said, id, at, entities, keyboard, topic, replyTo, isSilent },
    ...{ editedAt: null, reactions: [], toast: null },
  };
}

function newBot(token: string, index: number): Bot {
  const id = Number(token.slice(0, token.indexOf(":")));
  const name = index === 0 ? "chargehand_bot" : `chargehand_${index + 1}_bot`;
  return {
    token,
    user: { id, is_bot: true, first_name: "Chargehand", username: name },
    ...{ updates: [], lastUpdate: 700_000 + (id % 1_000), allowed: null, webhook: null, interrupt: null },
  };
}

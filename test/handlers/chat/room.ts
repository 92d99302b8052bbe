/** A chat with everything behind it that is ours: the store, the API, the inbox; and a ledger of the tests' own. */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { Incoming, Message, Piece, Update } from "../../../chats/chat.ts";
import { type Reply, replyOf } from "../../../chats/reply.ts";
import { createActor } from "../../../handlers/chat/actor.ts";
import { createLinks, type Links } from "../../../handlers/chat/link.ts";
import type { ChatPorts, HeardChat, KnownMessage } from "../../../handlers/chat/ports.ts";
import { createInbox } from "../../../handlers/inbox.ts";
import type { Store } from "../../../store/store.ts";
import { systemChance } from "../../../system/chance.ts";
import { createWake } from "../../../system/wake.ts";
import { chatSource, type Delivery } from "../../../workflow/delivery.ts";
import { type Scene, scene } from "../api/served.ts";
import { ACCOUNT, ADA, type HandEar, handEar, pressOf, ROOM, textOf, updateOf } from "./ear.ts";

export const CHAT = "paper:team";

export interface Heard {
  readonly delivery: Delivery;
  /** What is said because of it, in order. */
  readonly replies: readonly Reply[];
  /** All of that as one text. */
  readonly text: string;
}

export interface Room extends Scene {
  readonly ear: HandEar;
  readonly links: Links;
  /** What the ledger was told. */
  readonly heardOf: readonly (readonly unknown[])[];
  /** A message of ours, by its token and its id. */
  know(token: string, id: string, message: Partial<KnownMessage>): void;
  say(text: string, more?: Partial<Extract<Incoming, { kind: "text" }>>): Promise<Heard>;
  press(token: string, action: string, more?: Partial<Extract<Incoming, { kind: "press" }>>): Promise<Heard>;
  /** Stores an update and handles it. */
  bring(update: Update): Promise<Heard>;
  put(update: Update): Promise<number>;
  /** Handles what is due. */
  drain(): Promise<void>;
  heard(delivery: number): Promise<Heard>;
}

type Setting = Omit<NonNullable<Parameters<typeof scene>[1]>, "chats"> & {
  readonly chats?: readonly HeardChat[];
  /** Whether one person can be answered alone. */
  readonly isDiscreet?: boolean;
  /** Between the inbox and its store. */
  readonly inboxStore?: (store: Store) => Store;
};

export const TEAM: HeardChat = {
  ...{ key: CHAT, account: ACCOUNT, place: ROOM, topic: null },
  people: new Map([
    [ADA.id, "ada"],
    ["4712", "bob"],
  ]),
  projects: null,
};

export async function room(t: TestContext, setting: Setting = {}): Promise<Room> {
  const { chats = [TEAM], isDiscreet = false, inboxStore = (store) => store, others = [], ...more } = setting;
  const world = await scene(t, { ...more, others });
  const { store, clock, log, app } = world;
  const ear = handEar(ACCOUNT, isDiscreet);
  const links = createLinks({ clock, chance: systemChance(clock.now) });
  const known = new Map<string, KnownMessage>();
  const heardOf: (readonly unknown[])[] = [];
  const ports: ChatPorts = {
    ...{ store, clock, log, links, chats: () => chats, ears: () => new Map([[ACCOUNT, ear]]) },
    api: (request, bindings) => app.fetch(request, bindings),
    ledger: {
      find: async (chat, by) => known.get(`${chat} ${JSON.stringify(by)}`) ?? null,
      moved: async (...told) => void heardOf.push(["moved", ...told]),
      access: async (...told) => void heardOf.push(["access", ...told]),
    },
    projects: () => ["shop", ...others.map(({ name }) => name)],
  };
  const inbox = createInbox({
    ...{ store: inboxStore(store), clock, log, projects: [], readers: new Map() },
    chats: createActor(ports),
    wake: createWake(clock),
  });
  const put = async ({ id, event, body }: Update): Promise<number> => {
    const delivery = { source: chatSource(ACCOUNT), deliveryId: id, headerId: null, event, body };
    const [recorded] = await store.deliveries.record([delivery], clock.now());
    return recorded?.id ?? assert.fail("not recorded");
  };
  const heard = async (id: number): Promise<Heard> => {
    const delivery = (await store.deliveries.get(id)) ?? assert.fail("no such delivery");
    const calls = (await store.outbox.list({ limit: 500, before: null })).items.toReversed();
    const replies = calls.flatMap((call) => {
      const reply = replyOf(call);
      return reply?.delivery === id ? [reply] : [];
    });
    return { delivery, replies, text: replies.map(({ message }) => textIn(message)).join("\n") };
  };
  const bring = async (update: Update): Promise<Heard> => {
    const id = await put(update);
    await inbox.drainOnce();
    return heard(id);
  };
  return {
    ...world,
    ...{ ear, links, heardOf, bring, heard, put },
    know: (token, id, given) => {
      const message = { task: null, purpose: "card", isGone: false, sentAt: clock.now(), ...given };
      known.set(`${CHAT} ${JSON.stringify({ token })}`, message);
      known.set(`${CHAT} ${JSON.stringify({ id })}`, message);
    },
    say: (text, more) => bring(updateOf(textOf(text, more))),
    press: (token, action, more) => bring(updateOf(pressOf(token, action, more))),
    drain: async () => void (await inbox.drainOnce()),
  };
}

export function textIn({ lines }: Message): string {
  const shown = (piece: Piece): string => ("time" in piece ? new Date(piece.time).toISOString() : piece.text);
  return lines.map(({ pieces }) => pieces.map(shown).join("")).join("\n");
}

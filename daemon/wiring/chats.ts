/**
 * Chats: what is shown and said in them, and what comes from them; as the configuration in force has them. A reload is
 * followed at once, and whoever did not change goes on undisturbed.
 */

import { chatOf, earsOf, isChat } from "../../chats/channels.ts";
import type { Ear } from "../../chats/chat.ts";
import type { Net } from "../../chats/kind.ts";
import type { ChatLinks } from "../../handlers/api/base.ts";
import { type ChatActor, createActor } from "../../handlers/chat/actor.ts";
import type { Door } from "../../handlers/chat/api.ts";
import { type ChatDoor, createDoor } from "../../handlers/chat/door.ts";
import { createLinks } from "../../handlers/chat/link.ts";
import { createListening, type Listening } from "../../handlers/chat/listen.ts";
import { createReceiver } from "../../handlers/chat/receiver.ts";
import type { Intake } from "../../handlers/intake.ts";
import type { BodyReader } from "../../handlers/read-body.ts";
import { createCards } from "../../notifier/cards/loop.ts";
import { createPacer } from "../../notifier/cards/pacer.ts";
import { chatSender } from "../../notifier/cards/sender.ts";
import { tryChat } from "../../notifier/cards/trial.ts";
import type { Tried } from "../../notifier/channels/trial.ts";
import type { Sender } from "../../notifier/ports.ts";
import { systemChance } from "../../system/chance.ts";
import { systemHttp } from "../../system/http.ts";
import { systemSockets } from "../../system/socket/socket.ts";
import type { Wake } from "../../system/wake.ts";
import { ledgerOf } from "../chats/ledger.ts";
import { accountOf, heardOf, type Made, makeChats } from "../chats/made.ts";
import { heardTroubles, shownChats } from "../chats/shown.ts";
import type { Config } from "../config/config.ts";
import type { Loop } from "../loops.ts";
import type { Ground } from "./ground.ts";

export interface WiredChats {
  readonly loops: readonly Loop[];
  /** By target, who says in a chat what is owed to it. */
  senders(): ReadonlyMap<string, Sender>;
  readonly actor: ChatActor;
  /** By the settings of this configuration. */
  door(config: Config, bodies: BodyReader): ChatDoor;
  readonly links: ChatLinks;
  /** A message on trial to the chat of this name. @throws StoreFault */
  tryOut(key: string): Promise<Tried>;
}

export function wireChats(ground: Ground, intake: Intake, api: Door): WiredChats {
  const { store, clock, log, bells, inForce, end, env } = ground;
  const net = { http: systemHttp(env), sockets: systemSockets(env), clock };
  const moved = new Map<string, string>();
  const made = makeChats(inForce, net, moved);
  const cards = createCards({
    ...{ store, clock, log, moved, chats: made.chats },
    chance: systemChance(clock.now),
    pacer: createPacer(clock),
    redact: log.redactor.redact,
  });
  const receiver = createReceiver({ record: intake.record, clock, log });
  const listening = createListening({ receiver, clock, log });
  const links = createLinks({ clock, chance: systemChance(clock.now) });
  const ledger = ledgerOf({ store, clock, made, moved, changed: () => bells.cards.ring() });
  return {
    loops: loopsOf(ground, cards, listening, made),
    senders: () =>
      new Map(
        [...made.chats()].map(([key, { chat }]) => [
          key,
          chatSender(cards.lanePorts, chat, made.ears, end.signal),
        ]),
      ),
    actor: createActor({
      chats: () => made.settings().map((one) => heardOf(one, moved, net)),
      ...{ ears: made.ears, api, ledger, links, store, clock, log },
      projects: () => inForce.config.projects.map(({ name }) => name),
    }),
    door(config, bodies): ChatDoor {
      return createDoor({
        ears: pathsOf(config, made, net),
        receiver,
        bodies,
        bodyLimit: config.server.bodyLimit,
        clock,
        log,
      });
    },
    async tryOut(key): Promise<Tried> {
      const tried = await tryChat(cards.lanePorts, key, end.signal);
      // A chat that was closed has its cards to catch up with.
      bells.cards.ring();
      return tried;
    },
    links: {
      links,
      accounts: () => new Map(made.settings().map((one) => [one.key, chatOf(one, null, net).account])),
      shown: async () =>
        shownChats(made.settings(), await store.chats.all(), [
          ...cards.troubles(),
          ...heardTroubles(listening.troubles(), made, net),
        ]),
    },
  };
}

function loopsOf(
  { bells, inForce, end }: Ground,
  cards: ReturnType<typeof createCards>,
  listening: Listening,
  made: Made,
): readonly Loop[] {
  const heeding = ({ ring, wait }: Wake): Wake => ({
    ring,
    wait: (ms, signal) => wait(ms, AbortSignal.any([signal, inForce.replaced])),
  });
  return [
    { name: "cards", run: (pulse) => cards.run(heeding(pulse.bell(bells.cards)), end.signal) },
    {
      name: "ears",
      mayStandStill: true,
      async run(): Promise<void> {
        while (!end.signal.aborted) {
          const { replaced } = inForce;
          listening.follow([...made.ears().values()]);
          await aborted(AbortSignal.any([end.signal, replaced]));
        }
        await listening.stop();
      },
    },
  ];
}

/** By the path below `/chat/`, who hears what arrives there. */
function pathsOf(config: Config, made: Made, net: Net): ReadonlyMap<string, Ear> {
  return new Map(
    earsOf(config.notify.filter(isChat), net).flatMap(({ entries }) =>
      entries.flatMap(({ channel, name, key }) => {
        const ear = made.ears().get(accountOf(entries, key, net));
        return ear === undefined ? [] : ([[`${channel}/${name}`, ear]] as const);
      }),
    ),
  );
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** What sends to a chat, over a store in memory and against the proof server of Telegram, over real HTTP. */

import type { TestContext } from "node:test";
import type { Chat } from "../../../chats/chat.ts";
import { TELEGRAM } from "../../../chats/telegram/telegram.ts";
import { FAKE_GROUP, startFakeTelegram } from "../../../cli/stage/fake-telegram/start.ts";
import { createCards } from "../../../notifier/cards/loop.ts";
import { createPacer } from "../../../notifier/cards/pacer.ts";
import { systemChance } from "../../../system/chance.ts";
import { type Clock, systemClock } from "../../../system/clock.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import { heardLog, memoryStore } from "../../handlers/hand-moved.ts";

export const KEY = "telegram:team";

export interface Options {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly clock?: Clock;
  readonly group?: number;
  readonly plant?: (chat: Chat) => Chat;
}

export async function atTelegram(
  t: TestContext,
  { fields = {}, clock = systemClock(), group = FAKE_GROUP, plant }: Options = {},
) {
  const server = await startFakeTelegram({ speed: 1_000_000 });
  t.after(() => server.close());
  const store = await memoryStore();
  t.after(() => store.close());
  const moved = new Map<string, string>();
  const pacer = createPacer(clock);
  const net = { http: lightHttp(), clock, sockets: systemSockets() };
  const chatNow = (): Chat => {
    const place = { chat: moved.get(KEY) ?? group };
    const own = TELEGRAM.settings({ token: server.token, api: server.url, ...fields, ...place });
    const chat = TELEGRAM.chat({ key: KEY, pace: 0.001 }, own, net);
    return plant === undefined ? chat : plant(chat);
  };
  const wants = { digest: "d", projects: null, cards: "all", phases: null, minNanos: 0 } as const;
  const { lanePorts } = createCards({
    ...{ store, clock, moved, pacer, chance: systemChance(clock.now), log: heardLog() },
    chats: () => new Map([[KEY, { ...wants, bump: false, activityMs: null, chat: chatNow() }]]),
    redact: (text) => text,
  });
  await store.chats.configure(KEY, "d", clock.now());
  return { server, store, lanePorts, pacer, chatNow };
}

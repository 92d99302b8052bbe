/** A chat of ours at the proof server, over real HTTP. */

import type { TestContext } from "node:test";
import type { Chat, Ear, Message, Rendered } from "../../../chats/chat.ts";
import { TELEGRAM } from "../../../chats/telegram/telegram.ts";
import { FAKE_GROUP, type FakeTelegram, startFakeTelegram } from "../../../cli/stage/fake-telegram/start.ts";
import { type Clock, systemClock } from "../../../system/clock.ts";
import type { Http } from "../../../system/http.ts";
import { lightHttp } from "../../../system/light-http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";

export const TOKEN = "abcdefghijklmnopqrstuv";

export interface Stage {
  readonly server: FakeTelegram;
  readonly chat: Chat;
  readonly ear: Ear;
}

export interface StageOptions {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly chatter?: number;
  readonly speed?: number;
  readonly http?: Http;
  readonly clock?: Clock;
}

/** @param options `speed` is such that no limit is met, where a test does not ask for them */
export async function startStage(t: TestContext, options: StageOptions = {}): Promise<Stage> {
  const { fields = {}, chatter = 0, speed = 1_000_000, http = lightHttp(), clock = systemClock() } = options;
  const server = await startFakeTelegram({ chatter, speed });
  t.after(() => server.close());
  const own = TELEGRAM.settings({ token: server.token, chat: FAKE_GROUP, api: server.url, ...fields });
  const entry = { key: "telegram:team", pace: 1 };
  const ear = TELEGRAM.ear([{ ...entry, own }], { http, clock, sockets: systemSockets() });
  if (ear === null) throw new Error("nobody hears the bot");
  return { server, chat: TELEGRAM.chat(entry, own, { http, clock, sockets: systemSockets() }), ear };
}

export function words(...texts: readonly string[]): Message {
  return { lines: texts.map((text) => ({ pieces: [{ text }], weight: 1 })), buttons: [] };
}

export function rendered(chat: Chat, text: string): Rendered {
  return chat.render(words(text), TOKEN, false);
}

export const OPTIONS = { token: TOKEN, isSilent: false } as const;

/** @throws Error where it was not sent */
export async function sendTo(chat: Chat, text: string): Promise<string> {
  const sent = await chat.send(rendered(chat, text), OPTIONS);
  if (sent.kind !== "sent") throw new Error(JSON.stringify(sent));
  return sent.id;
}

/** What stands in a chat of the server, by id. */
export function textsIn(server: FakeTelegram, id: number = FAKE_GROUP): ReadonlyMap<number, string> {
  const messages = [...(server.world.chats.get(id)?.messages.values() ?? [])];
  return new Map(messages.map((message) => [message.id, message.text]));
}

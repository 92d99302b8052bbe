/** A bot of ours beside the proof server of Discord: a channel, and an ear at a real address. */

import { createServer } from "node:http";
import type { TestContext } from "node:test";
import type { Chat, Ear, Message, Rendered, Update } from "../../../chats/chat.ts";
import { DISCORD, type DiscordOwn } from "../../../chats/discord/discord.ts";
import type { Clock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import {
  CHANNEL,
  type DiscordOptions,
  type DiscordServer,
  startDiscord,
} from "../../proof/discord/server.ts";
import { says } from "../said.ts";

export const TOKEN = "AAAAAAAAAAAAAAAAAAAAA0";
export const ALICE = { id: "500000000000000001", name: "Alice" } as const;

export interface Stage {
  readonly discord: DiscordServer;
  readonly chat: Chat;
  readonly ear: Ear;
  /** What the ear has handed over, to be stored. */
  readonly updates: readonly Update[];
  /** Sets the ear's clock ahead of Discord's. */
  ahead(ms: number): void;
}

export async function stage(
  t: TestContext,
  options: DiscordOptions & Partial<DiscordOwn> = {},
): Promise<Stage> {
  const discord = await startDiscord(options);
  t.after(() => discord.close());
  const own: DiscordOwn = {
    token: options.token ?? discord.token,
    chat: options.chat ?? CHANNEL,
    publicKey: discord.publicKey,
    api: discord.api,
  };
  const clock: Clock = { now: discord.state.now, monotonic: () => 0, sleep: () => Promise.resolve() };
  const net = { http: systemHttp(), clock, sockets: systemSockets() };
  const entry = { key: "discord:team", pace: 1, own };
  const ear = DISCORD.ear([entry], net);
  if (ear === null) throw new Error("a bot has an ear");
  const updates: Update[] = [];
  let aheadMs = 0;
  discord.endpoint = await hear(t, ear, updates, () => clock.now() + aheadMs);
  const ahead = (ms: number): void => {
    aheadMs = ms;
  };
  return { ahead, discord, chat: DISCORD.chat(entry, own, net), ear, updates };
}

/** The address at which interactions are taken. */
async function hear(t: TestContext, ear: Ear, updates: Update[], now: () => number): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const header = (name: string): string | undefined => request.headers[name]?.toString();
      const opened = ear.open?.(Buffer.concat(chunks), header, now());
      if (opened === undefined || opened.kind === "refused") {
        response.writeHead(opened?.status ?? 500).end();
        return;
      }
      if (opened.kind === "update") updates.push(opened.update);
      response
        .writeHead(opened.answer.status, { "content-type": "application/json" })
        .end(opened.answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/chat/discord/team`;
}

/** With a button that approves, and one that needs words. */
export function asks(...texts: readonly string[]): Message {
  return {
    ...says(...texts),
    buttons: [
      [
        { label: "Approve", action: "approve.7", tone: "good" },
        { label: "Reject", action: "reject.7", tone: "bad", asks: "What is wrong with it?" },
      ],
    ],
  };
}

export function rendered(chat: Chat, message: Message, token: string = TOKEN): Rendered {
  return chat.render(message, token, false);
}

/** Another token for each number. */
export function tokenOf(number: number): string {
  return String(number).padStart(22, "T");
}

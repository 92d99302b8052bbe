/** A chat, an ear and a strict Slack for them. */

import type { TestContext } from "node:test";
import type { Chat, Ear, Line, Message, Rendered, Trouble } from "../../../chats/chat.ts";
import type { Net } from "../../../chats/kind.ts";
import type { Slack } from "../../../chats/slack/settings.ts";
import { SLACK } from "../../../chats/slack/slack.ts";
import { systemClock } from "../../../system/clock.ts";
import { systemHttp } from "../../../system/http.ts";
import { systemSockets } from "../../../system/socket/socket.ts";
import { type ProofSlack, startSlack } from "../../proof/slack/server.ts";
import type { Options } from "../../proof/slack/world.ts";

export const TOKEN = "aaaaaaaaaaaaaaaaaaaaaa";
export const OTHER_TOKEN = "bbbbbbbbbbbbbbbbbbbbbb";
export const CHANNEL = "C0PROOF01";

export interface Scene {
  readonly slack: ProofSlack;
  readonly chat: Chat;
  readonly own: Slack;
  readonly net: Net;
  readonly ear: (by: "requests" | "socket") => Ear;
}

/** @param timeoutMs a daemon waits for 10 s; a test need not */
export function net(timeoutMs?: number): Net {
  const http = systemHttp();
  return {
    http: {
      request: (operation, request) =>
        http.request(operation, { ...request, ...(timeoutMs !== undefined && { timeoutMs }) }),
    },
    sockets: systemSockets(),
    clock: systemClock(),
  };
}

export async function scene(t: TestContext, options: Options = {}, timeoutMs?: number): Promise<Scene> {
  const slack = await startSlack({ hurry: 1_000, ...options });
  t.after(() => slack.close());
  const ports = net(timeoutMs);
  const own = settings(slack);
  const entry = { key: "slack:team", pace: 1 };
  return {
    slack,
    own,
    net: ports,
    chat: SLACK.chat(entry, own, ports),
    ear: (by) => {
      const heard = { ...own, ...(by === "socket" ? { signingSecret: null } : { appToken: null }) };
      const ear = SLACK.ear([{ ...entry, own: heard }], ports);
      if (ear === null) throw new Error("it is not heard");
      return ear;
    },
  };
}

function settings(slack: ProofSlack): Slack {
  const { token, appToken, signingSecret, api } = slack;
  return { ...SLACK.settings({ token, chat: CHANNEL, signing_secret: signingSecret, api }), appToken };
}

export function line(text: string, weight = 5): Line {
  return { pieces: [{ text }], weight };
}

export function message(...texts: readonly string[]): Message {
  const button = { label: "Approve", action: "approve", tone: "good" } as const;
  return { lines: texts.map((text) => line(text)), buttons: [[button]] };
}

/** A message that was sent. @returns its id */
export async function posted(chat: Chat, text: string, token = TOKEN, replyTo?: string): Promise<string> {
  const rendered = chat.render(message(text), token, false);
  const sent = await chat.send(rendered, {
    token,
    isSilent: false,
    ...(replyTo !== undefined && { replyTo }),
  });
  if (sent.kind !== "sent") throw new Error(`it was not sent: ${JSON.stringify(sent)}`);
  return sent.id;
}

export function rendered(chat: Chat, text: string, token = TOKEN): Rendered {
  return chat.render(message(text), token, false);
}

/** @throws where it went well */
export function trouble(result: { readonly kind: string }): Trouble {
  const kinds = ["limited", "unreachable", "unsure", "closed", "moved", "unreadable", "refused"];
  if (!kinds.includes(result.kind)) throw new Error(`it is ${result.kind}`);
  return result as Trouble;
}

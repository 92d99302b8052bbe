/** docs/chat.md: each of its configurations is one, and what it has people paste elsewhere fits what is heard here. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { parse } from "yaml";
import { z } from "zod";
import { CHAT_KINDS, isChat } from "../../chats/channels.ts";
import { registerCommand } from "../../chats/discord/command.ts";
import { decode } from "../../chats/slack/decode.ts";
import { updateOf } from "../../chats/slack/update.ts";
import { KINDS } from "../../chats/telegram/listen.ts";
import type { HttpRequest } from "../../system/http.ts";
import { reading } from "../daemon/config/reading.ts";

const page = await readFile(new URL("../../docs/chat.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
  ([, indent = "", language = "", text = ""]) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
  }),
);
const configurations = blocks.filter(({ text }) => /^(notify|projects):/.test(text));
const { load, write } = reading();

const VARIABLES = {
  TELEGRAM_TOKEN: "123456:ABC-DEF_ghijklmno",
  SLACK_TOKEN: "xoxb-0123456789",
  SLACK_APP_TOKEN: "xapp-0123456789",
  SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef",
  DISCORD_TOKEN: "a.discord.token",
  NTFY_TOKEN: "tk_0123456789",
  SMTP_PASSWORD: "p%40ss",
};

test("each configuration is one, and every kind of chat has its own", async () => {
  await write("topic", "https://ntfy.example.org/desk\n");
  const kinds = new Set<string>();
  for (const { text } of configurations) {
    const here = text.replace("file:/run/credentials/ntfy-topic", "file:./topic");
    const { config } = await load(
      `data_dir: data\nagents: { developer: { backend: claude } }\n${here}`,
      VARIABLES,
    );
    const chats = config.notify.filter(isChat);
    assert.ok(chats.length > 0, text);
    for (const { channel } of chats) kinds.add(channel);
  }
  assert.deepEqual([...kinds].sort(), CHAT_KINDS.map(({ name }) => name).sort());
});

const Manifest = z.looseObject({
  features: z.looseObject({ slash_commands: z.array(z.looseObject({ command: z.string() })) }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()) }) }),
  settings: z.looseObject({
    event_subscriptions: z.looseObject({ bot_events: z.array(z.string()) }),
    interactivity: z.looseObject({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
  }),
});

test("Slack's manifest asks for the events that mean something here, and for the scopes that they need", () => {
  const text = blocks.find((block) => block.text.startsWith("display_information:"))?.text ?? "";
  const { features, oauth_config: oauth, settings } = Manifest.parse(parse(text));
  const events = settings.event_subscriptions.bot_events;
  assert.deepEqual(
    features.slash_commands.map(({ command }) => command),
    ["/chargehand"],
  );
  const needs: Record<string, string> = {
    app_mention: "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
  };
  for (const event of events) {
    const scope = needs[event] ?? (event.startsWith("group_") ? "groups:read" : "channels:read");
    assert.ok(oauth.scopes.bot.includes(scope), `${event} needs ${scope}`);
    const meaning = decode(slackEvent(event));
    assert.notEqual(meaning.kind, "nothing", `${event}: ${JSON.stringify(meaning)}`);
  }
  for (const scope of ["chat:write", "commands"]) assert.ok(oauth.scopes.bot.includes(scope));
});

function slackEvent(name: string) {
  const [type = "", channelType] = name.split(".");
  const thread = channelType === "im" ? {} : { thread_ts: "1.5" };
  const said =
    type === "message" ? { ts: "2.5", text: "hello", ...thread } : { ts: "2.5", text: "<@U0BOT> status" };
  const event = {
    ...{ type, channel: "C024BE91L", user: type === "member_joined_channel" ? "U0BOT" : "U012AB3CD" },
    ...{ channel_type: channelType, ...said },
  };
  return updateOf("events_api", { event_id: `Ev${name}`, event, authorizations: [{ user_id: "U0BOT" }] });
}

test("Discord's command is the one that is understood, and its invitation has the rights that are used", async () => {
  const sent: HttpRequest[] = [];
  const body = JSON.stringify({ id: "1", verify_key: "k" });
  const http = {
    request: async (_operation: string, request: HttpRequest) => {
      sent.push(request);
      return { kind: "response", response: { status: 200, headers: {}, body } } as const;
    },
  };
  await registerCommand(http, { token: "t", api: "https://discord.invalid" });
  const [, pasted = ""] = /-d '(\[\{[\s\S]*?\])'/.exec(page) ?? [];
  assert.deepEqual(JSON.parse(pasted), JSON.parse(sent[1]?.body ?? ""));
  const rights = { view: 10n, send: 11n, embed: 14n, history: 16n, sendInThreads: 38n };
  const sum = Object.values(rights).reduce((all, bit) => all + (1n << bit), 0n);
  assert.equal(/permissions=(\d+)/.exec(page)?.[1], String(sum));
});

test("Telegram's webhook is asked for the updates that are understood", () => {
  const [, list = ""] = /allowed_updates=(\[.*?\])/.exec(page) ?? [];
  assert.deepEqual(JSON.parse(list), [...KINDS]);
});

test("the distances are those that are kept", () => {
  const settings = {
    telegram: { token: "1:abcdefghijklmnop", chat: -5 },
    slack: { token: "xoxb-12345678", chat: "C024BE91L" },
    discord: { token: "t", chat: "1098765432109876543", public_key: "0f".repeat(32) },
    ntfy: { url: "https://ntfy.sh/topic" },
    email: { url: "smtp://localhost", from: "a@example.com", to: ["b@example.com"] },
  };
  const none = () => assert.fail("nothing is called");
  for (const kind of CHAT_KINDS) {
    const fields = new Map<string, object>(Object.entries(settings)).get(kind.name) ?? {};
    const net = { http: { request: none }, sockets: { open: none }, clock: null };
    // @ts-expect-error nothing is asked of the world for a pace
    const { pace } = kind.chat({ key: kind.name, pace: 1 }, kind.settings({ ...fields }), net);
    const row = page
      .split("\n")
      .find((line) => line.startsWith(`| \`${kind.name}\` | `) && / s(;| )/.test(line));
    const [, , chat = "", account = "", edits = ""] = (row ?? "").split("|").map((cell) => cell.trim());
    const tells = (cell: string, ms: number) =>
      assert.ok(
        cell.includes(`${ms / 1_000} s`) || cell.includes(`${ms} ms`),
        `${kind.name}: ${cell}, ${ms}`,
      );
    tells(chat, pace.chat);
    tells(account, pace.account);
    if (kind.hasCards) tells(edits, pace.edits);
  }
});

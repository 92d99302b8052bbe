/**
 * Cards converge (I10), with the real daemon killed, and a chat whose answers are lost, late or refused. With fifty
 * tasks it is `npm run torture -- --chat`.
 */

import { test } from "node:test";
import { discordRoom } from "./discord.ts";
import { slackRoom } from "./slack.ts";
import { weather } from "./storm.ts";
import { telegramRoom } from "./telegram.ts";

const STORM = { tasks: 6, kills: 1, seed: 11 };

test("Telegram: after lost answers and killed daemons each task has one card, which shows how it stands", async () => {
  await weather(await telegramRoom(), STORM);
});

test("Slack: after lost answers and killed daemons each task has one card, which shows how it stands", async () => {
  await weather(await slackRoom(), STORM);
});

test("Discord: after lost answers and killed daemons each task has one card, which shows how it stands", async () => {
  await weather(await discordRoom(), STORM);
});

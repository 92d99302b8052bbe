/** `npm run torture -- --chat`: fifty tasks per kind of chat, with faults of the chat and a daemon that is killed. */

import { discordRoom } from "../e2e/chat/discord.ts";
import type { Room } from "../e2e/chat/room.ts";
import { slackRoom } from "../e2e/chat/slack.ts";
import { weather } from "../e2e/chat/storm.ts";
import { telegramRoom } from "../e2e/chat/telegram.ts";

const TASKS = 50;
const KILLS = 3;
const ROOMS: Readonly<Record<string, () => Promise<Room>>> = {
  Telegram: telegramRoom,
  Slack: slackRoom,
  Discord: discordRoom,
};

/** @returns how many of them went wrong */
export async function tortureChats(seed: number, say: (line: string) => void): Promise<number> {
  let wrong = 0;
  for (const [name, open] of Object.entries(ROOMS)) {
    try {
      const { seconds, calls, faults } = await weather(await open(), { tasks: TASKS, kills: KILLS, seed });
      say(
        `${name}: ${TASKS} tasks, ${KILLS} kills, ${calls} calls, ${faults} faults; ${seconds} s: all cards right`,
      );
    } catch (error) {
      wrong += 1;
      say(`${name}: FAILED, replay with --chat --seed ${seed}: ${String(error)}`);
    }
  }
  return wrong;
}

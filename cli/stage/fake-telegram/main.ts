/** `npm run fake-telegram -- [--port N] [--speed N] [--chatter FRACTION]`: the proof server and its page. */

import { parseArgs } from "node:util";
import { FAKE_GROUP, startFakeTelegram } from "./start.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8081" },
    speed: { type: "string", default: "1" },
    chatter: { type: "string", default: "0" },
  },
});
const server = await startFakeTelegram({
  port: Number(values.port),
  speed: Number(values.speed),
  chatter: Number(values.chatter),
});
const chats = [...server.world.chats.values()].map(({ id, title }) => `  ${id}  ${title}\n`);
process.stdout.write(`A Telegram to try things with: ${server.url}

notify:
  - { channel: telegram, token: "${server.token}", chat: ${FAKE_GROUP}, api: ${server.url} }

Its chats:
${chats.join("")}
`);
for (const signal of ["SIGINT", "SIGTERM"])
  process.once(signal, () => void server.close().then(() => process.exit(0)));

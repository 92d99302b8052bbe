/** A group of Telegram's, on its proof server. */

import type { FakeChat, FakeMessage } from "../../../cli/stage/fake-telegram/model.ts";
import { press, say } from "../../../cli/stage/fake-telegram/people.ts";
import {
  FAKE_GROUP,
  FAKE_PERSON,
  FAKE_TOKEN,
  startFakeTelegram,
} from "../../../cli/stage/fake-telegram/start.ts";
import { HURRY, PACE, type Room, type Seen, untilAsked, type Who } from "./room.ts";

const IDS: Readonly<Record<Who, number>> = { ada: FAKE_PERSON, mallory: 666 };

export async function telegramRoom({
  chat: id = FAKE_GROUP,
} = {}): Promise<Room & { readonly server: Awaited<ReturnType<typeof startFakeTelegram>> }> {
  const server = await startFakeTelegram({ speed: HURRY, chatter: 0.1, seed: 7 });
  const { world } = server;
  const chat = (): FakeChat => {
    const one = world.chats.get(id);
    if (one === undefined) throw new Error(`there is no chat ${id}`);
    return one;
  };
  const seen = (): readonly Seen[] =>
    [...chat().messages.values()].filter(({ from }) => from.is_bot).map(seenOf);
  const pressed = async (message: Seen, label: string, who: Who): Promise<void> => {
    const buttons = chat().messages.get(Number(message.id))?.keyboard.flat() ?? [];
    const data = buttons.find(({ text }) => text === label)?.callback_data;
    if (data === undefined) throw new Error(`there is no button ${label} below: ${message.text}`);
    press(world, { chat: id, message: Number(message.id), data, person: IDS[who] });
  };
  const reply = async (message: Seen, text: string, who: Who): Promise<void> => {
    say(world, { chat: id, text, person: IDS[who], replyTo: Number(message.id) });
  };
  return {
    server,
    key: "telegram:team",
    entry: `{ channel: telegram, name: team, token: "${FAKE_TOKEN}", chat: ${id}, api: "${server.url}", pace: ${PACE}, people: [{ id: ${IDS.ada}, name: ada }] }`,
    hearsReplies: true,
    isDiscreet: false,
    waiting: () => 0,
    hearAt: () => undefined,
    seen,
    whispers: () =>
      [...world.presses.values()].flatMap(({ answer }) => (answer === null ? [] : [answer.text])),
    press: pressed,
    async pressAndSay(message, button, words, who) {
      const known = new Set(seen().map((one) => one.id));
      await pressed(message, button, who);
      if (who === "mallory") return;
      await reply(await untilAsked(seen, known), words, who);
    },
    async command(line, who) {
      say(world, { chat: id, text: line, person: IDS[who] });
    },
    reply,
    violations: () => [
      ...Object.entries(world.limits.violations).flatMap(([kind, count]) =>
        count === 0 ? [] : [`${kind}: ${count}`],
      ),
      ...world.oddities,
    ],
    storm: (seed) =>
      world.faults.play(
        seed === null
          ? {}
          : {
              seed,
              odds: {
                "500": 0.02,
                "502_after": 0.02,
                reset: 0.02,
                reset_after: 0.03,
                cut_after: 0.02,
                "429": 0.02,
              },
              planned: [{ kind: "hang_after", method: "sendMessage", call: 5 }],
              methods: ["sendMessage", "editMessageText", "deleteMessage"],
            },
      ),
    calls: () => [...world.calls.values()].reduce((sum, count) => sum + count, 0),
    close: () => server.close(),
  };
}

function seenOf({ id, text, keyboard }: FakeMessage): Seen {
  return { id: String(id), text, buttons: keyboard.flat().map(({ text: label }) => label) };
}

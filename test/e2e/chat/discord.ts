/** A channel of Discord's, on its proof server; heard by signed interactions, and so by no replies. */

import { seededFaults } from "../../proof/discord/faults.ts";
import { CHANNEL, type Person, startDiscord } from "../../proof/discord/server.ts";
import type { Message } from "../../proof/discord/state.ts";
import { HURRY, PACE, type Room, type Seen, type Who } from "./room.ts";

const IDS: Readonly<Record<Who, Person>> = {
  ada: { id: "500000000000000001", name: "ada" },
  mallory: { id: "500000000000000666", name: "ada" },
};
const FAULTS = 0.1;

export async function discordRoom(): Promise<Room> {
  const server = await startDiscord({ factor: HURRY });
  const { state } = server;
  const ours = (): readonly Message[] =>
    server.messages(CHANNEL).filter(({ author }) => author === state.bot.id);
  const press = async (message: Seen, button: string, who: Who, words?: string): Promise<void> => {
    const found = ours().find(({ id }) => id === message.id);
    if (found === undefined) throw new Error(`message ${message.id} is gone`);
    const { trouble } = await server.press(found, button, IDS[who], words);
    if (trouble !== null) throw new Error(trouble);
  };
  return {
    key: "discord:team",
    entry: `{ channel: discord, name: team, token: ${server.token}, chat: "${CHANNEL}", public_key: ${server.publicKey}, api: "${server.api}", pace: ${PACE}, people: [{ id: "${IDS.ada.id}", name: ada }] }`,
    hearsReplies: false,
    isDiscreet: true,
    waiting: () => [...state.open.values()].filter((one) => one.isCommand && one.isDeferred).length,
    hearAt(webhooks) {
      server.endpoint = `${webhooks}/chat/discord/team`;
    },
    seen: () => ours().map(seenOf),
    whispers: () => state.whispers.map(({ content }) => content),
    press,
    pressAndSay: (message, button, words, who) => press(message, button, who, words),
    async command(line, who) {
      await server.command(CHANNEL, line, IDS[who]);
    },
    reply: () => Promise.reject(new Error("a bot of interactions hears no replies")),
    violations() {
      const { limited, mentions, refused, interactions } = state.violations;
      return [
        ...(limited === 0 ? [] : [`limits broken: ${limited}`]),
        ...(mentions === 0 ? [] : [`people called: ${mentions}`]),
        ...refused,
        ...interactions,
      ];
    },
    storm(seed) {
      const drawn = seed === null ? null : seededFaults(seed, FAULTS);
      server.script = (call) => {
        const fault = drawn === null || !call.path.includes("/messages") ? null : drawn(call);
        // A silence lasts as long as its caller waits, and so is left to the tests of the client.
        return fault?.kind === "silence" ? { kind: "reset", isDone: fault.isDone } : fault;
      };
    },
    calls: () => state.calls,
    close: () => server.close(),
  };
}

function seenOf({ id, content, embeds, components }: Message): Seen {
  const strings: string[] = [content];
  const buttons: string[] = [];
  JSON.stringify([embeds, components], (name, value: unknown) => {
    if (typeof value !== "string") return value;
    if (name === "label") buttons.push(value);
    else if (["title", "description", "content", "text", "name", "value"].includes(name)) strings.push(value);
    return value;
  });
  return { id, text: strings.join("\n"), buttons };
}

/** A channel of Slack's, on its proof server; heard by signed requests. */

import { bySeed } from "../../proof/slack/faults.ts";
import { startSlack } from "../../proof/slack/server.ts";
import { HURRY, PACE, type Room, type Seen, untilAsked, type Who } from "./room.ts";

const CHANNEL = "C0PROOF01";
const IDS: Readonly<Record<Who, string>> = { ada: "U0ADA", mallory: "U0MALLORY" };
const FAULTS = 0.12;

export async function slackRoom(): Promise<Room> {
  const server = await startSlack({ hurry: HURRY });
  const seen = (): readonly Seen[] =>
    server
      .state()
      .messages.filter(({ isOurs }) => isOurs)
      .map(({ id, text, blocks, buttons }) => ({
        id,
        text: `${text} ${JSON.stringify(blocks)}`,
        buttons: buttons.map(({ label }) => label),
      }));
  const press = async (message: Seen, button: string, who: Who): Promise<void> => {
    await server.people.press({ message: message.id, button, user: IDS[who] });
  };
  /** Who answers a message in a thread answers below the message that the thread began with. */
  const reply = async (message: Seen, text: string, who: Who): Promise<void> => {
    const { thread = null } = server.state().messages.find(({ id }) => id === message.id) ?? {};
    await server.people.say({ channel: CHANNEL, thread: thread ?? message.id }, text, IDS[who]);
  };
  return {
    key: "slack:team",
    entry: `{ channel: slack, name: team, token: ${server.token}, chat: ${CHANNEL}, signing_secret: ${server.signingSecret}, api: "${server.api}", pace: ${PACE}, people: [{ id: ${IDS.ada}, name: ada }] }`,
    hearsReplies: true,
    isDiscreet: true,
    waiting: () => 0,
    hearAt(webhooks) {
      server.world.options.requestUrl = `${webhooks}/chat/slack/team`;
    },
    seen,
    whispers: () => server.state().whispers.map(({ text }) => text),
    press,
    async pressAndSay(message, button, words, who) {
      const known = new Set(seen().map(({ id }) => id));
      await press(message, button, who);
      if (who === "mallory") return;
      await reply(await untilAsked(seen, known), words, who);
    },
    async command(line, who) {
      await server.people.command(CHANNEL, line.replace(/^\//, "/chargehand "), IDS[who]);
    },
    reply,
    violations: () => [
      ...server.state().violations,
      ...(server.state().broken === 0 ? [] : [`limits broken: ${server.state().broken}`]),
    ],
    storm(seed) {
      const drawn = seed === null ? null : bySeed(seed, FAULTS);
      server.world.options.faultOf = (call) =>
        drawn !== null && call.method.startsWith("chat.") ? drawn(call) : null;
    },
    calls: () => server.world.calls.length,
    close: () => server.close(),
  };
}

/** `chargehand chat link NAME`: a code for the bot, and the ids of whoever has sent it, ready for the configuration. */

import type { Command } from "commander";
import { linkCodeShape, linkShape, type ToldLink } from "../answers/answers.ts";
import { type Client, connect, segment } from "../client.ts";
import type { Shape } from "../decoder.ts";
import { localTime } from "../moment.ts";
import { type Answer, EXIT, fail, report } from "../outcome.ts";
import { plain, plainLines } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, decode, withDaemonOptions } from "../read.ts";

const LOOK_MS = 2_000;

export function chatCommand(program: Command, ports: Ports): void {
  const chat = program.command("chat").description("chats in which work is shown and asked for");
  withDaemonOptions(
    chat.command("link").argument("<name>", "a chat of the configuration, such as telegram:team"),
  )
    .description("find out the ids of a chat and of yourself: send the code to the bot")
    .action((name: string, options: AskOptions) => link(name, options, ports));
}

async function link(name: string, options: AskOptions, ports: Ports): Promise<void> {
  const client = await connect(options, ports);
  if (client.kind === "failed") return report(client, ports);
  const path = `/chats/${segment(name)}/link`;
  const begun = understood(linkCodeShape, await client.value.post(path, {}));
  if (begun.kind === "failed") return report(begun, ports);
  const { code, until } = begun.value;
  ports.err(
    `Send this to the bot, in the chat that is meant, before ${localTime(until)}:\n\n  /link ${code}\n\n`,
  );
  const found = await wait(client.value, path, ports);
  if (found.kind === "failed") return report(found, ports);
  if (options.json) return ports.out(`${JSON.stringify(found.value, null, 2)}\n`);
  const { shown, config } = found.value;
  if (shown === null)
    return report(fail(EXIT.failed, "nobody has sent the code in time", "ask for another one"), ports);
  const { chat, person, name: called } = shown;
  ports.err(
    `Seen: chat ${plain(chat)}, person ${plain(person)} (${plain(called)}). In the configuration:\n\n`,
  );
  ports.out(`${plainLines(config)}\n`);
}

async function wait(client: Client, path: string, ports: Ports): Promise<Answer<ToldLink>> {
  for (;;) {
    const answer = understood(linkShape, await client.get(path));
    if (answer.kind === "failed" || answer.value.status !== "waiting") return answer;
    await ports.clock.sleep(LOOK_MS);
  }
}

function understood<T>(shape: Shape<T>, answer: Answer<unknown>): Answer<T> {
  return answer.kind === "failed" ? answer : decode(shape, answer.value);
}

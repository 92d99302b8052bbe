/** `chargehand notify test [NAME]`: a test message to a channel, or to each, and what became of it in words. */

import type { Command } from "commander";
import { type ToldTrial, trialsShape } from "../answers/answers.ts";
import { connect } from "../client.ts";
import { localTime } from "../moment.ts";
import { EXIT, report } from "../outcome.ts";
import { plain } from "../phrases.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, decode, withDaemonOptions } from "../read.ts";

/** The daemon says within 20 s what became of it. */
const TIMEOUT_MS = 40_000;

export function notifyCommand(program: Command, ports: Ports): void {
  const notify = program.command("notify").description("channels in which people are told something");
  withDaemonOptions(
    notify
      .command("test")
      .argument("[name]", "a channel of the configuration, such as telegram:team; left out, each of them"),
  )
    .description("send a test message there, and say what became of it")
    .action((name: string | undefined, options: AskOptions) => testChannels(name, options, ports));
}

async function testChannels(name: string | undefined, options: AskOptions, ports: Ports): Promise<void> {
  const client = await connect(options, ports);
  if (client.kind === "failed") return report(client, ports);
  const body = name === undefined ? {} : { channel: name };
  const answer = await client.value.post("/notify/test", body, TIMEOUT_MS);
  const told = answer.kind === "failed" ? answer : decode(trialsShape, answer.value);
  if (told.kind === "failed") return report(told, ports);
  const { trials } = told.value;
  if (options.json) ports.out(`${JSON.stringify(told.value, null, 2)}\n`);
  else for (const trial of trials) ports.out(tell(trial));
  if (trials.some(({ outcome }) => outcome !== "arrived")) ports.exit(EXIT.failed);
}

const WORDS: Readonly<Record<string, string>> = {
  arrived: "arrived",
  limited: "was not sent: the channel is limited",
  refused: "was refused",
  unreachable: "did not get there; it can be tried again",
  unsure: "may have arrived; nobody saw the end of it",
};

function tell({ channel, outcome, id, until, reason, remedy }: ToldTrial): string {
  const [as, at] = [
    id === null ? "" : `, as message ${plain(id)}`,
    until === null ? "" : ` until ${localTime(until)}`,
  ];
  const what = `${WORDS[outcome] ?? plain(outcome)}${as}${at}`;
  const why = reason === null ? "" : `: ${plain(reason)}`;
  const help = remedy === null ? "" : `  ${plain(remedy)}\n`;
  return `${plain(channel)}: the test ${what}${why}.\n${help}`;
}

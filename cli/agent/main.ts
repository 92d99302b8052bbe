/**
 * The command as the agent of a run finds it on its `PATH`: `chargehand agent` alone, out of the few folders of this
 * program that stand within the walls (`agents/asking/own-program.ts`).
 */

import { Command, CommanderError } from "commander";
import { agentCommand } from "../commands/agent/ask.ts";
import { EXIT } from "../outcome.ts";

const INPUT_CHARS_MAX = 1_000_000;

const exit = (code: number): void => {
  process.exitCode = code;
};

const program = new Command("chargehand")
  .description("What the agent of a run finds of Chargehand: how it asks a person.")
  .helpOption("-h, --help", "say what a command does and takes")
  .helpCommand(false)
  .exitOverride()
  .showHelpAfterError("(within a run there is nothing but: chargehand agent ask --help)");
agentCommand(program, {
  env: process.env,
  input: async () => {
    let text = "";
    for await (const part of process.stdin.setEncoding("utf8")) {
      text += part;
      if (text.length > INPUT_CHARS_MAX) break;
    }
    return text;
  },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit,
});

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
}

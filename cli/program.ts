/** The `chargehand` command: its name, its commands, and what commander's own endings mean as exit codes. */

import { Command, CommanderError } from "commander";
import { budgetCommand } from "./commands/budget.ts";
import { cancelCommand } from "./commands/cancel.ts";
import { cooldownCommand } from "./commands/cooldown.ts";
import { deliveriesCommand } from "./commands/deliveries.ts";
import { explainCommand } from "./commands/explain.ts";
import { logsCommand } from "./commands/logs.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { retryCommand } from "./commands/retry.ts";
import { runsCommand } from "./commands/runs.ts";
import { serveCommand } from "./commands/serve.ts";
import { statusCommand } from "./commands/status.ts";
import { taskCommand } from "./commands/task.ts";
import { tasksCommand } from "./commands/tasks.ts";
import { EXIT } from "./outcome.ts";
import type { Ports } from "./ports.ts";

const WIDTH = 100;

/** `further` adds commands that are not made of ports, in front of those that ask a running daemon. */
export function createProgram(version: string, ports: Ports, further: (program: Command) => void): Command {
  const program = new Command("chargehand")
    .description("Runs coding agents on webhooks from your forge and your tracker.")
    .version(version, "--version", "print the version")
    .helpOption("-h, --help", "say what a command does and takes")
    .exitOverride()
    .showHelpAfterError("(chargehand help COMMAND says more)")
    .configureOutput({
      writeOut: (text) => ports.out(text),
      writeErr: (text) => ports.err(text),
      getOutHelpWidth: () => WIDTH,
      getErrHelpWidth: () => WIDTH,
    })
    .addHelpText("after", EXIT_CODES);
  serveCommand(program, ports);
  further(program);
  for (const add of ASKING) add(program, ports);
  migrateCommand(program, ports);
  return program;
}

const ASKING: readonly ((program: Command, ports: Ports) => void)[] = [
  statusCommand,
  tasksCommand,
  taskCommand,
  explainCommand,
  runsCommand,
  logsCommand,
  deliveriesCommand,
  cancelCommand,
  retryCommand,
  budgetCommand,
  cooldownCommand,
];

/** Runs one command line (without `node` and the script). The exit code goes to `ports.exit`, unless it is 0. */
export async function runProgram(program: Command, args: readonly string[], ports: Ports): Promise<void> {
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for end well; everything else of commander's is wrong usage, and already said.
    ports.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  }
}

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 daemon unreachable, 4 not found,
5 refused by state.`;

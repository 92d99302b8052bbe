/**
 * The `chargehand` command: its name, its commands, and what commander's own endings mean as exit codes.
 *
 * A command line that names its command loads that one and what it needs; every other (help, a typing mistake) loads
 * them all. A test of `test/cli/` holds what a command that asks a running daemon may load.
 */

import { Command, CommanderError } from "commander";
import { EXIT } from "./outcome.ts";
import type { Ports } from "./ports.ts";

const WIDTH = 100;

type AddCommand = (program: Command, ports: Ports) => void;

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  init: async () => (await import("./commands/setup/init.ts")).initCommand,
  doctor: async () => (await import("./commands/setup/doctor.ts")).doctorCommand,
  serve: async () => (await import("./commands/serve.ts")).serveCommand,
  demo: async () => (await import("./commands/demo.ts")).demoCommand,
  status: async () => (await import("./commands/status.ts")).statusCommand,
  tasks: async () => (await import("./commands/tasks.ts")).tasksCommand,
  task: async () => (await import("./commands/task.ts")).taskCommand,
  new: async () => (await import("./commands/new.ts")).newCommand,
  explain: async () => (await import("./commands/explain.ts")).explainCommand,
  jobs: async () => (await import("./commands/jobs.ts")).jobsCommand,
  runs: async () => (await import("./commands/runs.ts")).runsCommand,
  kill: async () => (await import("./commands/runs/kill.ts")).killCommand,
  logs: async () => (await import("./commands/logs.ts")).logsCommand,
  deliveries: async () => (await import("./commands/deliveries.ts")).deliveriesCommand,
  webhook: async () => (await import("./commands/webhook/webhook.ts")).webhookCommand,
  outbox: async () => (await import("./commands/outbox.ts")).outboxCommand,
  kept: async () => (await import("./commands/kept.ts")).keptCommand,
  artifacts: async () => (await import("./commands/artifacts.ts")).artifactsCommand,
  approve: async () => (await import("./commands/gates/gate.ts")).approveCommand,
  reject: async () => (await import("./commands/gates/gate.ts")).rejectCommand,
  abort: async () => (await import("./commands/gates/gate.ts")).abortCommand,
  ci: async () => (await import("./commands/gates/ci.ts")).ciCommand,
  say: async () => (await import("./commands/gates/say.ts")).sayCommand,
  workflow: async () => (await import("./commands/workflow/workflow.ts")).workflowCommand,
  questions: async () => (await import("./commands/gates/question.ts")).questionsCommand,
  answer: async () => (await import("./commands/gates/question.ts")).answerCommand,
  agent: async () => (await import("./commands/agent/ask.ts")).agentCommand,
  schedules: async () => (await import("./commands/schedules/schedules.ts")).schedulesCommand,
  cancel: async () => (await import("./commands/cancel.ts")).cancelCommand,
  retry: async () => (await import("./commands/retry.ts")).retryCommand,
  pause: async () => (await import("./commands/pause.ts")).pauseCommand,
  resume: async () => (await import("./commands/pause.ts")).resumeCommand,
  "stop-all": async () => (await import("./commands/pause.ts")).stopAllCommand,
  depend: async () => (await import("./commands/between/depend.ts")).dependCommand,
  freeze: async () => (await import("./commands/between/freeze.ts")).freezeCommand,
  unfreeze: async () => (await import("./commands/between/freeze.ts")).unfreezeCommand,
  budget: async () => (await import("./commands/budget.ts")).budgetCommand,
  account: async () => (await import("./commands/account.ts")).accountCommand,
  chat: async () => (await import("./commands/chat.ts")).chatCommand,
  notify: async () => (await import("./commands/notify.ts")).notifyCommand,
  cooldown: async () => (await import("./commands/cooldown.ts")).cooldownCommand,
  backup: async () => (await import("./commands/database/backup.ts")).backupCommand,
  restore: async () => (await import("./commands/database/restore.ts")).restoreCommand,
  migrate: async () => (await import("./commands/database/migrate.ts")).migrateCommand,
  completion: async () => (await import("./commands/shell/completion.ts")).completionCommand,
};

/** Runs one command line (without `node` and the script). The exit code goes to `ports.exit`, unless it is 0. */
export async function runProgram(version: string, line: readonly string[], ports: Ports): Promise<void> {
  const args = commandFirst(line);
  const program = createProgram(version, ports);
  for (const add of await neededBy(args)) add(program, ports);
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for end well; everything else of commander's is wrong usage, and already said.
    ports.exit(error.exitCode === 0 ? EXIT.done : EXIT.usage);
  }
}

/** The program with all of its commands, to be looked at. */
export async function wholeProgram(ports: Ports): Promise<Command> {
  const program = createProgram("", ports);
  for (const add of await neededBy([])) add(program, ports);
  return program;
}

/** Options that commands share may stand in front of the command, too; they are moved behind it. */
function commandFirst(line: readonly string[]): readonly string[] {
  let at = 0;
  while (at < line.length && SHARED.test(line[at] ?? "")) at += (line[at] ?? "").includes("=") ? 1 : 2;
  const [command, ...rest] = line.slice(at);
  return command === undefined || at === 0 ? line : [command, ...rest, ...line.slice(0, at)];
}

const SHARED = /^--(config|url|token)(=|$)/;

function neededBy([first]: readonly string[]): Promise<readonly AddCommand[]> {
  // What completes every command has to know them.
  const named = Object.entries(COMMANDS).filter(([name]) => name === first && name !== "completion");
  const needed = named.length > 0 ? named : Object.entries(COMMANDS);
  return Promise.all(needed.map(([, load]) => load()));
}

function createProgram(version: string, ports: Ports): Command {
  return new Command("chargehand")
    .description("Runs coding agents on webhooks from your forge and your tracker.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "say what a command does and takes")
    .exitOverride()
    .showHelpAfterError("(chargehand help COMMAND says more)")
    .configureOutput({
      writeOut: (text) => ports.out(text),
      writeErr: (text) => ports.err(text),
      getOutHelpWidth: () => Math.min(WIDTH, ports.width ?? WIDTH),
      getErrHelpWidth: () => Math.min(WIDTH, ports.width ?? WIDTH),
    })
    .addHelpText("after", exitLine());
}

/** What the exit codes mean. */
export const EXIT_CODES: readonly (readonly [code: number, says: string])[] = [
  [EXIT.done, "done"],
  [EXIT.failed, "failed"],
  [EXIT.usage, "usage or configuration"],
  [EXIT.unreachable, "daemon unreachable"],
  [EXIT.notFound, "not found"],
  [EXIT.refused, "refused by state"],
];

function exitLine(): string {
  const told = EXIT_CODES.map(([code, says]) => `${code} ${says}`);
  return `\nExit codes: ${told.slice(0, -1).join(", ")},\n${told.at(-1)}.`;
}

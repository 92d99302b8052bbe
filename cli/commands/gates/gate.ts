/** `chargehand approve|reject|abort KEY`: whether the phase in which a task waits is good. */

import type { Command } from "commander";
import { type ToldTask, taskShape } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../../read.ts";

interface AnswerOptions extends AskOptions {
  readonly because?: string;
  readonly artifact?: string;
  readonly commit?: string;
  readonly as?: string;
}

const BECAUSE = "why, for everybody who asks";

export function approveCommand(program: Command, ports: Ports): void {
  answerCommand(program, ports, "approve", "say that the phase in which a task waits is good").option(
    "--because <text>",
    BECAUSE,
  );
}

export function rejectCommand(program: Command, ports: Ports): void {
  answerCommand(
    program,
    ports,
    "reject",
    "say that it is not good; what has to change goes to its agent",
  ).requiredOption("--because <text>", "what has to change");
}

export function abortCommand(program: Command, ports: Ports): void {
  answerCommand(program, ports, "abort", "give up a task that waits for an approval").option(
    "--because <text>",
    BECAUSE,
  );
}

function answerCommand(
  program: Command,
  ports: Ports,
  verb: "approve" | "reject" | "abort",
  description: string,
): Command {
  return withDaemonOptions(program.command(verb).argument("<key>", "key of the task"))
    .description(description)
    .option("--artifact <sha256>", "what the answer is about; if it is another by now, nothing is said")
    .option("--commit <sha>", "the state of the work that it is about; as with --artifact")
    .option("--as <name>", "who says it, as approvers of the workflow are called; else your login")
    .action(async (key: string, { because, artifact, commit, as, ...options }: AnswerOptions) => {
      const by = as ?? ports.env["USER"] ?? ports.env["LOGNAME"];
      const body = {
        ...(because !== undefined && { because }),
        ...(artifact !== undefined && { artifact }),
        ...(commit !== undefined && { commit }),
        ...(by && { by }),
      };
      const path = `/tasks/${segment(key)}/${verb}`;
      await show(ports, options, taskShape, (client) => client.post(path, body), tellAnswered);
    });
}

function tellAnswered({ key, status, phases, approvals }: ToldTask): string {
  const name = plain(key);
  const asked = approvals.at(-1);
  const said =
    asked === undefined ? "" : `Phase ${plain(asked.phase)} of ${name} is ${plain(asked.status)}. `;
  if (asked?.status === "pending") return `${said}It waits for more who approve.\n`;
  const now = phases.at(-1);
  if (status === "active" && now !== undefined)
    return `${said}It goes on with phase ${plain(now.phase)}; follow it with: chargehand logs ${name} --follow\n`;
  return `${said}${name} is ${plain(status)}.\n`;
}

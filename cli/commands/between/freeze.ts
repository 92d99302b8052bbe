/** `chargehand freeze` and `unfreeze`: no new task begins on the repository of a project, and they begin again. */

import type { Command } from "commander";
import { frozenShape, type ToldFrozen } from "../../answers/answers.ts";
import { segment } from "../../client.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../../read.ts";

interface FreezeOptions extends AskOptions {
  readonly because: string;
}

export function freezeCommand(program: Command, ports: Ports): void {
  addCommand(
    program,
    ports,
    "freeze",
    "let no new task begin on a project's repository; what has begun goes on",
  );
}

export function unfreezeCommand(program: Command, ports: Ports): void {
  addCommand(program, ports, "unfreeze", "let new tasks begin on a frozen repository again");
}

function addCommand(program: Command, ports: Ports, verb: "freeze" | "unfreeze", description: string): void {
  withDaemonOptions(program.command(verb).argument("<project>", "name of the project"))
    .description(description)
    .requiredOption("--because <sentence>", "why, for the history and for everybody who asks")
    .action(async (project: string, { because, ...options }: FreezeOptions) => {
      const by = ports.env["USER"] ?? ports.env["LOGNAME"];
      const path = `/projects/${segment(project)}/${verb}`;
      const body = { because, ...(by && { by }) };
      await show(ports, options, frozenShape, (client) => client.post(path, body), tellFrozen);
    });
}

function tellFrozen({ project, freezes, projects }: ToldFrozen): string {
  const name = plain(project);
  const others = projects.filter((other) => other !== project).map(plain);
  const too =
    others.length === 0
      ? ""
      : `, which ${others.join(", ")} ${others.length === 1 ? "works" : "work"} on, too`;
  if (freezes.length === 0) return `The repository of ${name} takes new tasks again${too}.\n`;
  return `The repository of ${name} is frozen${too}: no new task begins, and what has begun goes on.\nIt ends with: chargehand unfreeze ${name} --because "…"\n`;
}

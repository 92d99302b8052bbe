/** `chargehand say KEY TEXT`: feedback for whoever works on a task next. */

import type { Command } from "commander";
import { type ToldTask, taskShape } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../../read.ts";

export function sayCommand(program: Command, ports: Ports): void {
  const named = program.command("say").argument("<key>", "key of the task");
  withDaemonOptions(named.argument("<text>", "what to say; - reads it from standard input"))
    .description("tell a task something; the next run is told, and a done task is followed by another")
    .action(async (key: string, text: string, options: AskOptions) => {
      const by = ports.env["USER"] ?? ports.env["LOGNAME"];
      const body = { text: text === "-" ? await ports.input() : text, ...(by && { by }) };
      const path = `/tasks/${segment(key)}/say`;
      await show(
        ports,
        options,
        taskShape,
        (client) => client.post(path, body),
        (task) => tellSaid(key, task),
      );
    });
}

function tellSaid(asked: string, { key, status }: ToldTask): string {
  const name = plain(key);
  if (key !== asked.toUpperCase())
    return `Written down; ${plain(asked.toUpperCase())} is done, and ${name} follows it: chargehand task ${name}\n`;
  const isOver = status === "failed";
  return `Written down; ${isOver ? `it is told when the task begins again: chargehand retry ${name}` : "the next run is told"}.\n`;
}

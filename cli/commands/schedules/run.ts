/** `chargehand schedules run`: the task of a recurring one, now. */

import type { Command } from "commander";
import { type ToldTask, taskShape } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../../read.ts";

export function runCommand(schedules: Command, ports: Ports): void {
  withDaemonOptions(schedules.command("run").argument("<name>", "name of the recurring task"))
    .description("make the task of a recurring one now, beside its slots")
    .action(async (name: string, options: AskOptions) => {
      const path = `/recurring/${segment(name)}/run`;
      await show(ports, options, taskShape, (client) => client.post(path, {}), renderMade);
    });
}

function renderMade({ key, title }: ToldTask): string {
  return `${plain(key)} was made: ${plain(title)}\n`;
}

/** `chargehand depend KEY`: which tasks have to be done before a task begins. */

import type { Command } from "commander";
import { type ToldTask, taskShape } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import { plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, oneMore, show, withDaemonOptions } from "../../read.ts";

interface DependOptions extends AskOptions {
  readonly on?: readonly string[];
  readonly drop?: readonly string[];
}

export function dependCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("depend").argument("<key>", "key of the task"))
    .description("say which tasks have to be done before a task begins")
    .option("--on <key>", "it needs this task, too; may be said more than once", oneMore)
    .option("--drop <key>", "it needs this one no more; may be said more than once", oneMore)
    .action(async (key: string, { on = [], drop = [], ...options }: DependOptions) => {
      if (on.length + drop.length === 0) {
        const wrong = fail(EXIT.usage, "say what it needs with --on, or needs no more with --drop");
        return report(wrong, ports);
      }
      const path = `/tasks/${segment(key)}/depend`;
      await show(ports, options, taskShape, (client) => client.post(path, { on, drop }), tellNeeds);
    });
}

function tellNeeds({ key, depends_on: needs }: ToldTask): string {
  const name = plain(key);
  if (needs.length === 0) return `${name} needs no other task.\n`;
  const told = needs.map((need) => `${plain(need.key)} (${plain(need.status)})`);
  return `${name} begins when these are done: ${told.join(", ")}.\n`;
}

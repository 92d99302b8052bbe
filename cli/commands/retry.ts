/** `chargehand retry KEY…`: starts failed or cancelled tasks again. */

import type { Command } from "commander";
import { taskShape } from "../answers/tasks.ts";
import { segment } from "../client.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, showEach, withDaemonOptions } from "../read.ts";

interface RetryOptions extends AskOptions {
  readonly from?: string;
}

export function retryCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("retry").argument("<key...>", "keys of the tasks"))
    .description("start failed or cancelled tasks again")
    .option("--from <phase>", "begin with this phase of its workflow; left out, with the one where it stands")
    .action(async (keys: readonly string[], { from, ...options }: RetryOptions) => {
      const said = "Follow it with: chargehand logs";
      await showEach(
        ports,
        options,
        keys,
        taskShape,
        (client, key) =>
          client.post(`/tasks/${segment(key)}/retry`, from === undefined ? {} : { phase: from }),
        (task) => `${task.key} is ${task.status}. ${said} ${task.key} --follow\n`,
      );
    });
}

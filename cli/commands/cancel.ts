/** `chargehand cancel KEY…`: ends tasks, and their agents with them. */

import type { Command } from "commander";
import { taskShape } from "../answers/tasks.ts";
import { segment } from "../client.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, showEach, withDaemonOptions } from "../read.ts";

interface CancelOptions extends AskOptions {
  readonly reason?: string;
}

export function cancelCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("cancel").argument("<key...>", "keys of the tasks"))
    .description("cancel tasks and stop their agents")
    .option("--reason <sentence>", "why, for the history")
    .action(async (keys: readonly string[], { reason, ...options }: CancelOptions) => {
      const body = reason === undefined ? {} : { reason };
      await showEach(
        ports,
        options,
        keys,
        taskShape,
        (client, key) => client.post(`/tasks/${segment(key)}/cancel`, body),
        (task) => `${task.key} is ${task.status}.\n`,
      );
    });
}

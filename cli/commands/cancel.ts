/** `chargehand cancel KEY`: ends a task, and its agent with it. */

import type { Command } from "commander";
import { taskShape } from "../answers.ts";
import { segment } from "../client.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";

interface CancelOptions extends AskOptions {
  readonly reason?: string;
}

export function cancelCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("cancel <key>").description("cancel a task and stop its agent"))
    .option("--reason <sentence>", "why, for the task's history")
    .action(async (key: string, { reason, ...options }: CancelOptions) => {
      const body = reason === undefined ? {} : { reason };
      const ask = `/tasks/${segment(key)}/cancel`;
      await show(
        ports,
        options,
        taskShape,
        (client) => client.post(ask, body),
        (task) => `${task.key} is ${task.status}.\n`,
      );
    });
}

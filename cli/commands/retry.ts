/** `chargehand retry KEY`: starts a failed or cancelled task again. */

import type { Command } from "commander";
import { taskShape } from "../answers.ts";
import { segment } from "../client.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, show, withDaemonOptions } from "../read.ts";

export function retryCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("retry <key>").description("start a failed or cancelled task again"),
  ).action(async (key: string, options: AskOptions) => {
    const ask = `/tasks/${segment(key)}/retry`;
    const said = "Follow it with: chargehand logs";
    await show(
      ports,
      options,
      taskShape,
      (client) => client.post(ask, {}),
      (task) => `${task.key} is ${task.status}. ${said} ${task.key} --follow\n`,
    );
  });
}

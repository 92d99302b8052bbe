/** `chargehand kill RUN…`: stops agents; their tasks wait for a person's `retry`. */

import type { Command } from "commander";
import { runShape, type ToldRun } from "../../answers/tasks.ts";
import { segment } from "../../client.ts";
import type { Ports } from "../../ports.ts";
import { type AskOptions, showEach, withDaemonOptions } from "../../read.ts";

interface KillOptions extends AskOptions {
  readonly reason?: string;
}

export function killCommand(program: Command, ports: Ports): void {
  withDaemonOptions(
    program.command("kill").argument("<run...>", "ids of runs, or as much as no other run begins with"),
  )
    .description("stop agents; what they made is kept, and their tasks fail until they are retried")
    .option("--reason <sentence>", "why, for the history")
    .action(async (runs: readonly string[], { reason, ...options }: KillOptions) => {
      const body = reason === undefined ? {} : { reason };
      await showEach(
        ports,
        options,
        runs,
        runShape,
        (client, run) => client.post(`/runs/${segment(run)}/kill`, body),
        (run: ToldRun) =>
          `Run ${run.id} is asked to stop. To go on with its task: chargehand retry ${run.task}\n`,
      );
    });
}

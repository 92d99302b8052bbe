/** `chargehand resume PROJECT…`: projects that are paused go on. */

import type { Command } from "commander";
import { resumedShape } from "../answers.ts";
import { segment } from "../client.ts";
import type { Ports } from "../ports.ts";
import { type AskOptions, showEach, withDaemonOptions } from "../read.ts";

export function resumeCommand(program: Command, ports: Ports): void {
  withDaemonOptions(program.command("resume").argument("<project...>", "names of the projects"))
    .description("let paused projects go on; a restored database starts paused")
    .action(async (names: readonly string[], options: AskOptions) => {
      await showEach(
        ports,
        options,
        names,
        resumedShape,
        (client, name) => client.post(`/projects/${segment(name)}/resume`, {}),
        ({ project }) => `Project ${project} goes on.\n`,
      );
    });
}

/**
 * `chargehand schedules`: when work may start, and which tasks come by themselves. Windows and recurring tasks have one
 * space of names, so a person names either without saying which it is.
 */

import type { Command } from "commander";
import type { Ports } from "../../ports.ts";
import { editCommands } from "./edit.ts";
import { listCommand } from "./list.ts";
import { overrideCommands } from "./override.ts";
import { previewCommand } from "./preview.ts";
import { runCommand } from "./run.ts";
import { showCommands } from "./show.ts";

export function schedulesCommand(program: Command, ports: Ports): void {
  const schedules = program
    .command("schedules")
    .description("when work may start, and which tasks come by themselves");
  listCommand(schedules, ports);
  showCommands(schedules, ports);
  previewCommand(schedules, ports);
  overrideCommands(schedules, ports);
  editCommands(schedules, ports);
  runCommand(schedules, ports);
}

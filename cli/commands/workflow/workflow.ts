/** `chargehand workflow`: what tasks walk through, as files. All of it works without a daemon. */

import type { Command } from "commander";
import type { Ports } from "../../ports.ts";
import { checkCommand } from "./check.ts";
import { listCommand } from "./list.ts";
import { schemaCommand } from "./schema.ts";
import { showCommand } from "./show.ts";
import { tryCommand } from "./try.ts";

export function workflowCommand(program: Command, ports: Ports): void {
  const workflow = program
    .command("workflow")
    .description("what tasks walk through: check, draw and try workflow files");
  listCommand(workflow, ports);
  checkCommand(workflow, ports);
  showCommand(workflow, ports);
  tryCommand(workflow, ports);
  schemaCommand(workflow, ports);
}

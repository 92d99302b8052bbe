/** `chargehand workflow schema`: what a workflow file may hold, for editors. */

import type { Command } from "commander";
import type { Ports } from "../../ports.ts";

export function schemaCommand(workflow: Command, ports: Ports): void {
  workflow
    .command("schema")
    .description("print the JSON Schema of workflow files, for editors")
    .action(async () => {
      const { workflowJsonSchema } = await import("../../../daemon/workflows/schema.ts");
      ports.out(`${JSON.stringify(workflowJsonSchema(), null, 2)}\n`);
    });
}

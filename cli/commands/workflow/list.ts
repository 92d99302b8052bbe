/** `chargehand workflow list`: the workflows that come with the program. */

import type { Command } from "commander";
import type { Ports } from "../../ports.ts";
import { renderTable } from "../../table.ts";
import { openNamed, readOpened } from "./opened.ts";

interface Listed {
  readonly name: string;
  readonly description: string;
  readonly hash: string;
  readonly phases: readonly string[];
}

export function listCommand(workflow: Command, ports: Ports): void {
  workflow
    .command("list", { isDefault: true })
    .description("list the workflows that come with the program")
    .option("--json", "print one JSON document and nothing else")
    .action(async ({ json }: { json?: boolean }) => {
      const workflows = await builtIn(ports);
      if (json) return ports.out(`${JSON.stringify({ workflows }, null, 2)}\n`);
      const columns = [
        { head: "NAME" },
        { head: "PHASES", flexible: true },
        { head: "DESCRIPTION", flexible: true },
      ];
      const rows = workflows.map(({ name, phases, description }) => [name, phases.join(", "), description]);
      ports.out(renderTable(columns, rows, ports));
    });
}

async function builtIn(ports: Ports): Promise<readonly Listed[]> {
  const { BUILT_IN_NAMES } = await import("../../../daemon/workflows/built-in.ts");
  const found: Listed[] = [];
  for (const name of BUILT_IN_NAMES) {
    const opened = await openNamed(name, ports);
    const read = opened.kind === "ok" ? await readOpened(opened.value) : null;
    if (read?.kind !== "workflow") continue;
    const { description, phases } = read.workflow;
    found.push({ name, description, hash: read.hash, phases: phases.map(({ key }) => key) });
  }
  return found;
}

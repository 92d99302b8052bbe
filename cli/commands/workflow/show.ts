/** `chargehand workflow show NAME|FILE`: a workflow drawn for people, as Mermaid, as its file, or as JSON. */

import { type Command, Option } from "commander";
import { EXIT, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";
import { drawWorkflow } from "./drawing.ts";
import { mermaidOf } from "./mermaid.ts";
import { openNamed, problemLine, readOpened, workflowDocument } from "./opened.ts";

interface ShowOptions {
  readonly json?: boolean;
  readonly mermaid?: boolean;
  readonly yaml?: boolean;
}

export function showCommand(workflow: Command, ports: Ports): void {
  workflow
    .command("show")
    .argument("<name>", "a built-in workflow, or a file")
    .description("draw a workflow: its phases, gates, and ways back")
    .addOption(new Option("--mermaid", "as a flowchart of Mermaid").conflicts(["yaml", "json"]))
    .addOption(new Option("--yaml", "as its file, to copy and change").conflicts(["mermaid", "json"]))
    .option("--json", "print one JSON document and nothing else")
    .action(async (name: string, { json, mermaid, yaml }: ShowOptions) => {
      const opened = await openNamed(name, ports);
      if (opened.kind === "failed") return report(opened, ports);
      const read = await readOpened(opened.value);
      if (read.kind === "problems") {
        for (const problem of read.problems) ports.err(`${problemLine(problem)}\n`);
        return ports.exit(EXIT.usage);
      }
      if (yaml) return ports.out(read.text);
      if (mermaid) return ports.out(mermaidOf(read.workflow));
      if (json) return ports.out(`${JSON.stringify(workflowDocument(read.workflow, read.hash), null, 2)}\n`);
      ports.out(drawWorkflow(read.workflow, read.hash));
    });
}

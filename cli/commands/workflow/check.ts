/** `chargehand workflow check FILE`: all problems of a workflow file, each with its line. */

import type { Command } from "commander";
import type { ReadWorkflow } from "../../../daemon/workflows/read.ts";
import { EXIT, report } from "../../outcome.ts";
import { counted, plain } from "../../phrases.ts";
import type { Ports } from "../../ports.ts";
import { openFile, problemLine, readOpened } from "./opened.ts";

export function checkCommand(workflow: Command, ports: Ports): void {
  workflow
    .command("check")
    .argument("<file...>", "workflow files")
    .description("check workflow files; every problem is told with its line")
    .option("--json", "print one JSON document and nothing else")
    .action(async (files: readonly string[], { json }: { json?: boolean }) => {
      const told: object[] = [];
      for (const file of files) {
        const opened = await openFile(file, ports);
        if (opened.kind === "failed") return report(opened, ports);
        const read = await readOpened(opened.value);
        told.push(documentOf(file, read));
        if (read.kind === "problems") ports.exit(EXIT.usage);
        if (!json) tell(file, read, ports);
      }
      if (json) ports.out(`${JSON.stringify(told.length === 1 ? told[0] : told, null, 2)}\n`);
    });
}

function tell(file: string, read: ReadWorkflow, ports: Ports): void {
  if (read.kind === "problems") {
    for (const problem of read.problems) ports.err(`${problemLine(problem)}\n`);
    return;
  }
  const { name, phases } = read.workflow;
  const size = counted(phases.length, "phase", "phases");
  ports.out(`${plain(file)} is fine: ${name}, ${size}, ${read.hash.slice(0, 12)}\n`);
}

function documentOf(file: string, read: ReadWorkflow): object {
  if (read.kind === "workflow")
    return { file, ok: true, name: read.workflow.name, hash: read.hash, problems: [] };
  const problems = read.problems.map(({ line, column, path, message }) => ({ line, column, path, message }));
  return { file, ok: false, name: null, hash: null, problems };
}

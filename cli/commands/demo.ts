/**
 * `chargehand demo`: the main job on a machine with nothing but git and Node. A scratch repository and configuration
 * in a temporary folder, the real daemon on free ports, recorded deliveries sent twice each, a scripted agent.
 */

import type { Command } from "commander";
import { systemClock } from "../../system/clock.ts";

export function demoCommand(program: Command): void {
  program
    .command("demo")
    .description("run the main job once on a scratch repository: webhook, task, agent, pushed branch")
    .option("--keep", "leave the daemon running until Ctrl-C, with commands to try")
    .option("--json", "print one JSON document and nothing else")
    .action(async (options: { keep?: boolean; json?: boolean }) => {
      // Imported here, so that no other command pays for loading the whole daemon.
      const { runDemo } = await import("../demo/run.ts");
      const say = options.json
        ? (): void => undefined
        : (line: string): void => void process.stdout.write(`${line}\n`);
      const interrupted = new AbortController();
      for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => interrupted.abort());
      const { report, failure } = await runDemo({
        ...{ say, keep: options.keep === true, program: calledAs(process.argv[1] ?? "") },
        ...{ clock: systemClock(), interrupted: interrupted.signal },
      });
      if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      if (failure !== null) process.stderr.write(`demo failed: ${failure}\n`);
      process.exitCode = failure === null ? 0 : 1;
    });
}

/** By its name where it was installed, else by its path. */
function calledAs(path: string): string {
  return path.endsWith(".js") ? path : "chargehand";
}

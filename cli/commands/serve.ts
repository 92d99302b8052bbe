/** `chargehand serve`: the daemon itself, in the foreground, until SIGTERM or SIGINT. */

import type { Command } from "commander";
import { printProblem } from "../../daemon/config/file.ts";
import { EXIT } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readVersion } from "../version.ts";

export function serveCommand(program: Command, ports: Ports): void {
  program
    .command("serve")
    .description("run the daemon in the foreground")
    .option("--config <file>", "configuration file")
    .option("--check", "only check the configuration")
    .action(async (options: { config?: string; check?: boolean }) => {
      // Imported here, so that no other command pays for loading it, and a check does not pay for the whole daemon.
      const { loadConfig } = await import("../../daemon/config/load.ts");
      const loaded = await loadConfig({ path: options.config, env: ports.env, files: ports.files });
      if (loaded.kind === "problems") {
        for (const problem of loaded.problems) ports.err(`${printProblem(problem)}\n`);
        return ports.exit(EXIT.usage);
      }
      if (options.check) return ports.out(`${loaded.config.file} is fine.\n`);
      const { serve } = await import("../../daemon/main.ts");
      ports.exit(
        await serve({ config: loaded.config, version: readVersion(), env: ports.env }, loaded.secrets),
      );
    });
}

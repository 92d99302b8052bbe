/** `chargehand serve`: the daemon itself, in the foreground, until SIGTERM or SIGINT. */

import type { Command } from "commander";
import { printProblem } from "../../daemon/config/file.ts";
import { EXIT, fail, report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readVersion } from "../version.ts";

export function serveCommand(program: Command, ports: Ports): void {
  program
    .command("serve")
    .description("run the daemon in the foreground")
    .option("--config <file>", "configuration file")
    .option("--check", "only check the configuration, without asking anybody")
    .option("--deep", "with --check: also all that a start depends on, as doctor does")
    .option("--json", "with --check --deep: print one JSON document and nothing else")
    .action(async (options: { config?: string; check?: boolean; deep?: boolean; json?: boolean }) => {
      const { check, deep, json, ...asked } = options;
      if (deep || json)
        return deepCheck(check === true && deep === true, { ...asked, ...(json && { json }) }, ports);
      // Imported here, so that no other command pays for loading it, and a check does not pay for the whole daemon.
      const { loadConfig } = await import("../../daemon/config/load.ts");
      const loaded = await loadConfig({ path: options.config, env: ports.env, files: ports.files });
      if (loaded.kind === "problems") {
        for (const problem of loaded.problems) ports.err(`${printProblem(problem)}\n`);
        return ports.exit(EXIT.usage);
      }
      if (check) return ports.out(`${loaded.config.file} is fine.\n`);
      const { serve } = await import("../../daemon/main.ts");
      ports.exit(
        await serve({ config: loaded.config, version: readVersion(), env: ports.env }, loaded.secrets),
      );
    });
}

/** What `doctor` looks at, as far as a start depends on it; a wrong configuration ends as it does without `--deep`. */
async function deepCheck(
  isAsked: boolean,
  options: { readonly config?: string; readonly json?: true },
  ports: Ports,
): Promise<void> {
  if (!isAsked) return report(fail(EXIT.usage, "--deep belongs to --check, and --json to both"), ports);
  const { examineAll } = await import("./setup/doctor.ts");
  await examineAll({ ...options, forStart: true }, ports);
}

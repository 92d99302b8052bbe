/** `chargehand doctor`: looks at what a working set-up takes, and says how each thing stands and what to do. */

import type { Command } from "commander";
import { EXIT } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function doctorCommand(program: Command, ports: Ports): void {
  program
    .command("doctor")
    .description("look whether all is set up: what is wrong, and what to do about it")
    .option("--config <file>", "configuration file")
    .option("--json", "print one JSON document and nothing else")
    .action((options: DoctorOptions) => examineAll({ ...options, forStart: false }, ports));
}

/** Prints what was found; exit code 1 where something is wrong. */
export async function examineAll(
  { config: path, json, forStart }: DoctorOptions & { readonly forStart: boolean },
  ports: Ports,
): Promise<void> {
  // Imported here, so that no other command pays for loading it.
  const { diagnose } = await import("../../doctor/doctor.ts");
  const { LOOK_MS } = await import("../../doctor/examine.ts");
  const { worst } = await import("../../doctor/finding.ts");
  const { sayFindings } = await import("../../doctor/say.ts");
  // Somebody who waits for a slow host has to see that something goes on.
  if (!json && ports.width !== null) ports.err(`Looking, for ${LOOK_MS / 1_000} s at most …\n`);
  const findings = await diagnose({ path, forStart }, ports);
  const outcome = worst(findings);
  ports.out(json ? `${JSON.stringify({ outcome, findings }, null, 2)}\n` : sayFindings(findings));
  if (outcome !== "fail") return;
  const isConfigWrong = findings.some(({ area, status }) => area === "configuration" && status === "fail");
  ports.exit(forStart && isConfigWrong ? EXIT.usage : EXIT.failed);
}

/** `chargehand restore FILE`: a copy takes the place of the database. What was there is moved aside. */

import { resolve } from "node:path";
import type { Command } from "commander";
import { findDataDir } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import type { Restored } from "../../../daemon/restore.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

interface RestoreOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function restoreCommand(program: Command, ports: Ports): void {
  program
    .command("restore")
    .argument("<file>", "a copy that chargehand backup has made, or one of <data_dir>/backups/")
    .description("put a copy in the place of the database; the daemon must not run")
    .option("--config <file>", "configuration that tells where the database is")
    .option("--json", "print one JSON document and nothing else")
    .action(async (file: string, options: RestoreOptions) => {
      const found = await findDataDir({ path: options.config, env: ports.env, files: ports.files });
      if (found.kind === "problems")
        return report(fail(EXIT.usage, found.problems.map(printProblem).join("; ")), ports);
      await restore(found.dataDir, resolve(file), options, ports);
    });
}

async function restore(dataDir: string, file: string, options: RestoreOptions, ports: Ports): Promise<void> {
  // Imported here, so that no other command pays for loading the database.
  const { takeDataDirectory } = await import("../../../daemon/data-directory.ts");
  const { Unusable } = await import("../../../daemon/unusable.ts");
  const { restoreDatabase } = await import("../../../daemon/restore.ts");
  const { StoreFault } = await import("../../../store/engine/engine.ts");
  let release = (): void => undefined;
  try {
    const lock = await takeDataDirectory(ports.files, dataDir);
    if (lock.kind === "taken") {
      const hint = "stop it first; its agents may go on, and are ended when it starts again";
      return report(fail(EXIT.refused, `a daemon is running on ${dataDir}`, hint), ports);
    }
    release = () => lock.release();
    const restored = await restoreDatabase(dataDir, file, ports.clock.now());
    ports.out(options.json ? `${JSON.stringify(viewOf(restored), null, 2)}\n` : tell(restored, file));
  } catch (error) {
    if (error instanceof Unusable) return report(fail(EXIT.failed, error.message), ports);
    if (!(error instanceof StoreFault)) throw error;
    report(fail(EXIT.failed, error.message, error.hint), ports);
  } finally {
    release();
  }
}

function viewOf({ numbersKept, ...told }: Restored): Readonly<Record<string, unknown>> {
  return { ...told, numbers_kept: numbersKept };
}

/** What was done, and what the person has to know of it. */
function tell(restored: Restored, file: string): string {
  const { database, tasks, applied, lost, parked, paused, replaced, numbersKept } = restored;
  return [
    `${database} is ${file} now: ${tasks} ${tasks === 1 ? "task" : "tasks"}.`,
    applied.length === 0 ? "" : `It was brought up to this version: ${applied.join(", ")}.`,
    replaced === null ? "There was no database before." : `What was there before is ${replaced}.`,
    numbersKept
      ? ""
      : "What was there could not be read, so numbers of tasks that were made since may be given once more.",
    lost.length === 0 ? "" : `Runs that were live then are lost, and are tried again: ${lost.join(", ")}.`,
    parked === 0
      ? ""
      : `Calls to the outside that were owed then are not made any more, for they may have been made since: ${parked}.`,
    paused.length === 0
      ? ""
      : `The queue is paused. Start the daemon, look at it (chargehand status), then: chargehand resume ${paused.join(" ")}`,
  ]
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .join("");
}

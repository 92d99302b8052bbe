/** `chargehand migrate`: brings the database up to this version without starting the daemon. */

import type { Command } from "commander";
import { databaseFile, findDataDir } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

interface MigrateOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export function migrateCommand(program: Command, ports: Ports): void {
  program
    .command("migrate")
    .description("bring the database up to this version without starting the daemon")
    .option("--config <file>", "configuration file")
    .option("--json", "print one JSON document and nothing else")
    .action(async (options: MigrateOptions) => {
      const found = await findDataDir({ path: options.config, env: ports.env, files: ports.files });
      if (found.kind === "problems") {
        return report(fail(EXIT.usage, found.problems.map(printProblem).join("; ")), ports);
      }
      await migrateDatabase(found.dataDir, options, ports);
    });
}

async function migrateDatabase(dataDir: string, options: MigrateOptions, ports: Ports): Promise<void> {
  // Imported here, so that no other command pays for loading the database.
  const { openDatabase, takeDataDirectory } = await import("../../../daemon/data-directory.ts");
  const { Unusable } = await import("../../../daemon/unusable.ts");
  const { StoreFault } = await import("../../../store/engine/engine.ts");
  const { migrateWithCopy } = await import("../../../daemon/copies.ts");
  let release = (): void => undefined;
  try {
    const lock = await takeDataDirectory(ports.files, dataDir);
    if (lock.kind === "taken") {
      const hint = "stop it first; it migrates by itself at start";
      return report(fail(EXIT.refused, `a daemon is running on ${dataDir}`, hint), ports);
    }
    release = () => lock.release();
    const engine = await openDatabase(dataDir);
    let copy: string | null = null;
    const applied = await migrateWithCopy(engine, dataDir, ports.clock.now(), ({ path }) => {
      copy = path;
    }).finally(() => engine.close());
    const database = databaseFile(dataDir);
    if (options.json) return ports.out(`${JSON.stringify({ database, applied, copy }, null, 2)}\n`);
    const before = copy === null ? "" : ` What it was before is in ${copy}.`;
    ports.out(
      applied.length === 0
        ? `${database} is up to date.\n`
        : `${database}: applied ${applied.join(", ")}.${before}\n`,
    );
  } catch (error) {
    if (error instanceof Unusable) return report(fail(EXIT.failed, error.message), ports);
    if (!(error instanceof StoreFault)) throw error;
    report(fail(EXIT.failed, error.message, error.hint), ports);
  } finally {
    release();
  }
}

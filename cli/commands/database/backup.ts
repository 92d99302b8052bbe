/** `chargehand backup FILE`: a copy of the database as it is now, whether the daemon runs or not. */

import { resolve } from "node:path";
import type { Command } from "commander";
import { databaseFile, findDataDir } from "../../../daemon/config/data-dir.ts";
import { printProblem } from "../../../daemon/config/file.ts";
import { EXIT, fail, report } from "../../outcome.ts";
import type { Ports } from "../../ports.ts";

interface BackupOptions {
  readonly config?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function backupCommand(program: Command, ports: Ports): void {
  program
    .command("backup")
    .argument("<file>", "where the copy goes; it is written beside and renamed when it is whole")
    .description("copy the database to a file, while the daemon runs or not")
    .option("--config <file>", "configuration that tells where the database is")
    .option("--force", "replace a file that is there")
    .option("--json", "print one JSON document and nothing else")
    .action(async (file: string, options: BackupOptions) => {
      const found = await findDataDir({ path: options.config, env: ports.env, files: ports.files });
      if (found.kind === "problems")
        return report(fail(EXIT.usage, found.problems.map(printProblem).join("; ")), ports);
      await backUp(databaseFile(found.dataDir), resolve(file), options, ports);
    });
}

async function backUp(database: string, file: string, options: BackupOptions, ports: Ports): Promise<void> {
  // Imported here, so that no other command pays for loading the database.
  const { copyTo } = await import("../../../daemon/copies.ts");
  const { Unusable } = await import("../../../daemon/unusable.ts");
  const { StoreFault } = await import("../../../store/engine/engine.ts");
  try {
    if ((await ports.files.size("backup", database)) === null)
      return report(fail(EXIT.notFound, `there is no database ${database}`, "start the daemon once"), ports);
    if ([database, `${database}-wal`, `${database}-shm`].includes(file))
      return report(fail(EXIT.usage, `${file} is the database itself`, "name another file"), ports);
    if (options.force !== true && (await ports.files.exists("backup", file)))
      return report(fail(EXIT.refused, `${file} is there already`, "replace it with --force"), ports);
    const { path, bytes, tasks } = await copyTo(database, file);
    if (options.json) return ports.out(`${JSON.stringify({ file: path, bytes, tasks }, null, 2)}\n`);
    const contents = `${bytes} bytes, ${tasks} ${tasks === 1 ? "task" : "tasks"}`;
    const rest = "Configuration, secrets and work in progress (worktrees, logs of runs) are not in it.";
    ports.out(`${path}: ${contents}; read through without a fault.\n${rest}\n`);
  } catch (error) {
    if (error instanceof Unusable) return report(fail(EXIT.failed, error.message), ports);
    if (!(error instanceof StoreFault)) throw error;
    report(fail(EXIT.failed, error.message, error.hint), ports);
  }
}

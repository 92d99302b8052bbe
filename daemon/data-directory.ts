/**
 * The data directory: made, taken by one daemon, and its database opened, by `serve` and by `migrate`.
 */

import { openSqlite, type SqliteEngine } from "../store/engine/sqlite.ts";
import { type Files, keepPrivate } from "../system/files.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import { fileSystemAt } from "../system/mounts.ts";
import { databaseFile } from "./config/data-dir.ts";
import { using } from "./unusable.ts";

/**
 * Makes the directory unless it is there, and takes it for this process.
 *
 * @throws Unusable when it cannot be made, or its lock cannot even be asked for.
 */
export async function takeDataDirectory(files: Files, dataDir: string): Promise<Lock> {
  await using(dataDir, "correct data_dir, or let the daemon's user write there", () =>
    files.makeDirectory("data directory", dataDir),
  );
  const path = `${dataDir}/daemon.lock`;
  const remedy =
    "let the daemon's user write the directory; nothing is stored in this file, so it may be removed";
  return using(path, remedy, async () => {
    keepPrivate(path);
    return acquireLock(path);
  });
}

/** @throws StoreFault when the database cannot be opened. */
export async function openDatabase(dataDir: string): Promise<SqliteEngine> {
  const path = databaseFile(dataDir);
  // What SQLite makes beside it gets the mode of the database; what an earlier version has made is mended.
  keepPrivate(path, ["-wal", "-shm", "-journal"]);
  return openSqlite(path, { fileSystem: fileSystemAt(dataDir) });
}

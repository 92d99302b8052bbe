/**
 * The data directory: made, taken by one daemon, and its database opened, by `serve` and by `migrate`.
 */

import { openSqlite, type SqliteEngine } from "../store/engine/sqlite.ts";
import { chmodOwn, type Files, keepPrivate, standingOf } from "../system/files.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import { fileSystemAt } from "../system/mounts.ts";
import { databaseFile } from "./config/data-dir.ts";
import { Unusable, using } from "./unusable.ts";

/**
 * Makes the directory unless it is there, and takes it for this process.
 *
 * @throws Unusable when it cannot be made, or its lock cannot even be asked for.
 */
export async function takeDataDirectory(files: Files, dataDir: string): Promise<Lock> {
  await using(dataDir, "correct data_dir, or let the daemon's user write there", () =>
    files.makeDirectory("data directory", dataDir),
  );
  keepOwn(dataDir);
  const path = `${dataDir}/daemon.lock`;
  const remedy =
    "let the daemon's user write the directory; nothing is stored in this file, so it may be removed";
  return using(path, remedy, async () => {
    keepPrivate(path);
    return acquireLock(path);
  });
}

/**
 * Sees to it that nobody else enters the directory: its mode is mended where an operator has made it otherwise.
 *
 * @throws Unusable where that cannot be: whoever owns a folder can exchange all that is in it
 */
function keepOwn(dataDir: string): void {
  const { owner, mode } = standingOf(dataDir);
  const user = process.geteuid?.() ?? 0;
  if (user !== 0 && owner !== user && owner !== 0)
    throw new Unusable(
      `${dataDir} cannot be used: it belongs to user ${owner}; give it to the daemon's user`,
    );
  if ((mode & 0o1000) !== 0)
    throw new Unusable(`${dataDir} cannot be used: many write there; give the daemon a folder of its own`);
  if (owner === user && (mode & 0o077) !== 0) chmodOwn(dataDir, mode & 0o700);
}

/** @throws StoreFault when the database cannot be opened. */
export async function openDatabase(dataDir: string): Promise<SqliteEngine> {
  const path = databaseFile(dataDir);
  // What SQLite makes beside it gets the mode of the database; what an earlier version has made is mended.
  keepPrivate(path, ["-wal", "-shm", "-journal"]);
  return openSqlite(path, { fileSystem: fileSystemAt(dataDir) });
}

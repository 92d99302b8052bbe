/**
 * The data directory: made, taken by one daemon, and its database opened, by `serve` and by `migrate`.
 *
 * What stands in the way of that is mostly a mistake of whoever installs (a wrong path, another user, a read-only
 * disk), so it is told as one sentence and never as a stack.
 */

import { openSqlite, type SqliteEngine } from "../store/engine/sqlite.ts";
import { type Files, keepPrivate } from "../system/files.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import { fileSystemAt } from "../system/mounts.ts";
import { databaseFile } from "./config/data-dir.ts";

/** One sentence: what cannot be used, why, and what to do. */
export class Unusable extends Error {
  override readonly name = "Unusable";
}

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

/**
 * Does work on a file or directory of the daemon's own.
 *
 * @param remedy what to do about it, as an order
 * @throws Unusable in place of what the system or SQLite answered; a StoreFault and our own errors pass
 */
export async function using<T>(path: string, remedy: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && typeof error.code === "string")) throw error;
    const said = error.message.includes(error.code) ? error.message : `${error.message} (${error.code})`;
    throw new Unusable(`${path} cannot be used: ${said}; ${remedy}`, { cause: error });
  }
}

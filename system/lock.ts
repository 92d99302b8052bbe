/**
 * One daemon per data directory.
 *
 * The lock is the kernel's, on a SQLite file of its own: it dies with the process, however that ends, so a stale lock
 * cannot exist. SQLite is used because Node itself has no file locks; nothing is ever stored in the file.
 */

import Database from "better-sqlite3";

/** What nobody refers to is collected, and its file closed: a lock must last until it is released. */
const held = new Set<Database.Database>();

export type Lock = { readonly kind: "held"; release(): void } | { readonly kind: "taken" };

/** @throws when the file cannot be made at all */
export function acquireLock(path: string): Lock {
  const file = new Database(path, { timeout: 0 });
  try {
    // In memory: a journal on the disk would need room there, and a full disk must not keep the daemon from starting.
    file.pragma("journal_mode = MEMORY");
    file.pragma("locking_mode = EXCLUSIVE");
    file.exec("BEGIN EXCLUSIVE");
    held.add(file);
    return {
      kind: "held",
      release(): void {
        held.delete(file);
        file.close();
      },
    };
  } catch (error) {
    file.close();
    if (error instanceof Database.SqliteError && error.code.startsWith("SQLITE_BUSY"))
      return { kind: "taken" };
    throw error;
  }
}

/**
 * How a SQLite connection keeps its promises: the pragmas, each one read back after it was set.
 *
 * 1. `synchronous=FULL` is said aloud: the driver is compiled so that WAL silently means NORMAL, which loses the last
 *    commits in a power cut although they were acknowledged (I1).
 * 2. WAL needs shared memory between processes, which network file systems do not have: there it is a rollback journal.
 * 3. Memory is bounded: a small page cache and no memory map, so that a database of any size costs the same. Only what
 *    a statement puts aside for itself is in memory: a few rows, but for a migration that builds an index over many. If
 *    that could go to files, SQLite would set up a page cache for each table that a claim puts aside, and after every
 *    fork of the daemon it costs more to touch that memory again than the whole claim.
 */

import type Driver from "better-sqlite3";
import { StoreFault } from "./engine.ts";

export interface Durability {
  /** `wal`, `delete` on network file systems, `memory` for a database that is in memory only. */
  readonly journal: string;
  readonly synchronous: "FULL";
}

/** How long a statement waits for another process's transaction. */
const BUSY_TIMEOUT_MS = 30_000;
/** Pages of the log before it is written back: 16 MiB. Smaller logs stall more often, larger ones longer. */
const WAL_AUTOCHECKPOINT_PAGES = 4_000;
/** What a burst may leave of the log file afterwards. */
const JOURNAL_SIZE_LIMIT_BYTES = 67_108_864;
/** Negative means KiB: 8 MiB hold the upper levels of every index at millions of rows. */
const CACHE_SIZE_KIB = -8_192;
const SYNCHRONOUS_FULL = 2;
const TEMP_STORE_MEMORY = 2;

/** File system types, as the mount table names them, on which another machine may hold the same file open. */
const NETWORK_FILE_SYSTEMS: ReadonlySet<string> = new Set([
  "9p",
  "acfs",
  "afs",
  "beegfs",
  "ceph",
  "cifs",
  "coda",
  "gfs2",
  "glusterfs",
  "gpfs",
  "lustre",
  "ncpfs",
  "nfs",
  "nfs4",
  "ocfs2",
  "smb2",
  "smb3",
  "smbfs",
  "virtiofs",
  "vboxsf",
]);

/** Whether WAL is unsafe on a file system of this type. FUSE mounts are judged by what is behind them. */
export function isNetworkFileSystem(type: string): boolean {
  if (type === "fuse" || type === "fuseblk") return false;
  return type.startsWith("fuse.") ? !LOCAL_FUSE.has(type) : NETWORK_FILE_SYSTEMS.has(type);
}

/** FUSE file systems known to be local; any other may be sshfs, s3fs or the like. */
const LOCAL_FUSE: ReadonlySet<string> = new Set([
  "fuse.fuse-overlayfs",
  "fuse.bindfs",
  "fuse.ntfs-3g",
  "fuse.mergerfs",
]);

/** Writes the log back and cuts it to nothing, if nobody reads or writes just now. */
export function checkpoint(database: Driver.Database): boolean {
  // The whole daemon would wait for a reader.
  database.pragma("busy_timeout = 0");
  try {
    return database.pragma("wal_checkpoint(TRUNCATE)", { simple: true }) === 0;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/**
 * Sets every pragma, reads it back, and answers what holds.
 *
 * @param fileSystem type of the file system that the file lies on, if known.
 * @throws StoreFault `broken` when the database does not take one.
 */
export function makeDurable(database: Driver.Database, fileSystem: string | undefined): Durability {
  database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const wanted = fileSystem !== undefined && isNetworkFileSystem(fileSystem) ? "delete" : "wal";
  const journal = database.memory ? "memory" : wanted;
  database.pragma(`journal_mode = ${journal}`);
  const settings: readonly (readonly [name: string, value: number])[] = [
    ["busy_timeout", BUSY_TIMEOUT_MS],
    ["synchronous", SYNCHRONOUS_FULL],
    ["foreign_keys", 1],
    ["wal_autocheckpoint", WAL_AUTOCHECKPOINT_PAGES],
    ["journal_size_limit", JOURNAL_SIZE_LIMIT_BYTES],
    ["cache_size", CACHE_SIZE_KIB],
    ["mmap_size", 0],
    ["temp_store", TEMP_STORE_MEMORY],
  ];
  for (const [name, value] of settings) database.pragma(`${name} = ${value}`);
  const held: readonly (readonly [name: string, value: string | number])[] = [
    ["journal_mode", journal],
    ...settings,
  ];
  for (const [name, value] of held) {
    const found = database.pragma(name, { simple: true }) ?? 0;
    if (found === value) continue;
    throw new StoreFault(
      "broken",
      `SQLite did not take '${name} = ${value}': it is ${String(found)}`,
      "look whether another program holds the database file open, and on which file system it lies",
    );
  }
  return { journal, synchronous: "FULL" };
}

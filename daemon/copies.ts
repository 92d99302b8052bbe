/**
 * Copies of the database: one that a person asks for, and one before each migration, so that there is a way back from
 * an upgrade (docs/upgrade.md).
 *
 * U1. A copy gets its name only when it is complete, on the disk, and was read through without a fault.
 * U2. Nothing is migrated that could not be copied first: where there is no room, the start is refused and says so.
 */

import { copyDatabase, examineDatabase } from "../store/engine/backup.ts";
import { StoreFault } from "../store/engine/engine.ts";
import { migrate, nextMigration } from "../store/engine/migrate.ts";
import type { SqliteEngine } from "../store/engine/sqlite.ts";
import {
  makeEmpty,
  makeFolder,
  namesIn,
  putInPlace,
  removeFiles,
  roomAt,
  sizeOf,
} from "../system/files/whole-files.ts";
import { using } from "./unusable.ts";

export interface Copied {
  readonly path: string;
  readonly bytes: number;
  readonly tasks: number;
}

/**
 * Copies a database to a file, in place of one that has the name.
 *
 * @throws Unusable when the file cannot be written; StoreFault when the copy is not sound, or the disk is full
 */
export async function copyTo(database: string, path: string): Promise<Copied> {
  const beside = `${path}.${process.pid}.tmp`;
  const remedy = "name a file in a folder where you may write and where there is room";
  return using(path, remedy, async () => {
    try {
      makeEmpty(beside);
      copyDatabase(database, beside);
      const examined = examineDatabase(beside);
      if (examined.kind === "unfit") {
        const hint = "the database itself may be damaged: stop the daemon, and look at it with sqlite3";
        throw new StoreFault("broken", `the copy of ${database} is of no use: ${examined.reason}`, hint);
      }
      putInPlace(beside, path);
      return { path, bytes: sizeOf(path) ?? 0, tasks: examined.tasks };
    } finally {
      removeFiles([beside, `${beside}-journal`]);
    }
  });
}

/** Copies before migrations that are kept. */
const COPIES_KEPT = 3;
const COPY = /^before-(\d{1,6})\.db$/;
/** Left free beside the copy: migrations write a log of what they change. */
const ROOM_BYTES = 16 * 1_024 * 1_024;

/**
 * Brings the database up to date, after a copy of what it was. Answers the names of what was applied, oldest first.
 *
 * @param dataDir where the copies lie, in `backups/`
 * @param tell of the copy, before anything is changed
 * @param room what may be written in a folder, in bytes
 * @throws StoreFault `full` when there is no room for the copy; then nothing was changed
 */
export async function migrateWithCopy(
  engine: SqliteEngine,
  dataDir: string,
  now: number,
  tell: (copied: Copied, before: number) => void,
  room: (folder: string) => number = roomAt,
): Promise<readonly string[]> {
  const next = await nextMigration(engine);
  if (next !== null) {
    const folder = `${dataDir}/backups`;
    makeFolder(folder);
    tell(await copyBefore(engine, folder, next, room(folder)), next);
  }
  return migrate(engine, now);
}

async function copyBefore(engine: SqliteEngine, folder: string, next: number, room: number): Promise<Copied> {
  const needed = (sizeOf(engine.place) ?? 0) + (sizeOf(`${engine.place}-wal`) ?? 0) + ROOM_BYTES;
  if (room < needed) {
    throw new StoreFault(
      "full",
      `${folder} has no room for a copy of the database before migration ${next}: ${mebibytes(needed)} are needed, ${mebibytes(room)} are free`,
      `make room (older copies in ${folder} may be removed), and start again; nothing was changed`,
    );
  }
  const copied = await copyTo(engine.place, `${folder}/before-${next}.db`);
  const older = namesIn(folder)
    .flatMap((name) => COPY.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((one, other) => other - one)
    .slice(COPIES_KEPT);
  removeFiles(older.map((number) => `${folder}/before-${number}.db`));
  return copied;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_048_576)} MiB`;
}

/** How a database fares, looked at beside whoever has it open: nothing is changed or written back. */

import Driver from "better-sqlite3";
import { newestKnown } from "./migrate.ts";
import { decode } from "./row.ts";

/** Reading all of a larger one takes longer than anybody waits for a look. */
const READ_WHOLE_BYTES_MAX = 512 * 1_048_576;
const PATIENCE_MS = 5_000;

export type Health =
  | {
      readonly kind: "sound";
      readonly tasks: number;
      /** Of its newest migration, and of the newest that this program knows. */
      readonly migration: number;
      readonly known: number;
      /** Whether every page of it was read. */
      readonly isReadWhole: boolean;
    }
  | { readonly kind: "unfit"; readonly reason: string };

/** @param bytes its size */
export function databaseHealth(path: string, bytes: number): Health {
  let database: Driver.Database | undefined;
  try {
    database = new Driver(path, { fileMustExist: true, readonly: true, timeout: PATIENCE_MS });
    const isReadWhole = bytes <= READ_WHOLE_BYTES_MAX;
    const said = isReadWhole ? database.pragma("quick_check(1)", { simple: true }) : "ok";
    if (said !== "ok") return { kind: "unfit", reason: `it is damaged: ${String(said)}` };
    const [row] = database.prepare<[], Record<string, unknown>>(ABOUT).all();
    if (row === undefined) return { kind: "unfit", reason: "it is empty" };
    const { integer } = decode("migrations", row);
    const [migration, tasks] = [integer("migration"), integer("tasks")];
    return { kind: "sound", tasks, migration, known: newestKnown(), isReadWhole };
  } catch (error) {
    if (!(error instanceof Driver.SqliteError)) throw error;
    if (error.code === "SQLITE_NOTADB") return { kind: "unfit", reason: "it is no database" };
    if (/no such table/.test(error.message))
      return { kind: "unfit", reason: "it is no database of chargehand" };
    return { kind: "unfit", reason: `${error.message} (${error.code})` };
  } finally {
    database?.close();
  }
}

const ABOUT =
  "select coalesce(max(number), 0) as migration, (select count(*) from tasks) as tasks from migrations";

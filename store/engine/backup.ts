/**
 * Copies of a SQLite database: made while others write to it, and looked at before anybody trusts them.
 *
 * `vacuum into` reads in one transaction, so that the copy is of one moment, and in WAL mode keeps nobody from writing.
 * What it makes is one file, without a log beside it.
 */

import Driver from "better-sqlite3";
import { decode } from "./row.ts";

/** How many faults of a damaged file are told. */
const FAULTS_TOLD = 3;
const PATIENCE_MS = 30_000;

/**
 * Copies what is committed into a new file, which must be empty or missing.
 *
 * @throws the driver's error, such as SQLITE_FULL; then what stands there is to be removed
 */
export function copyDatabase(from: string, into: string): void {
  const database = new Driver(from, { fileMustExist: true, timeout: PATIENCE_MS });
  try {
    database.prepare("vacuum into ?").run(into);
  } finally {
    database.close();
  }
}

/** A copy as it was found: sound, with the number of its newest migration, or why it is of no use. */
export type Examined =
  | { readonly kind: "sound"; readonly migration: number; readonly tasks: number }
  | { readonly kind: "unfit"; readonly reason: string };

/** Reads all of it. Nobody else may have it open. */
export function examineDatabase(path: string): Examined {
  let database: Driver.Database | undefined;
  try {
    database = new Driver(path, { fileMustExist: true });
    const faults = database.pragma(`integrity_check(${FAULTS_TOLD})`, { simple: false });
    const said = rowsOf(faults).map((row) => decode("integrity_check", row).text("integrity_check"));
    if (said.join() !== "ok") return unfit(`it is damaged: ${said.join("; ")}`);
    const orphans = rowsOf(database.pragma("foreign_key_check"));
    if (orphans.length > 0) return unfit(`it is damaged: ${orphans.length} rows belong to nothing`);
    const isOurs = database.prepare(IS_OURS).get() !== undefined;
    if (!isOurs) return unfit("it is no database of chargehand");
    const [row] = rowsOf(database.prepare(ABOUT).all());
    if (row === undefined) return unfit("it is empty");
    const { integer } = decode("migrations", row);
    return { kind: "sound", migration: integer("migration"), tasks: integer("tasks") };
  } catch (error) {
    if (!(error instanceof Driver.SqliteError)) throw error;
    return unfit(error.code === "SQLITE_NOTADB" ? "it is no database" : `${error.message} (${error.code})`);
  } finally {
    database?.close();
  }
}

/**
 * Whether a database can be read at all. Nothing is changed or written back, because whoever opens a damaged one to
 * write takes its log away.
 */
export function isReadable(path: string): boolean {
  let database: Driver.Database | undefined;
  try {
    database = new Driver(path, { fileMustExist: true, readonly: true });
    return database.prepare(IS_OURS).get() !== undefined;
  } catch (error) {
    if (!(error instanceof Driver.SqliteError)) throw error;
    return false;
  } finally {
    database?.close();
  }
}

const IS_OURS = "select 1 as one from sqlite_schema where type = 'table' and name = 'migrations'";
const ABOUT =
  "select coalesce(max(number), 0) as migration, (select count(*) from tasks) as tasks from migrations";

function rowsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value : [];
}

function unfit(reason: string): Examined {
  return { kind: "unfit", reason };
}

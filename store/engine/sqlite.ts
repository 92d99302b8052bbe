/**
 * The SQLite engine: one connection, one writer, every commit on disk before it is answered.
 *
 * 1. `BEGIN IMMEDIATE`: a batch waits for the write lock at its start and never fails half-way for want of it.
 * 2. A statement is prepared once per text; texts are constants, so their number is bounded.
 * 3. It is synchronous inside: a batch is one turn of the event loop, so nothing else sees it half done.
 *
 * It opens files by itself, past `system/`: the driver is the file access. It never opens the database file in any
 * other way, because closing a second descriptor would drop the locks of the first.
 */

import Driver from "better-sqlite3";
import { checkpoint, type Durability, makeDurable } from "./durability.ts";
import {
  type BatchResult,
  type Engine,
  type Row,
  type Sql,
  type Statement,
  StoreFault,
  storable,
  type Value,
} from "./engine.ts";

export interface SqliteEngine extends Engine {
  readonly name: "sqlite";
  /** What was read back at open. */
  readonly durability: Durability;
  /** Writes the log back to the database and cuts it to nothing; false while somebody reads. Waits for nobody. */
  shortenLog(): boolean;
}

export interface SqliteOptions {
  /** Type of the file system under the path, as the mount table names it; WAL is not used on network ones. */
  readonly fileSystem?: string;
}

/**
 * Opens or creates a database file, or `:memory:`.
 *
 * @throws StoreFault when the file cannot be opened or does not take the durability that is promised.
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<SqliteEngine> {
  let database: Driver.Database | undefined;
  try {
    database = new Driver(path);
    return new Sqlite(path, database, makeDurable(database, options.fileSystem));
  } catch (error) {
    database?.close();
    throw asFault(error, path);
  }
}

class Sqlite implements SqliteEngine {
  readonly name = "sqlite";
  readonly place: string;
  readonly durability: Durability;
  readonly #database: Driver.Database;
  readonly #prepared = new Map<string, Driver.Statement<unknown[], Row>>();

  constructor(path: string, database: Driver.Database, durability: Durability) {
    this.place = path;
    this.#database = database;
    this.durability = durability;
  }

  async all(sql: Sql, params: readonly Value[]): Promise<readonly Row[]> {
    try {
      return this.#prepare(sql).all(...bound(params));
    } catch (error) {
      throw asFault(error, this.place);
    }
  }

  async atomic(batch: readonly Statement[]): Promise<BatchResult> {
    try {
      return this.#run(batch);
    } catch (error) {
      throw asFault(error, this.place);
    } finally {
      // Disk-full and I/O errors have rolled back by themselves; everything else that did not commit is undone here.
      if (this.#database.inTransaction) this.#database.exec("rollback");
    }
  }

  async script(text: string): Promise<void> {
    try {
      this.#database.exec("begin immediate");
      this.#database.exec(text);
      this.#database.exec("commit");
    } catch (error) {
      throw asFault(error, this.place);
    } finally {
      if (this.#database.inTransaction) this.#database.exec("rollback");
    }
  }

  shortenLog(): boolean {
    try {
      return checkpoint(this.#database);
    } catch (error) {
      throw asFault(error, this.place);
    }
  }

  async close(): Promise<void> {
    this.#prepared.clear();
    this.#database.close();
  }

  /** Leaves the transaction open on a conflict; the caller rolls it back. */
  #run(batch: readonly Statement[]): BatchResult {
    const rows: (readonly Row[])[] = [];
    const changes: number[] = [];
    this.#prepare("begin immediate").run();
    for (const [index, { sql, params, expect }] of batch.entries()) {
      const statement = this.#prepare(sql);
      try {
        const returned = statement.reader ? statement.all(...bound(params)) : NONE;
        const changed = statement.reader ? returned.length : statement.run(...bound(params)).changes;
        if (expect !== undefined && changed !== expect) return { kind: "conflict", statement: index };
        rows.push(returned);
        changes.push(changed);
      } catch (error) {
        if (expect !== undefined && isDuplicate(error)) return { kind: "conflict", statement: index };
        throw error;
      }
    }
    this.#prepare("commit").run();
    return { kind: "done", rows, changed: changes };
  }

  #prepare(sql: Sql): Driver.Statement<unknown[], Row> {
    const text = typeof sql === "string" ? sql : sql.sqlite;
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    // The sign changes nothing of the value; a bare parameter would be held against partial indexes, and the statement
    // planned anew for each value, which takes longer than running it.
    const prepared = this.#database.prepare<unknown[], Row>(text.replace(/\$(\d+)/g, "+?$1"));
    this.#prepared.set(text, prepared);
    return prepared;
  }
}

const NONE: readonly Row[] = [];

/** Numbered parameters are bound by name, so that one may stand in a text twice. */
function bound(params: readonly Value[]): readonly unknown[] {
  if (params.length === 0) return [];
  const byNumber: Record<string, Value> = {};
  for (let index = 0; index < params.length; index++) byNumber[index + 1] = storable(params[index] ?? null);
  return [byNumber];
}

function isDuplicate(error: unknown): boolean {
  const code = codeOf(error);
  return code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY";
}

function codeOf(error: unknown): string {
  return error instanceof Driver.SqliteError ? error.code : "";
}

/** What the operator can do, by the beginning of SQLite's code. The first that fits holds. */
const FAULTS: readonly (readonly [code: string, kind: StoreFault["kind"], hint: string])[] = [
  [
    "SQLITE_FULL",
    "full",
    "free space on the disk of the data directory; what was not written will be tried again",
  ],
  [
    "SQLITE_IOERR_SHMSIZE",
    "full",
    "free space on the disk of the data directory; what was not written will be tried again",
  ],
  [
    "SQLITE_BUSY",
    "busy",
    "another process holds the database locked: look for a second daemon or an open sqlite3 shell",
  ],
  ["SQLITE_LOCKED", "busy", "another connection holds a table locked: look for an open sqlite3 shell"],
  ["SQLITE_IOERR", "broken", "the disk answers with errors: look into the kernel's log"],
  ["SQLITE_CORRUPT", "broken", "the database file is damaged: stop the daemon and restore the last backup"],
  [
    "SQLITE_NOTADB",
    "broken",
    "the file is no SQLite database: check `database` and `data_dir` in the configuration",
  ],
  ["SQLITE_CANTOPEN", "broken", "check that the data directory exists and belongs to the daemon's user"],
  ["SQLITE_READONLY", "broken", "the daemon's user may not write the database file or its directory"],
  ["SQLITE_PERM", "broken", "the daemon's user may not write the database file or its directory"],
  [
    "SQLITE_CONSTRAINT",
    "broken",
    "the database refused a write that breaks its rules: this is a defect, please report it",
  ],
];

function asFault(error: unknown, path: string): unknown {
  if (error instanceof StoreFault) return error;
  // The driver refuses a missing directory by itself, before SQLite sees the path.
  if (error instanceof TypeError && error.message.includes("directory does not exist")) {
    const hint = "create the data directory, or correct `data_dir`";
    return new StoreFault("broken", `${error.message}: ${path}`, hint, error);
  }
  const code = codeOf(error);
  if (code === "") return error;
  const [, kind, hint] = FAULTS.find(([prefix]) => code.startsWith(prefix)) ?? UNKNOWN;
  const message = error instanceof Error ? error.message : code;
  return new StoreFault(kind, `SQLite: ${message} (${code}) in ${path}`, hint, error);
}

const UNKNOWN = ["", "broken", "this was not expected: please report it with the log around it"] as const;

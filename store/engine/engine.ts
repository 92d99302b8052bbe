/**
 * An engine runs SQL. Two exist: SQLite (`sqlite.ts`) and PostgreSQL.
 *
 * E1. No transaction is handed out and no callback runs inside one: a batch is data, so no lock is held across an
 *     `await`. A decision between two statements is a compare-and-set, checked by `expect`.
 * E2. One text for both engines, with `$1` parameters; what must differ says why ({@link Differs}).
 * E3. Text is stored without NULs. PostgreSQL takes none, and SQLite's functions end there; agents do print them.
 */

import type { Work } from "./work.ts";

/** What both engines can bind: text, integers up to 2^53, floats, null. Booleans are 0/1. */
export type Value = string | number | null;

/** A statement whose text must differ, with the reason. */
export interface Differs {
  readonly sqlite: string;
  readonly postgres: string;
  readonly because: string;
}

export type Sql = string | Differs;

export interface Statement {
  readonly sql: Sql;
  readonly params: readonly Value[];
  /** How many rows it must return or change; otherwise the whole batch is rolled back as a `conflict`. */
  readonly expect?: number;
  /** What there may be to do for somebody once rows have changed by it (`telling.ts`). */
  readonly makes?: Work | readonly Work[];
}

export type Row = Readonly<Record<string, unknown>>;

export type BatchResult =
  /** The rows each statement returned, in order, and how many it returned or changed. */
  | {
      readonly kind: "done";
      readonly rows: readonly (readonly Row[])[];
      readonly changed: readonly number[];
    }
  /** The statement with this index met something else than it expected; nothing was changed. */
  | { readonly kind: "conflict"; readonly statement: number };

export interface Engine {
  readonly name: "sqlite" | "postgres";
  /** Where it is, for whoever has to look after it: a path, or the kind of the server. */
  readonly place: string;
  /** One read. */
  all(sql: Sql, params: readonly Value[]): Promise<readonly Row[]>;
  /**
   * All statements in one transaction, durable when the promise resolves. Unique violations of a statement with
   * `expect` are conflicts; every other error is thrown as {@link StoreFault}.
   */
  atomic(batch: readonly Statement[]): Promise<BatchResult>;
  /** Runs a migration script (many statements) in one transaction. */
  script(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A parameter as it is bound (E3). */
export function storable(value: Value): Value {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "") : value;
}

/** The database could not do its work. `full` when there is no space: the caller may give up ballast and try again. */
export class StoreFault extends Error {
  override readonly name = "StoreFault";
  readonly kind: "full" | "busy" | "broken";
  /** What the operator can do about it. */
  readonly hint: string;
  constructor(kind: "full" | "busy" | "broken", message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.hint = hint;
  }
}

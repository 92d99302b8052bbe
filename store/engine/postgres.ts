/**
 * The PostgreSQL engine, over any client that has one connection: a driver for a server, or PGlite in the tests.
 *
 * 1. One connection takes one batch at a time; the others wait in line, so no statement strays into another's batch.
 * 2. Two batches of two nodes may deadlock on the rows of `counters`. A batch is data and nobody looked into it, so the
 *    loser is simply run again.
 */

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

export interface PgResult {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted, or returned by a `select`. */
  readonly affected: number;
}

/** What a driver must offer. Errors carry PostgreSQL's five-letter `code`. */
export interface PgClient {
  query(text: string, params: readonly Value[]): Promise<PgResult>;
  /** Several statements without parameters. */
  exec(text: string): Promise<void>;
  close(): Promise<void>;
}

/** How often a batch that lost a deadlock is run again. */
const DEADLOCK_TRIES_MAX = 5;

export function postgresEngine(client: PgClient): Engine {
  let line: Promise<unknown> = Promise.resolve();
  const inLine = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = line.then(work).catch((error: unknown) => Promise.reject(asFault(error)));
    line = turn.catch(() => undefined);
    return turn;
  };
  return {
    name: "postgres",
    place: "of the PostgreSQL server",
    all: (sql, params) => inLine(async () => (await client.query(textOf(sql), params.map(storable))).rows),
    atomic: (batch) => inLine(() => insist(client, batch)),
    script: (text) => inLine(() => transaction(client, () => client.exec(text))),
    close: () => inLine(() => client.close()),
  };
}

async function insist(client: PgClient, batch: readonly Statement[]): Promise<BatchResult> {
  for (let tries = 1; ; tries++) {
    try {
      return await run(client, batch);
    } catch (error) {
      if (tries >= DEADLOCK_TRIES_MAX || !DEADLOCKS.has(codeOf(error))) throw error;
    }
  }
}

const DEADLOCKS: ReadonlySet<string> = new Set(["40001", "40P01"]);
const UNIQUE_VIOLATION = "23505";

/** Thrown inside {@link transaction} to undo it; never leaves this file. */
class Conflict extends Error {
  readonly statement: number;
  constructor(statement: number) {
    super(`statement ${statement} met something else than it expected`);
    this.statement = statement;
  }
}

async function run(client: PgClient, batch: readonly Statement[]): Promise<BatchResult> {
  try {
    return await transaction(client, async () => {
      const rows: (readonly Row[])[] = [];
      const changed: number[] = [];
      for (const [index, statement] of batch.entries()) {
        const result = await step(client, statement, index);
        rows.push(result.rows);
        changed.push(result.affected);
      }
      return { kind: "done", rows, changed };
    });
  } catch (error) {
    if (error instanceof Conflict) return { kind: "conflict", statement: error.statement };
    throw error;
  }
}

async function step(client: PgClient, { sql, params, expect }: Statement, index: number): Promise<PgResult> {
  try {
    const result = await client.query(textOf(sql), params.map(storable));
    if (expect !== undefined && result.affected !== expect) throw new Conflict(index);
    return result;
  } catch (error) {
    if (expect !== undefined && codeOf(error) === UNIQUE_VIOLATION) throw new Conflict(index);
    throw error;
  }
}

async function transaction<T>(client: PgClient, work: () => Promise<T>): Promise<T> {
  await client.exec("begin");
  try {
    const result = await work();
    await client.exec("commit");
    return result;
  } catch (error) {
    await client.exec("rollback");
    throw error;
  }
}

function textOf(sql: Sql): string {
  return typeof sql === "string" ? sql : sql.postgres;
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What the operator can do, by SQLSTATE or its class. The first that fits holds. */
const FAULTS: readonly (readonly [state: string, kind: StoreFault["kind"], hint: string])[] = [
  ["53100", "full", "free space on the database server's disk; what was not written will be tried again"],
  ["53", "busy", "the database server has no resources left: look at its connections and memory"],
  ["40", "busy", "other nodes write the same rows: look for a transaction that stays open"],
  ["55P03", "busy", "another session holds a lock: look at pg_stat_activity"],
  ["57", "busy", "the database server is stopping or cancelled the query: it will be tried again"],
  ["08", "busy", "the connection to the database server was lost: it will be tried again"],
  ["28", "broken", "the database server refused the user or password in `database`"],
  ["23", "broken", "the database refused a write that breaks its rules: this is a defect, please report it"],
  ["", "broken", "this was not expected: please report it with the log around it"],
];

function asFault(error: unknown): unknown {
  if (error instanceof StoreFault) return error;
  const code = codeOf(error);
  if (!/^[0-9A-Z]{5}$/.test(code) || !(error instanceof Error)) return error;
  const found = FAULTS.find(([state]) => code.startsWith(state));
  return new StoreFault(
    found?.[1] ?? "broken",
    `PostgreSQL: ${error.message} (${code})`,
    found?.[2] ?? "",
    error,
  );
}

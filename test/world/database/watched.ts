/**
 * A database that knows which tables were written to, so that whoever asks the same after each step is answered from
 * memory where nothing of it has changed. Most steps of a daemon write one table of thirty.
 *
 * W1. What is answered is what the database would have answered: a read depends on the tables that its text names, and
 *     on those of its views; a write, on those that its triggers write as well.
 */

import type { BatchResult, Engine, Row, Sql, Statement } from "../../../store/engine/engine.ts";

interface Remembered {
  readonly rows: readonly Row[];
  readonly at: number;
}

/** By table or view, the tables that it stands for when it is read, and those that change when it is written. */
interface Ties {
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly writes: ReadonlyMap<string, readonly string[]>;
}

export interface Watched {
  /** For daemons: every statement reaches the database. */
  readonly engine: Engine;
  /** For oracles, which only read. */
  readonly memory: Engine;
}

export async function watch(real: Engine): Promise<Watched> {
  const ties = await tiesOf(real);
  const changedAt = new Map<string, number>();
  const remembered = new Map<string, Remembered>();
  let writes = 0;
  const engine: Engine = {
    ...bare(real),
    all: (sql, params) => real.all(sql, params),
    async atomic(batch): Promise<BatchResult> {
      const result = await real.atomic(batch);
      writes += 1;
      for (const table of writtenBy(batch, result))
        for (const changed of ties.writes.get(table) ?? [table]) changedAt.set(changed, writes);
      return result;
    },
  };
  const memory: Engine = {
    ...engine,
    async all(sql, params): Promise<readonly Row[]> {
      const text = textOf(sql);
      const key = params.length === 0 ? text : `${text}\n${JSON.stringify(params)}`;
      const known = remembered.get(key);
      const newest = Math.max(0, ...readsOf(text, ties).map((table) => changedAt.get(table) ?? 0));
      if (known !== undefined && known.at >= newest) return known.rows;
      const rows = await real.all(sql, params);
      remembered.set(key, { rows, at: writes });
      return rows;
    },
  };
  return { engine, memory };
}

/** Tables of which a batch has changed rows. */
export function writtenBy(batch: readonly Statement[], result: BatchResult): readonly string[] {
  if (result.kind === "conflict") return [];
  const tables = batch.map(({ sql }, index) => ((result.changed[index] ?? 0) > 0 ? written(sql) : null));
  return tables.filter((table) => table !== null);
}

const WRITTEN = new Map<string, string | null>();

function written(sql: Sql): string | null {
  const text = textOf(sql);
  const known = WRITTEN.get(text);
  if (known !== undefined) return known;
  const table =
    /\b(?:insert (?:or \w+ )?into|delete from|update(?: or \w+)?) "?(\w+)/i.exec(text)?.[1] ?? null;
  WRITTEN.set(text, table);
  return table;
}

const READ = new Map<string, readonly string[]>();

function readsOf(text: string, { reads }: Ties): readonly string[] {
  const known = READ.get(text);
  if (known !== undefined) return known;
  const tables = wordsOf(text).flatMap((word) => reads.get(word) ?? []);
  READ.set(text, [...new Set(tables)]);
  return READ.get(text) ?? [];
}

async function tiesOf(engine: Engine): Promise<Ties> {
  const made = await engine.all(
    "select type, name, tbl_name, sql from sqlite_master where sql is not null",
    [],
  );
  const of = (kind: string): readonly Row[] => made.filter(({ type }) => type === kind);
  const reads = new Map(of("table").map(({ name }) => [String(name), [String(name)]]));
  // A view may stand on another one that is older.
  for (const { name, sql } of of("view")) {
    const below = wordsOf(String(sql)).flatMap((word) => (word === name ? [] : (reads.get(word) ?? [])));
    reads.set(String(name), [...new Set(below)]);
  }
  const direct = new Map<string, string[]>();
  for (const { tbl_name: table, sql } of of("trigger")) {
    const [, body = ""] = String(sql).split(/\bbegin\b/i);
    const changed = [...body.matchAll(/\b(?:into|from|update) "?(\w+)/gi)].map(([, word = ""]) => word);
    direct.set(String(table), [...(direct.get(String(table)) ?? []), ...changed]);
  }
  const writes = new Map(of("table").map(({ name }) => [String(name), closure(String(name), direct)]));
  return { reads, writes };
}

function closure(table: string, direct: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set([table]);
  for (const one of found) for (const next of direct.get(one) ?? []) found.add(next);
  return [...found];
}

function wordsOf(text: string): readonly string[] {
  return text.match(/\b[a-z_]+\b/gi) ?? [];
}

function textOf(sql: Sql): string {
  return typeof sql === "string" ? sql : sql.sqlite;
}

function bare(real: Engine): Pick<Engine, "name" | "place" | "script" | "close"> {
  const { name, place } = real;
  return { name, place, script: (text) => real.script(text), close: () => real.close() };
}

/** The database of a simulated world: in memory, and of the newest shape at once instead of by all migrations. */

import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite, type SqliteEngine } from "../../../store/engine/sqlite.ts";
import { EPOCH } from "../world.ts";

/** As statements; drawn once per process. */
let shape: Promise<string> | null = null;

export async function freshDatabase(): Promise<SqliteEngine> {
  shape ??= drawShape();
  const engine = await openSqlite(":memory:");
  await engine.script(await shape);
  return engine;
}

async function drawShape(): Promise<string> {
  const engine = await openSqlite(":memory:");
  await migrate(engine, EPOCH);
  const made = await engine.all(
    `select type, name, sql from sqlite_master where sql is not null and name not like 'sqlite_%'
     order by case type when 'table' then 0 when 'index' then 1 when 'view' then 2 else 3 end, rowid`,
    [],
  );
  const statements: string[] = [];
  for (const { type, name, sql } of made) {
    statements.push(`${sql};`);
    if (type === "table") statements.push(...(await rowsOf(engine, String(name))));
  }
  await engine.close();
  return statements.join("\n");
}

async function rowsOf(engine: SqliteEngine, table: string): Promise<readonly string[]> {
  const columns = await engine.all("select name from pragma_table_info($1)", [table]);
  const quoted = columns.map(({ name }) => `quote("${name}")`).join(" || ', ' || ");
  const rows = await engine.all(`select ${quoted} as line from "${table}"`, []);
  return rows.map(({ line }) => `insert into "${table}" values (${line});`);
}

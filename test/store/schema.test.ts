/** The schema as a whole, after all migrations, on both engines: golden, so that a change of it is seen. */

import { test } from "node:test";
import type { Engine } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { openPglite } from "../conformance/pglite.ts";
import { matchGolden } from "./golden.ts";

test("the SQLite schema is the golden one", async () => {
  const engine = await openSqlite(":memory:");
  await migrate(engine, 1);
  const objects = await lines(
    engine,
    "select sql || ';' as line from sqlite_schema where sql is not null order by tbl_name, type = 'trigger', type = 'index', name",
  );
  await engine.close();
  await matchGolden("schema.sqlite.sql", `${objects.join("\n\n")}\n`);
});

test("the PostgreSQL schema is the golden one", async () => {
  const engine = await openPglite();
  await migrate(engine, 1);
  const tables = await lines(engine, PG_TABLES);
  const rest = await Promise.all(
    [PG_CONSTRAINTS, PG_INDEXES, PG_FUNCTIONS, PG_TRIGGERS].map((sql) => lines(engine, sql)),
  );
  await engine.close();
  await matchGolden(
    "schema.postgres.sql",
    `${[tables, ...rest].map((part) => part.join("\n")).join("\n\n")}\n`,
  );
});

async function lines(engine: Engine, sql: string): Promise<readonly string[]> {
  return (await engine.all(sql, [])).map((row) => String(row["line"]));
}

const PG_TABLES = `
select 'create table ' || table_name || E' (\\n' || string_agg(
  '  ' || column_name || ' ' || data_type
    || case when is_identity = 'YES' then ' generated ' || lower(identity_generation) || ' as identity' else '' end
    || case when is_nullable = 'NO' then ' not null' else '' end
    || coalesce(' default ' || column_default, ''), E',\\n' order by ordinal_position) || E'\\n);' as line
from information_schema.columns where table_schema = 'public' group by table_name order by table_name`;

const PG_CONSTRAINTS = `
select 'alter table ' || conrelid::regclass || ' add constraint ' || conname || ' ' || pg_get_constraintdef(oid) || ';' as line
from pg_constraint where connamespace = 'public'::regnamespace and contype in ('c', 'f') order by conrelid::regclass::text, conname`;

const PG_INDEXES =
  "select indexdef || ';' as line from pg_indexes where schemaname = 'public' order by tablename, indexname";

const PG_FUNCTIONS = `
select pg_get_functiondef(oid) || ';' as line from pg_proc where pronamespace = 'public'::regnamespace order by proname`;

const PG_TRIGGERS = `
select pg_get_triggerdef(oid) || ';' as line from pg_trigger
where not tgisinternal order by tgrelid::regclass::text, tgname`;

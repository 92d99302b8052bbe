/**
 * The file can be opened by the `sqlite3` that Debian 12 has (3.40), because that is what an operator has at hand.
 * Where the program is not installed, the text of the schema is looked at for what it would not understand.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { legalityScript } from "../../../store/engine/legality.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";

/** A RAISE whose words are no single literal; SQLite reads that since 3.47 only. */
const RAISE_OF_AN_EXPRESSION = /raise\s*\(\s*\w+\s*,(?!\s*'(?:[^']|'')*'\s*\))/i;

test("no trigger raises the words of an expression, which older programs cannot read", async () => {
  const engine = await openSqlite(":memory:");
  await migrate(engine, 1);
  const rows = await engine.all("select name, sql from sqlite_schema where type = 'trigger'", []);
  await engine.close();
  assert.match("begin select raise(abort, 'a' || old.status); end", RAISE_OF_AN_EXPRESSION);
  assert.deepEqual(
    rows.filter((row) => RAISE_OF_AN_EXPRESSION.test(String(row["sql"]))).map((row) => row["name"]),
    [],
  );
  assert.doesNotMatch(legalityScript().sqlite, RAISE_OF_AN_EXPRESSION);
});

test("a database made by us, and one made by an older version, is read and checked by the program sqlite3", {
  skip: sqlite3Missing(),
}, async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "chargehand-sqlite3-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "chargehand.db");
  const ask = (sql: string): string => execFileSync("sqlite3", [path, sql], { encoding: "utf8" });
  const engine = await openSqlite(path);
  t.after(() => engine.close());
  await migrate(engine, 1);
  await engine.script(
    `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
       values ('SHOP-1', 'shop', 'SHOP', 1, 'A shop', 'b', 'active', 'single', 0, 1, 1);`,
  );
  // While the daemon has it open, as an operator would.
  assert.equal(ask("select key, title from tasks; pragma integrity_check;"), "SHOP-1|A shop\nok\n");

  // What older versions wrote, which their upgrade mends at the next start.
  await engine.script(
    `drop trigger jobs_moves; create trigger jobs_moves before update of status on jobs
     when old.status = 'done' begin select raise(abort, 'illegal ' || old.status); end;
     update migrations set checksum = 'of an older version' where number = 0;`,
  );
  assert.deepEqual(await migrate(engine, 2), ["legality"]);
  assert.equal(ask("select key from tasks"), "SHOP-1\n");
});

function sqlite3Missing(): string | false {
  try {
    execFileSync("sqlite3", ["--version"], { stdio: "ignore" });
    return false;
  } catch {
    return "the program sqlite3 is not installed (Debian: apt-get install sqlite3)";
  }
}

/** Copies of the database: whole or not there, of one moment, and one before each migration. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { copyTo, migrateWithCopy } from "../../daemon/copies.ts";
import { Unusable } from "../../daemon/unusable.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { migrate } from "../../store/engine/migrate.ts";
import { openSqlite, type SqliteEngine } from "../../store/engine/sqlite.ts";

const NEWEST = 5;

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-copies-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function open(t: TestContext, path: string): Promise<SqliteEngine> {
  const engine = await openSqlite(path);
  t.after(() => engine.close());
  await migrate(engine, 1);
  return engine;
}

const PUT = (number: number): string =>
  `insert into tasks (key, project, prefix, number, title, body, status, workflow, priority, created_at, updated_at)
   values ('SHOP-${number}', 'shop', 'SHOP', ${number}, 't', 'b', 'active', 'single', 0, 1, 1);`;

test("a copy is one private file with all that is committed, made while the database is open and written to", async (t) => {
  const folder = folderFor(t);
  const engine = await open(t, join(folder, "chargehand.db"));
  await engine.script(PUT(1));
  const path = join(folder, "copy.db");
  const copied = await copyTo(engine.place, path);
  await engine.script(PUT(2));
  assert.deepEqual(copied, { path, bytes: statSync(path).size, tasks: 1 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith("copy")),
    ["copy.db"],
  );
  assert.equal((await copyTo(engine.place, path)).tasks, 2, "another takes its place");
});

test("of a damaged database no copy is made, and a copy of before stays what it was", async (t) => {
  const folder = folderFor(t);
  const engine = await openSqlite(join(folder, "chargehand.db"));
  await migrate(engine, 1);
  await engine.close();
  const path = join(folder, "copy.db");
  writeFileSync(path, "as it was");
  truncateSync(engine.place, 8_192);
  await assert.rejects(
    copyTo(engine.place, path),
    (error) => error instanceof Unusable || error instanceof StoreFault,
  );
  assert.equal(statSync(path).size, 9);
  assert.deepEqual(readdirSync(folder).sort(), ["chargehand.db", "copy.db"]);
});

test("a folder that is not there is told in one sentence", async (t) => {
  const folder = folderFor(t);
  const engine = await open(t, join(folder, "chargehand.db"));
  await assert.rejects(
    copyTo(engine.place, join(folder, "none", "copy.db")),
    (error) =>
      error instanceof Unusable && /none\/copy\.db cannot be used: ENOENT.*; name a file/.test(error.message),
  );
});

/** As an older version left it, as far as a copy cares. */
async function forget(engine: SqliteEngine): Promise<void> {
  await engine.script(`delete from migrations where number = ${NEWEST};`);
}

test("before a migration the database is copied, the last three are kept, and a new one is not copied", async (t) => {
  const folder = folderFor(t);
  const engine = await openSqlite(join(folder, "chargehand.db"));
  t.after(() => engine.close());
  const told: string[] = [];
  const note = ({ path }: { readonly path: string }, before: number): void =>
    void told.push(`${path.slice(folder.length)} before ${before}`);
  const bring = (): Promise<unknown> => migrateWithCopy(engine, folder, 2, note);
  await bring();
  await bring();
  assert.deepEqual(told, []);
  mkdirSync(join(folder, "backups"));
  for (const old of [2, 3, 4]) {
    await copyTo(engine.place, join(folder, "backups", `before-${old}.db`));
  }
  await forget(engine);
  // The tables are there already; what matters is that the copy was made before anything was tried.
  await assert.rejects(bring(), StoreFault);
  assert.deepEqual(told, [`/backups/before-${NEWEST}.db before ${NEWEST}`]);
  assert.deepEqual(readdirSync(join(folder, "backups")).sort(), [
    "before-3.db",
    "before-4.db",
    "before-5.db",
  ]);
});

test("without room for the copy nothing is migrated, and the reason says how much is missing", async (t) => {
  const folder = folderFor(t);
  const engine = await open(t, join(folder, "chargehand.db"));
  await forget(engine);
  const told = (): void => assert.fail("nothing was copied");
  await assert.rejects(
    migrateWithCopy(engine, folder, 2, told, () => 1_048_576),
    (error) =>
      error instanceof StoreFault &&
      error.kind === "full" &&
      /no room for a copy of the database before migration 5: \d+ MiB are needed, 1 MiB are free/.test(
        error.message,
      ) &&
      /nothing was changed/.test(error.hint),
  );
  assert.deepEqual(readdirSync(join(folder, "backups")), []);
});

/** Several processes on one database file: real locks, real races. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createStore } from "../../store/build.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";

const RACER = fileURLToPath(new URL("./racer.ts", import.meta.url));
const TASKS = 25;
const RACERS = 3;

test("A3, A23: processes that race from an empty file migrate it once and make one task per outside name", async (t) => {
  const directory = await mkdtemp(join(tmpdir(), "chargehand-race-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, "chargehand.db");
  const race = Array.from({ length: RACERS }, () =>
    promisify(execFile)(process.execPath, [RACER, file, String(TASKS)]),
  );
  await Promise.all(race);

  const engine = await openSqlite(file);
  t.after(() => engine.close());
  const column = async (sql: string): Promise<readonly unknown[]> =>
    (await engine.all(sql, [])).map((row) => Object.values(row)[0]);
  const numbers = await column("select number from migrations order by number");
  assert.deepEqual(
    numbers,
    [...numbers.keys()],
    "each of them once, and the rules of legality, which have none",
  );
  assert.deepEqual(await column("select count(distinct task) from refs"), [TASKS]);
  for (const table of ["tasks", "refs", "jobs", "events"]) {
    assert.deepEqual(await column(`select count(*) from ${table}`), [TASKS], table);
  }
  assert.deepEqual((await createStore(engine).totals(0)).jobs["queued"], TASKS);
  // A4: the numbers are distinct, and those without a wish come from the counter.
  assert.deepEqual(await column("select count(distinct number) from tasks"), [TASKS]);
});

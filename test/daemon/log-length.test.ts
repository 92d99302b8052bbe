/** The log of the database is cut when the reader has gone, for whom it grew. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import Driver from "better-sqlite3";
import { keepShort } from "../../daemon/log-length.ts";
import { openSqlite } from "../../store/engine/sqlite.ts";
import { systemClock } from "../../system/clock.ts";
import { systemFiles } from "../../system/files.ts";
import type { LogLine } from "../../system/log.ts";
import { createRedactor } from "../../system/redactor.ts";

const BOUND = 100_000;

test("a log that grew behind a long reader is told of once, waits for nobody, and is cut when the reader has gone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-log-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const engine = await openSqlite(join(folder, "chargehand.db"));
  t.after(() => engine.close());
  await engine.script("create table notes (text text);");
  const lines: string[] = [];
  const note = ({ event }: LogLine): void => void lines.push(event);
  const log = { debug: note, info: note, warn: note, error: note, redactor: createRedactor([]) };
  const ports = { engine, files: systemFiles(), clock: systemClock(), log };
  const bytes = (): number => statSync(`${engine.place}-wal`).size;
  assert.equal(await keepShort(ports, false, BOUND), false);

  const reader = new Driver(engine.place, { readonly: true });
  reader.exec("begin");
  reader.prepare("select count(*) from notes").get();
  for (let round = 0; round < 20; round++) {
    await engine.script(`insert into notes values ('${"x".repeat(20_000)}');`);
  }
  assert.ok(bytes() > BOUND);
  const began = performance.now();
  assert.equal(await keepShort(ports, false, BOUND), true);
  assert.equal(await keepShort(ports, true, BOUND), true);
  assert.ok(performance.now() - began < 10_000, "nobody waits for the reader");
  assert.ok(bytes() > BOUND);

  reader.close();
  assert.equal(await keepShort(ports, true, BOUND), false);
  assert.equal(bytes(), 0);
  assert.deepEqual(lines, ["database.log_long", "database.log_shortened"]);
});

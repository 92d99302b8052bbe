/** A database looked at beside whoever has it open. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { databaseHealth } from "../../../store/engine/health.ts";
import { migrate } from "../../../store/engine/migrate.ts";
import { openSqlite } from "../../../store/engine/sqlite.ts";

test("one that is open is sound, one that is cut is damaged, and what is none is told as that", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-health-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "chargehand.db");
  const engine = await openSqlite(path);
  await migrate(engine, 1);
  const health = databaseHealth(path, statSync(path).size);
  assert.ok(health.kind === "sound" && health.tasks === 0 && health.isReadWhole);
  assert.equal(health.migration, health.known);
  await engine.close();
  truncateSync(path, statSync(path).size - 40_960);
  assert.match(said(databaseHealth(path, statSync(path).size)), /damaged|malformed/);
  writeFileSync(join(folder, "text"), "no database at all, but long enough to be read as one ".repeat(40));
  assert.match(said(databaseHealth(join(folder, "text"), 1)), /no database/);
  writeFileSync(join(folder, "empty"), "");
  assert.match(said(databaseHealth(join(folder, "empty"), 1)), /no database of chargehand/);
});

function said(health: ReturnType<typeof databaseHealth>): string {
  return health.kind === "unfit" ? health.reason : "sound";
}

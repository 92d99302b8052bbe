/** The admin token: one for the life of a data directory, and nobody else's. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { adminToken } from "../../daemon/admin-token.ts";
import { systemChance } from "../../system/chance.ts";
import { systemFiles } from "../../system/files.ts";

test("it is made once, kept by every later start, and readable by its user alone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-token-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const chance = systemChance(() => 0);
  const tokenNow = (): Promise<string> => adminToken(systemFiles(), chance, folder);
  const first = await tokenNow();
  assert.match(first, /^\S{32,}$/);
  assert.equal(await tokenNow(), first);
  const path = join(folder, "admin-token");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  writeFileSync(path, "\n");
  const next = await tokenNow();
  assert.match(next, /^\S{32,}$/, "an empty file is no token that everybody could guess");
  assert.notEqual(next, first);
});

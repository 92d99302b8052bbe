/** The data directory: one daemon has it, and what stands in the way of that is one sentence. */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { openDatabase, takeDataDirectory } from "../../daemon/data-directory.ts";
import { Unusable, using } from "../../daemon/unusable.ts";
import { StoreFault } from "../../store/engine/engine.ts";
import { systemFiles } from "../../system/files.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-data-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("it is made, taken by one, and free again afterwards", async (t) => {
  const dataDir = join(folderOf(t), "new", "data");
  const first = await takeDataDirectory(systemFiles(), dataDir);
  assert.ok(first.kind === "held");
  assert.equal((await takeDataDirectory(systemFiles(), dataDir)).kind, "taken");
  first.release();
  const next = await takeDataDirectory(systemFiles(), dataDir);
  assert.ok(next.kind === "held");
  next.release();
});

test("a directory that cannot be made, and a lock that cannot be asked for, say what to do", async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "file"), "");
  await assert.rejects(takeDataDirectory(systemFiles(), join(folder, "file/data")), (error) => {
    assert.ok(error instanceof Unusable);
    assert.match(error.message, /file\/data cannot be used: .*; correct data_dir, or let /);
    return true;
  });
  mkdirSync(join(folder, "daemon.lock"));
  await assert.rejects(
    takeDataDirectory(systemFiles(), folder),
    /daemon\.lock cannot be used: .*may be removed/,
  );
});

test("I12: a directory that others may enter is closed to them, and one where many write is refused", async (t) => {
  const dataDir = folderOf(t);
  chmodSync(dataDir, 0o755);
  const lock = await takeDataDirectory(systemFiles(), dataDir);
  assert.ok(lock.kind === "held");
  lock.release();
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  chmodSync(dataDir, 0o1777);
  await assert.rejects(
    takeDataDirectory(systemFiles(), dataDir),
    /many write there; give the daemon a folder/,
  );
  assert.equal(statSync(dataDir).mode & 0o7777, 0o1777, "it is somebody's on purpose");
});

test("the database and what SQLite makes beside it is its user's alone", async (t) => {
  const folder = folderOf(t);
  const engine = await openDatabase(folder);
  await engine.script("create table t (x integer); insert into t values (1);");
  for (const name of ["chargehand.db", "chargehand.db-wal"])
    assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
  await engine.close();
});

test("only what the system answered becomes a sentence for the operator", async () => {
  const throwing = (error: Error) => using("/x", "mend it", () => Promise.reject(error));
  const system = Object.assign(new Error("permission denied"), { code: "EACCES" });
  await assert.rejects(
    throwing(system),
    /^Unusable: \/x cannot be used: permission denied \(EACCES\); mend it$/,
  );
  await assert.rejects(throwing(new StoreFault("full", "full", "make room")), StoreFault);
  await assert.rejects(throwing(new TypeError("ours")), TypeError);
});

/** The door to files. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { systemFiles } from "../../system/files.ts";

const files = systemFiles();

function scratch(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "chargehand-doors-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test("A file is replaced whole, and only its owner may read it", async (t) => {
  const home = scratch(t);
  await files.makeDirectory("test", `${home}/a/b`);
  assert.equal(statSync(`${home}/a`).mode & 0o777, 0o700);
  const path = `${home}/a/b/prompt.md`;
  await files.write("test", path, "first, and longer");
  await files.write("test", path, "second ü");
  assert.equal(await files.read("test", path, 100), "second ü");
  assert.equal(await files.read("test", path, 3), "sec");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(`${home}/a/b`), ["prompt.md"]);
  await files.write("test", `${home}/open`, "x", 0o644);
  assert.equal(statSync(`${home}/open`).mode & 0o777, 0o644);
});

test("I14: what is no file is neither waited for nor read, and what lies in the way of a write is not written through", async (t) => {
  const home = scratch(t);
  execFileSync("mkfifo", [`${home}/pipe`, `${home}/kept.tmp`]);
  await assert.rejects(files.read("test", `${home}/pipe`, 10), /not a file, open .*pipe/);
  await assert.rejects(files.read("test", "/dev/zero", 10), /not a file/);
  await files.write("test", `${home}/kept`, "mine");
  assert.equal(await files.read("test", `${home}/kept`, 10), "mine");
  writeFileSync(`${home}/other`, "another's");
  symlinkSync(`${home}/other`, `${home}/kept.tmp`);
  await files.write("test", `${home}/kept`, "mine again");
  assert.equal(await files.read("test", `${home}/other`, 100), "another's");
  await files.makeDirectory("test", `${home}/kept.tmp/below`);
  await files.write("test", `${home}/kept`, "and again");
  assert.equal(await files.read("test", `${home}/kept`, 100), "and again");
});

test("What is missing is an answer; what is broken is thrown with its path", async (t) => {
  const home = scratch(t);
  const path = `${home}/none`;
  assert.equal(await files.read("test", path, 10), null);
  assert.equal(await files.size("test", path), null);
  assert.deepEqual(await files.list("test", path), []);
  assert.equal(await files.exists("test", path), false);
  await files.remove("test", path);
  await files.write("test", path, "x");
  assert.deepEqual(await files.list("test", home), ["none"]);
  // Nothing is below what is no folder.
  await files.remove("test", `${path}/below`);
  await assert.rejects(files.read("test", home, 10), /EISDIR/);
  await assert.rejects(files.write("test", `${home}/no/such/folder`, "x"), /ENOENT.*no\/such/);
  await files.makeDirectory("test", `${home}/tree/below`);
  await files.remove("test", `${home}/tree`);
  assert.equal(await files.exists("test", `${home}/tree`), false);
});

test("I13: removing a tree removes what it links to not at all", async (t) => {
  const home = scratch(t);
  for (const name of ["tree", "other"]) await files.makeDirectory("test", `${home}/${name}`);
  await files.write("test", `${home}/other/kept`, "x");
  symlinkSync(`${home}/other`, `${home}/tree/link`);
  chmodSync(`${home}/tree`, 0o500);
  t.after(() => files.remove("test", `${home}/tree`));
  chmodSync(`${home}/tree`, 0o700);
  await files.remove("test", `${home}/tree`);
  assert.deepEqual(readdirSync(`${home}/other`), ["kept"]);
});

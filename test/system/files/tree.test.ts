/** What lies where: kinds, links, and nothing where nothing can be seen. */

import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { systemTree } from "../../../system/files/tree.ts";

test("folders, files, others and links are told apart; what is not there is nothing", (t) => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "chargehand-tree-")));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "file"), "");
  symlinkSync("file", join(folder, "link"));
  symlinkSync("nowhere", join(folder, "dangling"));
  const tree = systemTree();
  const changed = (name: string): number => statSync(join(folder, name)).mtimeMs;
  assert.deepEqual(tree.look(folder), { real: folder, kind: "folder", changedMs: changed("") });
  const file = { real: join(folder, "file"), kind: "file", changedMs: changed("file") };
  assert.deepEqual(tree.look(join(folder, "link")), file);
  assert.equal(tree.look("/dev/null")?.kind, "other");
  assert.equal(tree.look(join(folder, "dangling")), null);
  assert.equal(tree.link(join(folder, "link")), "file");
  assert.equal(tree.link(join(folder, "file")), null);
  assert.deepEqual([...tree.names(folder)].sort(), ["dangling", "file", "link"]);
  assert.deepEqual(tree.names(join(folder, "gone")), []);
});

/** `serve` before it serves: what it says of a configuration. */

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { chargehand } from "../scripted-daemon.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "chargehand-cli-"));
});
after(() => rm(folder, { recursive: true, force: true }));

test("serve prints all problems of a wrong configuration with paths and lines, and exits 2", async () => {
  const file = join(folder, "wrong.yaml");
  await writeFile(file, "data_dir: x\nprojects:\n  - name: shop\n    prefix: s\n");
  const ended = await chargehand(["serve", "--config", file]);
  assert.equal(ended.code, 2);
  assert.equal(ended.out, "");
  const lines = ended.err.trimEnd().split("\n");
  assert.equal(lines.length, 3);
  assert.match(lines[2] ?? "", /wrong\.yaml:4:13: projects\[0\]\.prefix: must be/);
});

test("serve --check only checks", async () => {
  const file = join(folder, "right.yaml");
  await writeFile(file, "data_dir: never-made\n");
  const ended = await chargehand(["serve", "--config", file, "--check"]);
  assert.deepEqual([ended.code, ended.err, ended.out], [0, "", `${file} is fine.\n`]);
});

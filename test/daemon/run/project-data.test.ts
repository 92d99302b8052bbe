/** What a project keeps from task to task: where it lies, and how much of it. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { projectFolder } from "../../../agents/setup/project-folder.ts";
import { projectData } from "../../../daemon/run/project-data.ts";
import { systemFiles } from "../../../system/files.ts";
import { heardLog } from "../../handlers/hand-moved.ts";

test("each project has a folder of its own, which nobody else enters; one that is full is told", async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), "chargehand-data-"));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const log = heardLog();
  let size: number | string = 0;
  const measured: string[] = [];
  const measure = async (folder: string): Promise<number | string> => {
    measured.push(folder);
    return size;
  };
  const ports = { files: systemFiles(), log, dataDir, measure };
  const shop = { name: "shop", dataBytesMax: 1_000 };
  const { data } = projectFolder(dataDir, "shop");
  assert.deepEqual(await projectData(ports, shop), { path: data, isFull: false });
  assert.equal(statSync(data).mode & 0o777, 0o700);
  assert.notEqual((await projectData(ports, { ...shop, name: "mill" })).path, data);
  assert.deepEqual(measured, [], "what is empty is not measured");
  writeFileSync(join(data, "x"), "x");
  for (size of [1_000, 999]) assert.equal((await projectData(ports, shop)).isFull, false);
  assert.deepEqual(log.lines, []);
  for (size of [1_001, "cannot be measured (it took longer)"]) {
    assert.deepEqual(await projectData(ports, shop), { path: data, isFull: true });
    assert.match(JSON.stringify(log.lines.at(-1)), /project\.data_full.*data_limit/);
  }
});

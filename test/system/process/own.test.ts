/** What this process takes, as the kernel says. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ownUse } from "../../../system/process/own.ts";

test("processor time grows with work, and memory and files are those of a program that runs", () => {
  const before = ownUse();
  assert.ok(before.residentBytes > 10_000_000 && before.openFilesMax > 10);
  assert.ok(before.openFiles === null || before.openFiles > 2);
  let sum = 0;
  for (let index = 0; index < 5e6; index++) sum += index % 7;
  assert.ok(sum > 0 && ownUse().cpuSeconds > before.cpuSeconds);
});

/** What a folder takes up, also where a stranger has filled it. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type CommandResult, systemCommands } from "../../../system/commands.ts";
import { folderSize } from "../../../system/files/size.ts";

const REAL = { commands: systemCommands(), path: process.env["PATH"] };

test("what a folder holds is measured; holes, and what a link leads to, take up nothing", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-size-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "a/b"), { recursive: true });
  writeFileSync(join(folder, "a/b/c"), "x".repeat(300_000));
  writeFileSync(join(folder, "hole"), "");
  truncateSync(join(folder, "hole"), 2 ** 32);
  symlinkSync("/usr", join(folder, "usr"));
  const bytes = await folderSize(REAL, folder);
  assert.ok(typeof bytes === "number" && bytes >= 300_000 && bytes < 600_000, String(bytes));
});

test("what cannot be looked into has no size, and says why; what goes away meanwhile is nothing", async () => {
  const said = async (result: CommandResult): Promise<number | string> =>
    folderSize({ ...REAL, commands: { run: async () => result } }, "/x");
  const exited = { kind: "exited", code: 1, stdout: "8\t/x\n" } as const;
  const denied = "du: cannot read directory '/x/y': Permission denied\n";
  assert.equal(await said({ ...exited, stderr: denied }), `cannot be measured (${denied.trim()})`);
  assert.equal(
    await said({ ...exited, stderr: "du: cannot access '/x/y': No such file or directory\n" }),
    8_192,
  );
  assert.equal(await said({ ...exited, stdout: "", stderr: "" }), "cannot be measured (du said nothing)");
  assert.equal(
    await said({ kind: "failed", reason: "it took longer" }),
    "cannot be measured (it took longer)",
  );
});

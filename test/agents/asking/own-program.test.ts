/** What an agent finds of this program on its PATH: a script, and nothing around it that is not code. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { giveOwnProgram, OWN_PROGRAM } from "../../../agents/asking/own-program.ts";
import { systemFiles } from "../../../system/files.ts";

test("B3, I14: the script runs, comes first on the PATH, and takes folders of code and packages alone", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "chargehand own-'-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const env = await giveOwnProgram({ files: systemFiles() }, directory, { PATH: "/bin", A: "b" });
  assert.deepEqual(env, { PATH: `${directory}/bin:/bin`, A: "b" });
  assert.equal(statSync(`${directory}/bin/chargehand`).mode & 0o777, 0o700);
  const told = execFileSync(`${directory}/bin/chargehand`, ["agent", "ask", "--help"], {
    env,
    encoding: "utf8",
  });
  assert.match(told, /^Usage: chargehand agent ask /);
  const names = OWN_PROGRAM.read.map((path) =>
    path.replace(/^.*\/(node_modules\/)/, "$1").replace(/^\/.*\/(?=agents)/, ""),
  );
  assert.deepEqual(
    names.map((path) => (path.startsWith("/") ? path.slice(path.lastIndexOf("/") + 1) : path)),
    [
      ...["cli", "system", "workflow", "agents/asking", "package.json"],
      ...["commander", "zod", "ms", "bytes-iec"].map((name) => `node_modules/${name}`),
    ],
  );
  assert.ok(OWN_PROGRAM.read.every((path) => existsSync(path)));
});

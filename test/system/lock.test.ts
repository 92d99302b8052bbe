/** One daemon per data directory, and no lock that outlives its daemon. */

import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { acquireLock } from "../../system/lock.ts";

const LOCK = JSON.stringify(new URL("../../system/lock.ts", import.meta.url).href);
const ASK = `import { acquireLock } from ${LOCK}; process.stdout.write(acquireLock(process.argv[1]).kind);`;
/** Nobody refers to the lock, and everything that nobody refers to is collected. */
const HOLD = `${ASK} setTimeout(() => { global.gc(); setInterval(() => undefined, 60_000); process.stdout.write("\\n"); });`;
const args = (script: string, path: string): string[] => [
  "--expose-gc",
  "--input-type=module-typescript",
  "-e",
  script,
  path,
];

function lockFile(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), "chargehand-lock-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  return join(home, "daemon.lock");
}

/** What another process is told. */
function askedBeside(path: string): string {
  return spawnSync(process.execPath, args(ASK, path), { encoding: "utf8" }).stdout;
}

async function holder(t: TestContext, path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, args(HOLD, path), { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGKILL"));
  assert.ok(child.stdout !== null);
  let said = "";
  for await (const text of child.stdout.setEncoding("utf8")) {
    said += text;
    if (said.endsWith("\n")) break;
  }
  assert.equal(said, "held\n");
  return child;
}

test("A second daemon is refused while the first lives, in this process and in another, and only so long", (t) => {
  const path = lockFile(t);
  const lock = acquireLock(path);
  assert.ok(lock.kind === "held");
  assert.equal(acquireLock(path).kind, "taken");
  assert.equal(askedBeside(path), "taken", "being refused once more has not loosened it");
  lock.release();
  assert.equal(askedBeside(path), "held");
  const again = acquireLock(path);
  assert.ok(again.kind === "held");
  again.release();
});

test("A daemon that is killed leaves no lock behind; one that is frozen keeps it", async (t) => {
  const path = lockFile(t);
  const child = await holder(t, path);
  child.kill("SIGSTOP");
  assert.equal(acquireLock(path).kind, "taken");
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = acquireLock(path);
  assert.ok(lock.kind === "held");
  lock.release();
});

test("A lock that cannot be made is an error and not a refusal", (t) => {
  const path = lockFile(t);
  assert.throws(() => acquireLock(join(path, "no", "such", "folder")));
  writeFileSync(path, "this is no database, and long enough to be looked at as one".repeat(20));
  assert.throws(() => acquireLock(path), /not a database/);
});

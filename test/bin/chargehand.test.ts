/** The command before anything is loaded: the version of Node it needs, and its own. */

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

const ROOT = resolve(import.meta.dirname, "../..");
const { engines, version } = manifestOf(ROOT);
const NEEDED = engines.replace(">=", "");
const scratch = mkdtempSync(join(tmpdir(), "chargehand-bin-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function manifestOf(folder: string): { engines: string; version: string } {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  assert.ok(typeof manifest === "object" && manifest !== null);
  assert.ok("version" in manifest && "engines" in manifest);
  assert.ok(typeof manifest.engines === "object" && manifest.engines !== null && "node" in manifest.engines);
  return { engines: String(manifest.engines.node), version: String(manifest.version) };
}

/** The command alone in a folder, as if its package needed this version of Node. */
function commandThatNeeds(node: string): string {
  const folder = join(scratch, node);
  mkdirSync(join(folder, "bin"), { recursive: true });
  cpSync(join(ROOT, "bin/chargehand.js"), join(folder, "bin/chargehand.js"));
  const manifest = { type: "module", version: "9.8.7", engines: { node: `>=${node}` } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return join(folder, "bin/chargehand.js");
}

async function ended(
  node: string,
  args: readonly string[],
): Promise<{ code: unknown; out: string; err: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(node, [...args]);
    return { code: 0, out: stdout, err: stderr };
  } catch (error) {
    assert.ok(error instanceof Error && "code" in error && "stdout" in error && "stderr" in error);
    return { code: error.code, out: String(error.stdout), err: String(error.stderr) };
  }
}

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

for (const needed of [`${major + 1}`, `${major}.${minor + 1}`, `${major + 1}.0.0`]) {
  test(`where Node ${needed} is needed, this one is told so in one sentence, whatever the command`, async () => {
    for (const args of [["serve"], ["--version"], ["demo", "--json"]]) {
      const { code, out, err } = await ended(process.execPath, [commandThatNeeds(needed), ...args]);
      assert.deepEqual([code, out], [2, ""]);
      const got = `${process.versions.node} (${process.execPath})`;
      const remedy = "install a newer one, or put it first in the PATH";
      assert.equal(err, `chargehand needs Node ${needed} or later and got ${got}: ${remedy}\n`);
    }
  });
}

for (const needed of [`${major}`, `${major}.${minor}`, `${major - 1}.${minor + 1}`, "9.99"]) {
  test(`where Node ${needed} is needed, this one will do`, async () => {
    const { code, out } = await ended(process.execPath, [commandThatNeeds(needed), "--version"]);
    assert.deepEqual([code, out], [0, "9.8.7\n"]);
  });
}

const older = (process.env["PATH"] ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "node"))
  .find((node) => existsSync(node) && isTooOld(node));

function isTooOld(node: string): boolean {
  const [itsMajor = 0, itsMinor = 0] = execFileSync(node, ["-p", "process.versions.node"], {
    encoding: "utf8",
  })
    .split(".")
    .map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED.split(".").map(Number);
  return itsMajor < neededMajor || (itsMajor === neededMajor && itsMinor < neededMinor);
}

test("a real Node that is too old says it, too", {
  skip: older === undefined && "no old Node is in the PATH",
}, async () => {
  const { code, out, err } = await ended(older ?? "", [join(ROOT, "bin/chargehand.js"), "demo"]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, new RegExp(`^chargehand needs Node ${RegExp.escape(NEEDED)} or later and got [^\n]+\n$`));
});

test("the version is that of the package, in both spellings", async () => {
  for (const option of ["--version", "-V"]) {
    const { out } = await ended(process.execPath, [join(ROOT, "bin/chargehand.js"), option]);
    assert.equal(out, `${version}\n`);
  }
});

/** Where a person reads which Node is needed. */
const STATED_IN: readonly string[] = ["README.md", "docs/systemd.md"];

for (const path of STATED_IN) {
  test(`${path} states the version of Node that package.json needs`, () => {
    const text = readFileSync(join(ROOT, path), "utf8");
    const stated = [...text.matchAll(/\bnode (?:(?:≥|>=) ?([\d.]+\d)|([\d.]+) or later)/gi)];
    assert.notEqual(stated.length, 0);
    for (const [sentence, one, other] of stated) assert.equal(one ?? other, NEEDED, sentence);
  });
}

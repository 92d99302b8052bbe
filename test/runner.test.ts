/** The runner of these tests, held to its own rules: a broken test file never looks like a green run. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const scratch = mkdtempSync(join(tmpdir(), "chargehand-runner-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

function runTests(...paths: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const argv = [join(import.meta.dirname, "run.ts"), ...paths];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, said: stdout + stderr };
}

function plant(name: string, body: string): string {
  const path = join(scratch, `${name}.test.ts`);
  writeFileSync(path, `import { test } from "node:test";\n${body}\n`);
  return path;
}

test("V1: a file passes, and the last lines are Node's summary", () => {
  const { status, said } = runTests(
    plant("green", 'test("a", () => {}); test("b", { skip: "no moon" }, () => {});'),
  );
  assert.equal(status, 0, said);
  assert.match(
    said,
    /# tests 2\n# suites 0\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0\n# duration_ms \d+\n$/,
  );
  assert.match(said, /b: skipped: no moon/);
});

const BROKEN: Readonly<Record<string, string>> = {
  "that fails": 'test("a", () => { throw new Error("no"); });',
  "that does not load": 'throw new Error("no");',
  "that ends its process before its last test": 'test("a", () => process.exit(0)); test("b", () => {});',
  "that rejects beside its tests": 'test("a", () => { void Promise.reject(new Error("no")); });',
};
for (const [name, body] of Object.entries(BROKEN)) {
  test(`V1: a file ${name} fails the run`, () => {
    const { status, said } = runTests(
      plant("green", 'test("a", () => {});'),
      plant(name.replaceAll(" ", "-"), body),
    );
    assert.equal(status, 1, said);
    assert.match(said, /\nfailed:\n {2}✖ /);
  });
}

test("V2: a path without tests is an error", () => {
  assert.notEqual(runTests(join(import.meta.dirname, "golden")).status, 0);
  assert.notEqual(runTests(join(scratch, "missing.test.ts")).status, 0);
});

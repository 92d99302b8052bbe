/** `npm run bench` as a command: what it refuses, and what it says of a benchmark that cannot measure. */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const MAIN = new URL("../../bench/main.ts", import.meta.url).pathname;

function bench(...args: readonly string[]): { readonly code: number | null; readonly said: string } {
  // Without programs to find: no benchmark below gets as far as to need time.
  const env = { ...process.env, PATH: "/nowhere" };
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], { encoding: "utf8", env });
  return { code: status, said: stderr };
}

test("an unknown benchmark, an unknown option and a file that cannot be written are usage errors", () => {
  const unknown = bench("latency", "latncy");
  assert.equal(unknown.code, 2);
  assert.match(unknown.said, /^there is no benchmark 'latncy'; choose from claim, .*latency/);
  assert.equal(bench("--fast").code, 2);
  assert.equal(bench("latency", "--json", "/nowhere/figures.json").code, 2);
});

test("a benchmark that cannot measure says so in a sentence, the others still run, and the exit code is 1", () => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-test-"));
  try {
    const file = join(folder, "figures.json");
    const { code, said } = bench("latency", "supervise", "--quick", "--json", file);
    assert.equal(code, 1);
    assert.deepEqual(
      said
        .trimEnd()
        .split("\n")
        .map((line) => line.split(":")[0]),
      ["latency cannot measure", "supervise cannot measure"],
    );
    const { node, quick, benchmarks } = JSON.parse(readFileSync(file, "utf8"));
    assert.deepEqual(
      [node, quick, Object.keys(benchmarks)],
      [process.version, true, ["latency", "supervise"]],
    );
    assert.match(benchmarks.latency.failed, /mkfifo/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

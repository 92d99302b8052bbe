/** A new home has what was chosen of the old one, for its owner only, and is made once. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { seedHome } from "../../../system/files/seed.ts";

function homes(t: TestContext): { readonly from: string; readonly to: string } {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-seed-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const from = join(folder, "old");
  mkdirSync(from);
  return { from, to: join(folder, "homes/first") };
}

test("chosen files and folders are copied, links as links; pipes and what is not there are left out", async (t) => {
  const { from, to } = homes(t);
  for (const name of ["projects/-work-SHOP-1", "projects/-private", "plugins"])
    mkdirSync(join(from, ".claude", name), { recursive: true });
  writeFileSync(join(from, ".claude/projects/-work-SHOP-1/s.jsonl"), "session");
  writeFileSync(join(from, ".claude/projects/-private/p.jsonl"), "private");
  writeFileSync(join(from, ".claude/login"), "token", { mode: 0o600 });
  writeFileSync(join(from, "diary"), "private");
  symlinkSync("/nowhere", join(from, ".claude/plugins/link"));
  execFileSync("mkfifo", [join(from, ".claude/plugins/pipe")]);
  const paths = [
    ".claude/login",
    ".claude/plugins",
    ".claude/projects/-work-*",
    ".codex/auth.json",
    ".pi/x*",
  ];
  assert.equal(await seedHome(from, to, paths), true);
  assert.equal(readFileSync(join(to, ".claude/login"), "utf8"), "token");
  assert.equal(statSync(join(to, ".claude/login")).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(to, ".claude/projects/-work-SHOP-1/s.jsonl"), "utf8"), "session");
  assert.equal(readlinkSync(join(to, ".claude/plugins/link")), "/nowhere");
  for (const gone of [".claude/projects/-private", ".claude/plugins/pipe", "diary", ".codex"])
    assert.equal(existsSync(join(to, gone)), false, gone);
  assert.equal(statSync(to).mode & 0o777, 0o700);
});

test("a home that is there stays as it is; one that was left half-made is made anew", async (t) => {
  const { from, to } = homes(t);
  writeFileSync(join(from, "login"), "old");
  mkdirSync(`${to}.tmp`, { recursive: true });
  writeFileSync(`${to}.tmp/half`, "");
  assert.equal(await seedHome(from, to, ["login"]), true);
  assert.equal(existsSync(join(to, "half")), false);
  writeFileSync(join(to, "login"), "new");
  assert.equal(await seedHome(from, to, ["login"]), false);
  assert.equal(readFileSync(join(to, "login"), "utf8"), "new");
});

test("without a home to begin with it is empty", async (t) => {
  const { to } = homes(t);
  assert.equal(await seedHome(null, to, ["login"]), true);
  assert.equal(statSync(to).mode & 0o777, 0o700);
});

test("a home that several ask for at once is made once, and is there for all of them", async () => {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-test-"));
  try {
    const to = join(folder, "homes", "shared");
    const made = await Promise.all([1, 2, 3].map(() => seedHome(null, to, [])));
    assert.deepEqual(made, [true, false, false]);
    assert.ok(existsSync(to));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

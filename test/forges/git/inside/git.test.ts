/** What the step takes a git for that has ended before it had read what it was given. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { GitRefused, stepGit } from "../../../../forges/git/inside/git.ts";

/** More than a pipe holds. */
const UNREAD = "x".repeat(1 << 20);

function faultOf(script: string): Error {
  const folder = mkdtempSync(join(tmpdir(), "chargehand-test-"));
  try {
    writeFileSync(join(folder, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    stepGit(folder, { PATH: folder })(["update-index"], { input: UNREAD });
  } catch (error) {
    return error instanceof Error ? error : assert.fail(String(error));
  } finally {
    rmSync(folder, { recursive: true });
  }
  return assert.fail("git has done what it was told");
}

test("a git that ends before it has read everything is judged by how it ended", () => {
  const killed = faultOf("kill -9 $$");
  assert.equal(killed.message, "git update-index was killed by SIGKILL");
  assert.equal(killed instanceof GitRefused, false);
  const refused = faultOf("echo 'fatal: no such thing' >&2; exit 128");
  assert.equal(refused.message, "git update-index: fatal: no such thing");
  assert.equal(refused instanceof GitRefused, true);
  const idle = faultOf("exit 0");
  assert.match(idle.message, /has not read all/);
  assert.equal(idle instanceof GitRefused, false);
});

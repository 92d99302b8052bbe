/** Walls of a real host: what is reached through links, programs on PATH, and what stays hidden. */

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { hiddenOf, NO_WALLS } from "../../../agents/sandbox/walls.ts";
import { launches } from "../../system/process/launches.ts";
import { confinedTo, NO_SANDBOX, walls } from "./walled.ts";

test("without walls nothing stands in front of a command line", () => {
  assert.deepEqual(NO_WALLS.inside(confinedTo("/w")), []);
});

test("hidden are the data directory, the folder of the configuration, and the home", () => {
  assert.deepEqual(hiddenOf("/d", "/etc/c/c.yaml", "/home/op"), ["/d", "/etc/c", "/home/op"]);
  assert.deepEqual(hiddenOf("/d", "/etc/c/c.yaml", undefined), ["/d", "/etc/c"]);
});

test("a worktree behind a link is there by both its names", { skip: NO_SANDBOX }, async (t) => {
  const it = launches(t);
  const link = `${it.worktree}-link`;
  symlinkSync(it.worktree, link);
  const wrapper = walls().inside(confinedTo(link));
  const exit = await it.ended(
    await it.start(["/bin/sh", "-c", `pwd -P; cd ${link} && touch x`], { wrapper }),
  );
  assert.equal(exit?.code, 0, it.read("stderr.log") ?? "");
  assert.equal(it.read("stdout.log")?.trim(), it.worktree);
});

test("programs of PATH outside the system run, with what lies beside them; secrets beside hidden ones do not show", {
  skip: NO_SANDBOX,
}, async (t) => {
  const it = launches(t);
  const home = realpathSync(mkdtempSync(join(tmpdir(), "chargehand-walls-")));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  for (const folder of ["tool/bin", "tool/lib", "bin"]) mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, "tool/lib/word"), "from its library\n");
  writeFileSync(join(home, "secret"), "s3cret");
  const tool = join(home, "tool/bin/tool");
  writeFileSync(
    tool,
    `#!/bin/sh\ncat ${home}/tool/lib/word; cat ${home}/secret 2>/dev/null || echo hidden\n`,
  );
  chmodSync(tool, 0o755);
  symlinkSync(tool, join(home, "bin/linked"));
  const path = `${home}/bin:${home}/tool/bin:/usr/bin:/bin`;
  const wrapper = walls([home]).inside(confinedTo(it.worktree, { path }));
  const env = { PATH: path };
  const exit = await it.ended(await it.start(["/bin/sh", "-c", "tool; linked"], { wrapper, env }));
  assert.equal(exit?.code, 0, it.read("stderr.log") ?? "");
  assert.equal(it.read("stdout.log"), "from its library\nhidden\nfrom its library\nhidden\n");
});

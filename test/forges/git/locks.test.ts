/** What a killed git leaves behind must not keep a task, or a repository, from going on. */

import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, onStage, open, type Stage } from "../stage.ts";

function mirrorOf(stage: Stage): string {
  const mirrors = join(stage.folder, "data", "mirrors");
  return join(mirrors, readdirSync(mirrors)[0] ?? "");
}

test("W2: locks of a git that was killed in a worktree do not keep its work from being published", () =>
  onStage(async (stage) => {
    const spec = stage.spec("SHOP-1");
    const workspace = await stage.ready(spec);
    const own = stage.git(workspace.directory, "rev-parse", "--absolute-git-dir");
    writeFileSync(join(workspace.directory, "work.txt"), "done\n");
    const locks = [
      `${own}/index.lock`,
      `${own}/HEAD.lock`,
      `${mirrorOf(stage)}/refs/heads/${workspace.branch}.lock`,
    ];
    for (const lock of locks) writeFileSync(lock, "");
    const next = open(stage.folder);
    const published = must(await next.publish(spec, must(await next.prepare(spec)), true));
    assert.equal(stage.git(stage.remote, "rev-parse", workspace.branch), published.commit);
    assert.equal(stage.git(stage.remote, "show", `${published.commit}:work.txt`), "done");
  }));

test("W2: a fetch or a new worktree that was killed does not block the whole repository", () =>
  onStage(async (stage) => {
    await stage.ready(stage.spec("SHOP-2"));
    // Something to fetch, so that git has a reason to take the lock.
    stage.git(join(stage.folder, "seed"), "commit", "--quiet", "--allow-empty", "-m", "More");
    stage.git(join(stage.folder, "seed"), "push", "--quiet", stage.remote, "main");
    const refs = join(mirrorOf(stage), "refs");
    writeFileSync(join(refs, "remotes", "origin", "main.lock"), "");
    writeFileSync(join(refs, "heads", "chargehand", "SHOP-3-fix-it.lock"), "");
    const { directory } = must(await open(stage.folder).prepare(stage.spec("SHOP-3")));
    assert.equal(stage.git(directory, "log", "-1", "--format=%s"), "More");
  }));

test("I13: a worktree that points elsewhere has nothing broken there", () =>
  onStage(async (stage) => {
    const { directory } = await stage.ready(stage.spec("SHOP-4"));
    const seed = join(stage.folder, "seed");
    const lock = join(seed, "index.lock");
    writeFileSync(lock, "");
    for (const target of [seed, `${mirrorOf(stage)}/worktrees/../../../../seed`, `${seed}/worktrees/..`]) {
      writeFileSync(join(directory, ".git"), `gitdir: ${target}\n`);
      must(await open(stage.folder).prepare(stage.spec("SHOP-4")));
    }
    assert.equal(existsSync(lock), true);
  }));

/** What a killed git leaves behind must not keep a task, or a repository, from going on. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { must, open, PUSH, type Repositories, withRepositories } from "./repositories.ts";

function mirrorOf(repositories: Repositories): string {
  const mirrors = join(repositories.folder, "data", "mirrors");
  return join(mirrors, readdirSync(mirrors)[0] ?? "");
}

test("W2: locks of a git that was killed in a worktree do not keep its work from being published", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-1");
    const workspace = await repositories.ready(spec);
    const own = repositories.git(workspace.directory, "rev-parse", "--absolute-git-dir");
    writeFileSync(join(workspace.directory, "work.txt"), "done\n");
    const locks = [
      `${own}/index.lock`,
      `${own}/HEAD.lock`,
      `${mirrorOf(repositories)}/refs/heads/${workspace.branch}.lock`,
    ];
    for (const lock of locks) {
      mkdirSync(dirname(lock), { recursive: true });
      writeFileSync(lock, "");
    }
    const next = open(repositories.folder);
    const published = must(await next.publish(spec, must(await next.prepare(spec)), PUSH));
    assert.equal(repositories.git(repositories.remote, "rev-parse", workspace.branch), published.commit);
    assert.equal(repositories.git(repositories.remote, "show", `${published.commit}:work.txt`), "done");
  }));

test("W2: a fetch or a new worktree that was killed does not block the whole repository", () =>
  withRepositories(async (repositories) => {
    await repositories.ready(repositories.spec("SHOP-2"));
    // Something to fetch, so that git has a reason to take the lock.
    repositories.git(join(repositories.folder, "seed"), "commit", "--quiet", "--allow-empty", "-m", "More");
    repositories.git(join(repositories.folder, "seed"), "push", "--quiet", repositories.remote, "main");
    const refs = join(mirrorOf(repositories), "refs");
    writeFileSync(join(refs, "remotes", "origin", "main.lock"), "");
    mkdirSync(join(refs, "heads", "chargehand"), { recursive: true });
    writeFileSync(join(refs, "heads", "chargehand", "SHOP-3-fix-it.lock"), "");
    const { directory } = must(await open(repositories.folder).prepare(repositories.spec("SHOP-3")));
    assert.equal(repositories.git(directory, "log", "-1", "--format=%s"), "More");
  }));

test("I13: a worktree that points elsewhere has nothing broken there", () =>
  withRepositories(async (repositories) => {
    const { directory } = await repositories.ready(repositories.spec("SHOP-4"));
    const seed = join(repositories.folder, "seed");
    const lock = join(seed, "index.lock");
    writeFileSync(lock, "");
    for (const target of [
      seed,
      `${mirrorOf(repositories)}/worktrees/../../../../seed`,
      `${seed}/worktrees/..`,
    ]) {
      rmSync(join(directory, ".git"), { recursive: true });
      writeFileSync(join(directory, ".git"), `gitdir: ${target}\n`);
      must(await open(repositories.folder).prepare(repositories.spec("SHOP-4", { again: true })));
    }
    assert.equal(existsSync(lock), true);
  }));

test("W2: refs of the daemon's repository count wherever git keeps them, and one that a crash emptied is fetched anew", () =>
  withRepositories(async (repositories) => {
    const { git, remote, spec, ready } = repositories;
    const task = spec("SHOP-5");
    const workspace = await ready(task);
    git(mirrorOf(repositories), "pack-refs", "--all");
    writeFileSync(join(workspace.directory, "work.txt"), "done\n");
    const next = open(repositories.folder);
    const { commit } = must(await next.publish(task, workspace, PUSH));
    assert.equal(git(remote, "rev-parse", workspace.branch), commit);
    git(mirrorOf(repositories), "pack-refs", "--all");
    assert.equal(must(await next.publish(task, workspace, PUSH)).commit, commit);
    writeFileSync(join(mirrorOf(repositories), "refs/remotes/origin/main"), "");
    must(await next.prepare(spec("SHOP-6")));
  }));

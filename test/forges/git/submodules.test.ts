/** Submodules that the base declares are there when an agent comes, and what it makes in them is kept. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { addressOf, isSameHost } from "../../../forges/git/submodules.ts";
import { must, PUSH, type Repositories, withRepositories } from "./repositories.ts";

/** Gives the base a submodule `lib`, and one that nobody can have. */
function declare({ folder, remote, git }: Repositories): string {
  const lib = join(folder, "lib.git");
  const work = join(folder, "lib");
  const seed = join(folder, "seed");
  git(folder, "init", "-q", "--bare", "--initial-branch=main", lib);
  git(folder, "init", "-q", "--initial-branch=main", work);
  git(work, "commit", "-q", "--allow-empty", "-m", "Lib begins");
  git(work, "push", "-q", lib, "main");
  git(seed, "config", "-f", ".gitmodules", "submodule.lib.path", "lib");
  git(seed, "config", "-f", ".gitmodules", "submodule.lib.url", "../lib.git");
  git(seed, "config", "-f", ".gitmodules", "submodule.gone.path", "gone");
  git(seed, "config", "-f", ".gitmodules", "submodule.gone.url", `ext::sh -c touch% ${folder}/owned`);
  const tip = git(work, "rev-parse", "HEAD");
  for (const path of ["lib", "gone"])
    git(seed, "update-index", "--add", "--cacheinfo", `160000,${tip},${path}`);
  git(seed, "add", ".gitmodules");
  git(seed, "commit", "-qm", "Submodules");
  git(seed, "push", "-q", remote, "main");
  return tip;
}

test("I14: a submodule is brought by the daemon, and neither its configuration nor its address runs anything", () =>
  withRepositories(async (repositories) => {
    const { folder, git, ready, spec } = repositories;
    const tip = declare(repositories);
    const { directory, told, alsoBorrowed } = await ready(spec("SHOP-1"));
    assert.equal(git(join(directory, "lib"), "rev-parse", "HEAD"), tip);
    assert.equal(git(directory, "status", "--porcelain"), "");
    assert.equal(git(join(directory, "lib"), "remote"), "");
    assert.equal(alsoBorrowed?.length, 1);
    assert.match((told ?? []).join(), /submodule "gone" was not brought: "ext::.*" is no address/);
    assert.equal(existsSync(join(folder, "owned")), false);
  }));

test("I15: what an agent makes in a submodule is kept, and the link to it stays one", () =>
  withRepositories(async (repositories) => {
    const { git, ready, spec, agent, workspaces, remote } = repositories;
    declare(repositories);
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    const untouched = must(await workspaces.publish(task, workspace, PUSH));
    assert.deepEqual([untouched.commit, untouched.kept], [null, []]);
    agent(workspace.directory, "cd lib; echo one > one; git add -A; git commit -qm one; echo two > two");
    const { branch, kept, told } = must(await workspaces.publish(task, workspace, PUSH));
    assert.equal(branch, null, "the parent has no commit of its own");
    assert.deepEqual(
      kept.map(({ name }) => name),
      ["submodule-lib"],
    );
    assert.match(told.join(), /it was made in the submodule "lib"/);
    must(await workspaces.remove(task));
    const own = workspace.borrowed;
    assert.equal(git(own, "log", "--format=%s", kept[0]?.ref ?? ""), "SHOP-1: Fix it\none\nLib begins");
    assert.equal(git(own, "show", `${kept[0]?.ref}:two`), "two");
    assert.equal(git(remote, "ls-tree", "main", "lib").slice(0, 6), "160000");
    assert.doesNotMatch(readFileSync(join(own, "config"), "utf8"), /submodule/);
  }));

test("an address is taken from the base's file only where it leads to a remote of this project's kind", () => {
  const parent = "https://git.example.org/acme/shop.git";
  assert.equal(addressOf(parent, "../lib.git"), "https://git.example.org/acme/lib.git");
  assert.equal(addressOf(parent, "../../other/lib"), "https://git.example.org/other/lib");
  assert.equal(addressOf(parent, "../../../../lib"), null);
  assert.equal(addressOf("git@example.org:acme/shop.git", "../lib.git"), "git@example.org:acme/lib.git");
  assert.equal(addressOf("git@example.org:acme/shop.git", "../../lib.git"), "git@example.org:lib.git");
  assert.equal(addressOf(parent, "https://example.com/x"), "https://example.com/x");
  for (const url of ["/etc", "file:///etc", "ext::sh", "-x", "--upload-pack=x", "../a/../../b", "", "C:x:/"])
    assert.equal(addressOf(parent, url), null, url);
  assert.equal(isSameHost(parent, "https://token@git.example.org/x"), true);
  for (const other of [
    "https://git.example.com/acme/lib",
    "http://git.example.org/x",
    "git@git.example.org:x",
  ])
    assert.equal(isSameHost(parent, other), false, other);
});

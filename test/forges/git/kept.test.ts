/** Kept work: shown, published by a person's word, dropped; and only work of the task that is named. */

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { keptRefs } from "../../../forges/git/kept.ts";
import { must, type Repositories, reasonOf, withRepositories } from "./repositories.ts";

/** Puts a commit with one file under a ref of kept work. */
function keep({ folder, git }: Repositories, ref: string): string {
  const mirrors = join(folder, "data", "mirrors");
  const mirror = join(mirrors, readdirSync(mirrors)[0] ?? "");
  const base = "refs/remotes/origin/main";
  const blob = git(mirror, "rev-parse", `${base}:README.md`);
  const tree = git(folder, "-C", mirror, "rev-parse", `${base}^{tree}`);
  const seed = join(folder, "seed");
  git(seed, "read-tree", tree);
  git(seed, "update-index", "--add", "--cacheinfo", `100644,${blob},kept.md`);
  const made = git(seed, "commit-tree", "-m", "Keep it", "-p", "main", git(seed, "write-tree"));
  git(mirror, "fetch", "--quiet", seed, `${made}:${ref}`);
  return made;
}

test("kept work is shown, published to its branch, and dropped", () =>
  withRepositories(async (repositories) => {
    const { workspaces, git, remote } = repositories;
    const spec = repositories.spec("SHOP-1");
    await repositories.ready(spec);
    const ref = `${keptRefs("SHOP-1")}/stash-1`;
    const commit = keep(repositories, ref);
    assert.deepEqual(must(await workspaces.showKept(spec, ref)), {
      commits: [`${commit.slice(0, 7)} Keep it`],
      paths: ["A kept.md"],
      isCut: false,
    });
    const branch = "chargehand/SHOP-1-fix-it--stash-1";
    assert.deepEqual(must(await workspaces.publishKept(spec, { ref, branch })), { branch, commit, files: 1 });
    assert.equal(git(remote, "rev-parse", branch), commit);
    assert.equal(must(await workspaces.dropKept(spec, ref)), null);
    assert.equal(must(await workspaces.dropKept(spec, ref)), null, "dropping may be repeated");
    assert.match(reasonOf(await workspaces.showKept(spec, ref)), /no kept work .*SHOP-1/);
  }));

test("a ref that is no kept work of the task is neither shown, published nor dropped", () =>
  withRepositories(async (repositories) => {
    const { workspaces } = repositories;
    const spec = repositories.spec("SHOP-1");
    await repositories.ready(spec);
    keep(repositories, `${keptRefs("SHOP-2")}/x`);
    for (const ref of [
      "refs/remotes/origin/main",
      `${keptRefs("SHOP-2")}/x`,
      `${keptRefs("SHOP-1")}/../SHOP-2/x`,
      "--all",
    ]) {
      const refused = /is no kept work of SHOP-1/;
      assert.match(reasonOf(await workspaces.showKept(spec, ref)), refused);
      assert.match(reasonOf(await workspaces.publishKept(spec, { ref, branch: "main" })), refused);
      assert.match(reasonOf(await workspaces.dropKept(spec, ref)), refused);
    }
  }));

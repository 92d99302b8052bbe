/** Workspaces with the real git: one mirror per repository, one worktree per task (DESIGN §8, *Git*). */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, open, PUSH, reasonOf, STAY, withRepositories } from "./repositories.ts";

test("a workspace is a worktree on a branch of its own, from the base branch", () =>
  withRepositories(async (repositories) => {
    const { directory, branch } = await repositories.ready(
      repositories.spec("SHOP-1", { title: "Login fails: a+b!" }),
    );
    assert.equal(branch, "chargehand/SHOP-1-login-fails-a-b");
    assert.equal(repositories.git(directory, "symbolic-ref", "--short", "HEAD"), branch);
    assert.equal(repositories.git(directory, "log", "--format=%s"), "Begin");
    assert.equal(directory, repositories.workspaces.directoryOf("SHOP-1"));
  }));

test("I16: a folder is called pristine when it was just made from the base, and never when an agent was there", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-3");
    const made = await repositories.ready(spec);
    assert.equal(made.pristine, true);
    assert.equal((await repositories.ready(spec)).pristine, false, "somebody may have been there since");
    writeFileSync(join(made.directory, "half.txt"), "half\n");
    must(await repositories.workspaces.publish(spec, made, STAY));
    must(await repositories.workspaces.remove(spec));
    assert.equal((await repositories.ready(spec)).pristine, false, "it goes on from an agent's work");
  }));

test("W2: without push the work is kept on its branch, and the next worktree goes on from there", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-4");
    const workspace = await repositories.ready(spec);
    writeFileSync(join(workspace.directory, "half.txt"), "half\n");
    const { commit } = must(await repositories.workspaces.publish(spec, workspace, STAY));
    must(await repositories.workspaces.remove(spec));
    assert.equal(existsSync(workspace.directory), false);
    const next = await open(repositories.folder).prepare(spec);
    assert.equal(repositories.git(must(next).directory, "rev-parse", "HEAD"), commit);
    assert.equal(repositories.git(repositories.remote, "branch", "--list", "chargehand/*"), "");
  }));

test("a branch that was pushed before is continued even when the mirror is new", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-5");
    const workspace = await repositories.ready(spec);
    writeFileSync(join(workspace.directory, "first.txt"), "1\n");
    const { commit } = must(await repositories.workspaces.publish(spec, workspace, PUSH));
    rmSync(join(repositories.folder, "data"), { recursive: true });
    const next = must(await open(repositories.folder).prepare(spec));
    assert.equal(repositories.git(next.directory, "rev-parse", "HEAD"), commit);
  }));

test("W2: what a killed daemon left half made is made anew", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-6");
    const { directory } = await repositories.ready(spec);
    rmSync(`${directory}.ready`);
    rmSync(join(directory, "README.md"));
    const again = must(await open(repositories.folder).prepare(spec));
    assert.deepEqual(readdirSync(again.directory).sort(), [".git", "README.md"]);
    rmSync(directory, { recursive: true });
    assert.deepEqual(readdirSync(must(await open(repositories.folder).prepare(spec)).directory).sort(), [
      ".git",
      "README.md",
    ]);
  }));

test("W1: many tasks of one repository are prepared side by side without hurting each other", () =>
  withRepositories(async (repositories) => {
    const specs = Array.from({ length: 8 }, (_, i) => repositories.spec(`SHOP-${10 + i}`));
    const workspaces = await Promise.all(specs.map((spec) => repositories.ready(spec)));
    for (const { directory, branch } of workspaces) {
      assert.equal(repositories.git(directory, "symbolic-ref", "--short", "HEAD"), branch);
    }
    assert.equal(readdirSync(join(repositories.folder, "data", "mirrors")).length, 1);
  }));

test("a repository that cannot be had says which, why, and no credentials", () =>
  withRepositories(async (repositories) => {
    const missing = await repositories.workspaces.prepare(
      repositories.spec("SHOP-32", { cloneUrl: join(repositories.folder, "nowhere.git") }),
    );
    assert.match(
      reasonOf(missing),
      /git fetch of branch main from .*nowhere\.git failed: .*does not appear to be a git repository|does not exist/,
    );
    const branch = await repositories.workspaces.prepare(
      repositories.spec("SHOP-33", { baseBranch: "trunk" }),
    );
    assert.match(reasonOf(branch), /branch trunk from .*couldn't find remote ref/);
    const secret = "http://user:hunter22@127.0.0.1:1/x.git";
    const reason = reasonOf(
      await repositories.workspaces.prepare(repositories.spec("SHOP-34", { cloneUrl: secret })),
    );
    assert.doesNotMatch(reason, /hunter22/);
    assert.match(reason, /127\.0\.0\.1/);
  }));

test("git is seen to move for a repository, when it begins something and when it ends", () =>
  withRepositories(async (repositories) => {
    let now = 0;
    const workspaces = open(repositories.folder, { monotonic: () => now });
    const spec = repositories.spec("SHOP-90");
    assert.equal(workspaces.idleMs(spec.cloneUrl), Number.POSITIVE_INFINITY);
    const workspace = must(await workspaces.prepare(spec));
    now += 5_000;
    assert.equal(workspaces.idleMs(spec.cloneUrl), 5_000);
    must(await workspaces.publish(spec, workspace, PUSH));
    assert.equal(workspaces.idleMs(spec.cloneUrl), 0);
    assert.equal(workspaces.idleMs(`${spec.cloneUrl}-another`), Number.POSITIVE_INFINITY);
    const failing = workspaces.prepare({ ...repositories.spec("SHOP-91"), baseBranch: "none" });
    now += 7_000;
    assert.equal((await failing).kind, "failed");
    assert.equal(workspaces.idleMs(spec.cloneUrl), 0);
  }));

test("a cache of the set-up is no work, though no rule ignores it, unless it is tracked; elsewhere its name means nothing", () =>
  withRepositories(async (repositories) => {
    const spec = repositories.spec("SHOP-90", { leaveOut: ["deps", "web/deps"] });
    const workspace = await repositories.ready(spec);
    const { directory } = workspace;
    for (const name of ["deps", "web/deps", "lib/deps"]) {
      mkdirSync(join(directory, name), { recursive: true });
      writeFileSync(join(directory, name, "x"), "x");
    }
    repositories.git(directory, "add", "-A");
    assert.equal(repositories.git(directory, "ls-files", "deps", "web/deps"), "");
    repositories.git(directory, "add", "-f", "deps/x");
    repositories.git(directory, "commit", "-qm", "tracked");
    for (const name of ["x", "y"]) writeFileSync(join(directory, "deps", name), "changed");
    const { branch } = must(await repositories.workspaces.publish(spec, workspace, PUSH));
    const files = repositories.git(repositories.remote, "ls-tree", "-r", "--name-only", branch ?? "");
    assert.deepEqual(files.split("\n"), ["README.md", "deps/x", "lib/deps/x"]);
    assert.equal(repositories.git(repositories.remote, "show", `${branch}:deps/x`), "changed");
  }));

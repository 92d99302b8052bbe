/** The repository of its own: what it holds, how one of an older version becomes one, and when it starts anew. */

import assert from "node:assert/strict";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { must, mustPublish, open, PUSH, STAY, withRepositories } from "./repositories.ts";

test("a task's repository has an identity, no remote, and borrows objects that it cannot write", () =>
  withRepositories(async ({ spec, ready, git }) => {
    const identity = { name: 'A "B" \\C', email: "a@example.org" };
    const { directory, borrowed } = await ready(spec("SHOP-1", { identity }));
    assert.equal(git(directory, "remote"), "");
    assert.equal(git(directory, "config", "user.name"), identity.name);
    assert.equal(git(directory, "config", "user.email"), identity.email);
    assert.equal(git(directory, "rev-parse", "--git-dir"), ".git");
    assert.equal(
      readFileSync(join(directory, ".git/objects/info/alternates"), "utf8"),
      `${borrowed}/objects\n`,
    );
    assert.equal(git(directory, "status", "--porcelain"), "");
    assert.equal(git(directory, "count-objects").split(" ")[0], "0");
  }));

test("I14: tasks of one repository share no stash, hooks, configuration, branches or index", () =>
  withRepositories(async ({ spec, ready, git }) => {
    const [one, two] = await Promise.all([ready(spec("SHOP-1")), ready(spec("SHOP-2"))]);
    writeFileSync(join(one.directory, "README.md"), "one\n");
    git(one.directory, "stash");
    git(one.directory, "config", "core.editor", "one");
    git(one.directory, "branch", "mine");
    assert.equal(git(two.directory, "stash", "list"), "");
    assert.equal(git(two.directory, "branch", "--list", "mine"), "");
    assert.doesNotMatch(git(two.directory, "config", "--list", "--local"), /one/);
  }));

test("another attempt without work to go on with starts from today's base; with work it goes on", () =>
  withRepositories(async ({ folder, spec, ready, workspaces, git, remote }) => {
    const [idle, busy] = [spec("SHOP-1"), spec("SHOP-2")];
    const places = [await ready(idle), await ready(busy)];
    writeFileSync(join(places[1]?.directory ?? "", "half.txt"), "half\n");
    const seed = join(folder, "seed");
    git(seed, "commit", "-q", "--allow-empty", "-m", "Today");
    git(seed, "push", "-q", remote, "main");
    must(await workspaces.prepare(idle));
    assert.equal(git(places[0]?.directory ?? "", "log", "-1", "--format=%s"), "Begin", "the same attempt");
    must(await workspaces.prepare({ ...idle, again: true }));
    must(await workspaces.prepare({ ...busy, again: true }));
    assert.equal(git(places[0]?.directory ?? "", "log", "-1", "--format=%s"), "Today");
    assert.equal(git(places[1]?.directory ?? "", "log", "-1", "--format=%s"), "Begin");
    assert.ok(existsSync(join(places[1]?.directory ?? "", "half.txt")));
  }));

test("a worktree of an older version gets a repository of its own, with all that its agent was at", () =>
  withRepositories(async ({ folder, spec, ready, git, remote }) => {
    const task = spec("SHOP-1");
    const { directory, borrowed, branch } = await ready(task);
    // As versions before made it: a worktree of the shared repository.
    rmSync(join(folder, "data", "desks"), { recursive: true });
    rmSync(directory, { recursive: true });
    git(borrowed, "worktree", "add", "-q", "-b", branch, directory, "refs/remotes/origin/main");
    writeFileSync(`${directory}.ready`, "");
    writeFileSync(join(directory, "done.txt"), "1\n");
    git(directory, "add", "-A");
    git(directory, "commit", "-qm", "Done");
    const done = git(directory, "rev-parse", "HEAD");
    writeFileSync(join(directory, "staged.txt"), "2\n");
    git(directory, "add", "staged.txt");
    writeFileSync(join(directory, "README.md"), "changed\n");
    mkdirSync(join(directory, "new"));
    writeFileSync(join(directory, "new", "file"), "3\n");
    assert.ok(lstatSync(join(directory, ".git")).isFile());

    const next = open(folder);
    const workspace = must(await next.prepare(task));
    assert.ok(lstatSync(join(directory, ".git")).isDirectory());
    assert.equal(git(directory, "symbolic-ref", "--short", "HEAD"), branch);
    assert.equal(git(directory, "rev-parse", "HEAD"), done);
    assert.equal(git(directory, "status", "--porcelain"), "M README.md\nA  staged.txt\n?? new/");
    assert.deepEqual(readdirSync(dirname(directory)).sort(), ["SHOP-1", "SHOP-1.ready"]);
    const published = mustPublish(await next.publish(task, workspace, PUSH));
    assert.equal(
      git(remote, "ls-tree", "-r", "--name-only", published.branch),
      "README.md\ndone.txt\nnew/file\nstaged.txt",
    );
  }));

test("I15: work of a task that did not succeed is on its branch here, and kept with the reason", () =>
  withRepositories(async ({ spec, ready, workspaces, git }) => {
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    writeFileSync(join(workspace.directory, "half.txt"), "half\n");
    const because = "its task failed";
    const { commit, kept } = must(await workspaces.publish(task, workspace, { ...STAY, because }));
    must(await workspaces.remove(task));
    assert.equal(git(workspace.borrowed, "rev-parse", workspace.branch), commit);
    assert.deepEqual(
      kept.map(({ name, reason, branch }) => [name, reason, branch]),
      [["work", because, workspace.branch]],
    );
    assert.equal(git(workspace.borrowed, "rev-parse", kept[0]?.ref ?? ""), commit);
  }));

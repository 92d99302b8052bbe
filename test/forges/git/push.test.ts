/** The remote's branch moved, was deleted, or is in the way: nothing is forced, and nothing is lost. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, mustPublish, PUSH, reasonOf, withRepositories } from "./repositories.ts";

test("a second attempt goes on from what the first one published, however the agent changed its history", () =>
  withRepositories(async ({ spec, ready, workspaces, git, remote }) => {
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    const { directory } = workspace;
    writeFileSync(join(directory, "a"), "1\n");
    const first = mustPublish(await workspaces.publish(task, workspace, PUSH));
    writeFileSync(join(directory, "a"), "2\n");
    const second = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(git(remote, "rev-parse", `${second.branch}~1`), first.commit);
    git(directory, "add", "-A");
    git(directory, "commit", "-qm", "One");
    git(directory, "commit", "-q", "--amend", "-m", "Amended");
    writeFileSync(join(directory, "b"), "3\n");
    git(directory, "add", "-A");
    git(directory, "commit", "-qm", "Two");
    const third = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(third.branch, first.branch);
    assert.equal(git(remote, "rev-parse", third.branch), third.commit);
    assert.equal(git(remote, "ls-tree", "-r", "--name-only", third.branch), "README.md\na\nb");
    assert.match(git(remote, "log", "--format=%s", third.branch), /Amended/);
    const again = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(again.commit, third.commit, "publishing again changes nothing");
  }));

test("a branch that a person pushed to: ours on top where it fits, beside it where not", () =>
  withRepositories(async ({ folder, spec, ready, workspaces, git, remote }) => {
    const seed = join(folder, "seed");
    for (const [task, theirs, fits] of [
      ["SHOP-1", "theirs.txt", true],
      ["SHOP-2", "a", false],
    ] as const) {
      const wish = spec(task);
      const workspace = await ready(wish);
      writeFileSync(join(workspace.directory, "a"), "ours\n");
      const first = mustPublish(await workspaces.publish(wish, workspace, PUSH));
      git(seed, "fetch", "-q", remote, first.branch);
      git(seed, "checkout", "-q", "FETCH_HEAD");
      writeFileSync(join(seed, theirs), "theirs\n");
      git(seed, "add", "-A");
      git(seed, "commit", "-qm", "Theirs");
      git(seed, "push", "-q", remote, `HEAD:refs/heads/${first.branch}`);
      const person = git(seed, "rev-parse", "HEAD");
      writeFileSync(join(workspace.directory, "a"), "ours again\n");
      const published = must(await workspaces.publish(wish, workspace, PUSH));
      const { branch = "", commit = "", told } = published;
      assert.equal(git(remote, "rev-parse", branch ?? ""), commit);
      assert.equal(git(remote, "show", `${branch}:a`), "ours again");
      if (fits) {
        assert.equal(branch, first.branch);
        assert.equal(git(remote, "rev-parse", `${branch}~1`), person);
        assert.match(told.join(), /had moved on the remote, and the agent's work was put on top/);
      } else {
        assert.match(branch ?? "", new RegExp(`^${first.branch}--[0-9a-f]{8}$`));
        assert.equal(git(remote, "rev-parse", first.branch), person, "the person's push stands");
        assert.match(told.join(), /in a way that does not fit/);
      }
    }
  }));

test("what others have pushed to a branch can be taken over in its folder", () =>
  withRepositories(async ({ folder, spec, ready, workspaces, git, remote }) => {
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    const { directory } = workspace;
    writeFileSync(join(directory, "a"), "ours\n");
    const first = mustPublish(await workspaces.publish(task, workspace, PUSH));
    const seed = join(folder, "seed");
    git(seed, "fetch", "-q", remote, first.branch);
    git(seed, "checkout", "-q", "FETCH_HEAD");
    writeFileSync(join(seed, "theirs"), "theirs\n");
    git(seed, "add", "-A");
    git(seed, "commit", "-qm", "Theirs");
    git(seed, "push", "-q", remote, `HEAD:refs/heads/${first.branch}`);
    const others = git(seed, "rev-parse", "HEAD");
    await ready(task);
    assert.throws(() => git(directory, "cat-file", "-e", others), "nobody has brought it");
    await ready({ ...task, others });
    git(directory, "add", "-A");
    git(directory, "commit", "-qm", "Ours", "--allow-empty");
    git(directory, "merge", "-q", "--no-edit", others);
    const second = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(second.branch, first.branch);
    assert.equal(git(remote, "ls-tree", "-r", "--name-only", second.branch), "README.md\na\ntheirs");
    git(remote, "merge-base", "--is-ancestor", others, second.commit);
  }));

test("a branch that was deleted at the remote is made again", () =>
  withRepositories(async ({ spec, ready, workspaces, git, remote }) => {
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    writeFileSync(join(workspace.directory, "a"), "1\n");
    const first = mustPublish(await workspaces.publish(task, workspace, PUSH));
    git(remote, "update-ref", "-d", `refs/heads/${first.branch}`);
    writeFileSync(join(workspace.directory, "b"), "2\n");
    const second = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(git(remote, "rev-parse", first.branch), second.commit);
  }));

test("a remote branch named chargehand is told in one sentence", () =>
  withRepositories(async ({ spec, ready, workspaces, git, remote }) => {
    git(remote, "branch", "chargehand", "main");
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    writeFileSync(join(workspace.directory, "a"), "1\n");
    assert.equal(
      reasonOf(await workspaces.publish(task, workspace, PUSH)),
      "the remote has a branch named chargehand, so that none named chargehand/… can be made there: rename or delete it",
    );
  }));

test("a push that changes what a CI runs is kept until it is allowed", () =>
  withRepositories(async ({ spec, ready, workspaces, git, remote }) => {
    const task = spec("SHOP-1");
    const workspace = await ready(task);
    execFileSync("/bin/sh", ["-ec", "mkdir -p .github/workflows; echo on: push > .github/workflows/x.yml"], {
      cwd: workspace.directory,
    });
    const held = must(await workspaces.publish(task, workspace, { to: "branch", allowCi: false }));
    assert.deepEqual([held.commit, held.kept.length], [null, 1]);
    assert.equal(git(remote, "branch", "--list", "chargehand/*"), "");
    const [kept] = held.kept;
    assert.match(kept?.reason ?? "", /acts on: "\.github\/workflows\/x\.yml"/);
    assert.equal(kept?.branch, workspace.branch);
    const given = must(
      await workspaces.publishKept(task, { ref: kept?.ref ?? "", branch: kept?.branch ?? "" }),
    );
    assert.equal(git(remote, "rev-parse", workspace.branch), given.commit);
  }));

test("sha256 repositories work", () =>
  withRepositories(async ({ folder, spec, workspaces, git }) => {
    const remote = join(folder, "new.git");
    const seed = join(folder, "new");
    git(folder, "init", "-q", "--bare", "--object-format=sha256", "--initial-branch=main", remote);
    git(folder, "init", "-q", "--object-format=sha256", "--initial-branch=main", seed);
    git(seed, "commit", "-q", "--allow-empty", "-m", "Begin");
    git(seed, "push", "-q", remote, "main");
    const task = spec("SHOP-1", { cloneUrl: remote });
    const workspace = must(await workspaces.prepare(task));
    writeFileSync(join(workspace.directory, "a"), "1\n");
    git(workspace.directory, "add", "-A");
    git(workspace.directory, "commit", "-qm", "Mine");
    writeFileSync(join(workspace.directory, "b"), "2\n");
    const { branch, commit } = mustPublish(await workspaces.publish(task, workspace, PUSH));
    assert.equal(commit.length, 64);
    assert.equal(git(remote, "rev-parse", branch), commit);
  }));

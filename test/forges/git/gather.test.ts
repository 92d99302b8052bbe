/** I15: whatever a careless agent did to its branch, its `.git` or its folder, its work is published or kept. */

import assert from "node:assert/strict";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { systemClock } from "../../../system/clock.ts";
import { COMMIT, careless, eachOf } from "./careless.ts";
import { must, open, PUSH, reasonOf, withRepositories } from "./repositories.ts";

/** What is on the task's branch, and what else is kept. */
type Case = readonly [what: string, script: string, files: readonly string[], kept?: readonly string[]];

const ONE_CLEAR: readonly Case[] = [
  ["its branch", `echo a > a; ${COMMIT}; echo b > b`, ["README.md", "a", "b"]],
  ["another branch", `git switch -qc other; echo a > a; ${COMMIT}; echo b > b`, ["README.md", "a", "b"]],
  [
    "a branch it went away from",
    `git switch -qc other; echo a > a; ${COMMIT}; git switch -q -`,
    ["README.md", "a"],
  ],
  ["a detached head", `git checkout -q --detach; echo a > a; ${COMMIT}`, ["README.md", "a"]],
  ["an orphan", `git checkout -q --orphan new; echo a > a; ${COMMIT}`, ["README.md", "a"]],
  ["a tag", `echo a > a; ${COMMIT}; git tag v1; git reset -q --hard HEAD~1`, ["README.md", "a"]],
  [
    "a worktree of its own",
    `git worktree add -q .claude/worktrees/w -b w; cd .claude/worktrees/w; echo a > a; ${COMMIT}; echo b > b`,
    ["README.md", "a", "b"],
  ],
  [
    "a nested repository",
    `git init -q lib; cd lib; echo n > n; git commit -q --allow-empty -m x; ${COMMIT}`,
    ["README.md", "lib/n"],
    ["nested-lib"],
  ],
  [
    "a nested repository that it committed as a link",
    `git init -q lib; cd lib; echo n > n; git add n; git commit -qm x; cd ..; ${COMMIT} 2>&1`,
    ["README.md", "lib/n"],
    ["nested-lib"],
  ],
  ["no repository", "echo a > a; rm -rf .git", ["README.md", "a"]],
  ["another repository", `rm -rf .git; git init -q .; echo a > a; git add a`, ["README.md", "a"]],
  ["a broken repository", `echo a > a; ${COMMIT}; rm -rf .git/objects; echo b > b`, ["README.md", "a", "b"]],
  ["a repository without HEAD", `echo a > a; ${COMMIT}; rm .git/HEAD; echo b > b`, ["README.md", "a", "b"]],
  ["a repository that is a file", "echo a > a; rm -rf .git; echo gone > .git", ["README.md", "a"]],
  ["a repository that is a link", "echo a > a; rm -rf .git; ln -s /dev/zero .git", ["README.md", "a"]],
  [
    "a file in place of a folder",
    "mkdir d; echo x > d/x; git add d; rm -r d; echo d > d",
    ["README.md", "d"],
  ],
  ["a folder in place of a file", "rm README.md; mkdir README.md; echo x > README.md/x", ["README.md/x"]],
  ["a link in place of a file", "rm README.md; ln -s /etc/passwd README.md; echo a > a", ["README.md", "a"]],
];

test("I15: one clear piece of work stands on the task's branch, wherever the agent left it", () =>
  withRepositories(async (repositories) => {
    await eachOf(ONE_CLEAR, async ([what, script, files, kept = []]) => {
      const made = await careless(repositories, script);
      assert.deepEqual(made.files, files, `${what}: ${made.told}`);
      assert.deepEqual(made.published.beside, [], what);
      assert.deepEqual(
        made.published.kept.map(({ name }) => name),
        kept,
        what,
      );
    });
  }));

test("I15: several pieces of work are all pushed, and told", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; ${COMMIT}; git switch -q -c Other/X HEAD~1; echo b > b; ${COMMIT}`;
    const { published, files, told } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "a"]);
    const [beside] = published.beside;
    assert.equal(beside?.branch, `${published.branch}--other-x`);
    assert.equal(repositories.git(repositories.remote, "show", `${beside?.branch}:b`), "b");
    assert.match(told, /also left work elsewhere \(other-x\)/);
  }));

test("I15: stashes are kept and told, each", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; git stash -q -u; echo b >> README.md; git stash -q; echo c > c; ${COMMIT}`;
    const { published, files, told, task } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "c"]);
    assert.deepEqual(
      published.kept.map(({ name }) => name),
      ["stash", "stash-2"],
    );
    assert.match(told, /stash is kept: the agent stashed it/);
    const spec = repositories.spec(task);
    for (const { ref } of published.kept) assert.ok(must(await repositories.workspaces.showKept(spec, ref)));
  }));

test("I15: a rebase left open publishes what was committed and keeps the rest", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > README.md; ${COMMIT}; git switch -qc other HEAD~1; echo b > README.md; ${COMMIT}
git switch -q -; git branch -q keep; git rebase other >/dev/null 2>&1 || true; git branch -qD other; echo c > c`;
    const { published, files } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md"]);
    assert.equal(repositories.git(repositories.remote, "show", `${published.branch}:README.md`), "a");
    assert.match(published.kept[0]?.reason ?? "", /left a rebase unfinished/);
  }));

test("I15: of commits that are not sound the files are published, and the objects kept as a file", () =>
  withRepositories(async (repositories) => {
    // Git itself never pads a date.
    const script = `echo a > a; ${COMMIT}; odd=$(printf 'tree %s\\nauthor A <a@localhost> 01 +0000\\ncommitter A <a@localhost> 1 +0000\\n\\nodd\\n' \
$(git rev-parse HEAD^{tree}) | git hash-object -t commit -w --stdin --literally); git update-ref refs/heads/odd $odd; echo b > b`;
    const { files, published, told, task } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "a", "b"], told);
    assert.match(told, /its commits are not sound, so that its files are taken as they are/);
    assert.deepEqual(
      published.kept.map(({ name }) => name),
      ["objects"],
    );
    const spec = repositories.spec(task);
    const shown = must(await repositories.workspaces.showKept(spec, published.kept[0]?.ref ?? ""));
    assert.deepEqual(shown.paths, ["A objects.pack"]);
  }));

test("I15: a commit with an object that is missing or broken costs itself, and no other", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; ${COMMIT}; git branch good; echo b > b; ${COMMIT}; blob=$(git rev-parse HEAD:b)
git switch -q good; rm -f .git/objects/$(echo $blob | sed 's,^..,&/,')`;
    const { published, told } = await careless(repositories, script);
    assert.match(told, /names a commit that cannot be read/);
    assert.equal(repositories.git(repositories.remote, "show", `${published.branch}:a`), "a");
  }));

test("I15: a git that was killed, or had no room, refuses nothing: what it did not reach is gathered the next time", () =>
  withRepositories(async ({ folder, spec, git, remote }) => {
    const programs = join(folder, "programs");
    mkdirSync(programs);
    const task = spec("SHOP-1");
    for (const trouble of [
      "kill -9 $$",
      "echo 'fatal: write error: No space left on device' >&2; exit 128",
    ]) {
      const script = `#!/bin/sh\ncase $1 in update-index) ${trouble} ;; esac\nPATH=$REST exec git "$@"\n`;
      writeFileSync(join(programs, "git"), script.replace("$REST", process.env["PATH"] ?? ""), {
        mode: 0o755,
      });
      const troubled = open(folder, systemClock(), { env: { PATH: `${programs}:${process.env["PATH"]}` } });
      const workspace = must(await troubled.prepare(task));
      writeFileSync(join(workspace.directory, "work.txt"), "done\n");
      const reason = reasonOf(await troubled.publish(task, workspace, PUSH));
      assert.match(reason, /cannot be gathered: .*git update-index.*(was killed by SIGKILL|No space left)/);
    }
    const well = open(folder);
    const { branch, kept } = must(await well.publish(task, must(await well.prepare(task)), PUSH));
    assert.deepEqual([git(remote, "show", `${branch}:work.txt`), kept], ["done", []]);
  }));

/** As long as before, and at once; over into the next second before anybody looks. */
const SAME_LENGTH = `a=$(stat -c %Y README.md); tr a-z A-Z <README.md >../upper && cat ../upper >README.md
b=$(stat -c %Y README.md); [ "$a" = "$b" ] && : >../at-once; sleep 1.1`;

test("I15: a change that keeps the length of a file is seen, also in the second in which its folder was made", () =>
  withRepositories(async (repositories) => {
    let atOnce = 0;
    for (let tries = 0; tries < 10 && atOnce < 2; tries++) {
      const { directory, published } = await careless(repositories, SAME_LENGTH);
      if (existsSync(join(directory, "../at-once"))) atOnce += 1;
      rmSync(join(directory, "../at-once"), { force: true });
      const { branch } = published;
      assert.ok(branch, "it is not called nothing");
      assert.equal(repositories.git(repositories.remote, "show", `${branch}:README.md`), "# SHOP");
    }
    assert.ok(atOnce > 0, "the machine was never quick enough for this to be seen");
  }));

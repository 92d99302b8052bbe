/** I15: whatever a careless agent did to its branch, its `.git` or its folder, its work is published or kept. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { decodeReport } from "../../../forges/git/gather.ts";
import type { Published } from "../../../forges/git/workspace.ts";
import { must, PUSH, type Repositories, withRepositories } from "./repositories.ts";

const ENV = {
  PATH: process.env["PATH"],
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "A",
  GIT_AUTHOR_EMAIL: "a@localhost",
  GIT_COMMITTER_NAME: "A",
  GIT_COMMITTER_EMAIL: "a@localhost",
};

interface Careless {
  readonly published: Published;
  /** Files on the task's branch at the remote. */
  readonly files: readonly string[];
  readonly told: string;
  readonly directory: string;
}

let number = 0;

/** A task whose agent does what the script says. */
async function careless(repositories: Repositories, script: string): Promise<Careless> {
  number += 1;
  const spec = repositories.spec(`SHOP-${number}`);
  const workspace = await repositories.ready(spec);
  const { directory } = workspace;
  execFileSync("/bin/sh", ["-euc", script], { cwd: directory, env: ENV, stdio: "pipe" });
  const published = must(await repositories.workspaces.publish(spec, workspace, PUSH));
  const { branch, commit, told } = published;
  const files =
    branch === null || commit === null
      ? []
      : repositories.git(repositories.remote, "ls-tree", "-r", "--name-only", branch).split("\n");
  return { published, files, told: told.join("\n"), directory };
}

const COMMIT = "git add -A && git commit -qm made";

const ONE_CLEAR: readonly (readonly [what: string, script: string, files: readonly string[]])[] = [
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
  ],
  [
    "a nested repository that it committed as a link",
    `git init -q lib; cd lib; echo n > n; git add n; git commit -qm x; cd ..; ${COMMIT} 2>&1`,
    ["README.md", "lib/n"],
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
    for (const [what, script, files] of ONE_CLEAR) {
      const made = await careless(repositories, script);
      assert.deepEqual(made.files, files, `${what}: ${made.told}`);
      assert.deepEqual([made.published.beside, made.published.kept], [[], []], what);
    }
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
    const { published, files, told, directory } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "c"]);
    assert.deepEqual(
      published.kept.map(({ name }) => name),
      ["stash", "stash-2"],
    );
    assert.match(told, /stash is kept: the agent stashed it/);
    const spec = repositories.spec(directory.split("/").at(-1) ?? "");
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

test("I15: what cannot be taken stops nothing, and is told", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; mkfifo fifo; truncate -s 6G giant; echo s > secret; chmod 000 secret; mkdir shut; echo x > shut/x
chmod 000 shut; mkdir .chargehand; echo .chargehand > .gitignore; rm README.md; mkfifo README.md
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")' 2>/dev/null || true`;
    const { files, told, directory } = await careless(repositories, script);
    execFileSync("chmod", ["700", `${directory}/shut`]);
    const expected = [".gitignore", "README.md", "a"];
    // The superuser may read everything.
    const readable = process.getuid?.() === 0 ? ["secret", "shut/x"] : [];
    assert.deepEqual(files, [...expected, ...readable]);
    assert.match(told, /"giant" has 6442450944 bytes/);
    assert.match(told, /"README.md" is no regular file, and was left out/);
    if (readable.length === 0) assert.match(told, /"secret" cannot be read/);
  }));

test("W4: a folder goes when all of it is gathered, also with folders that are read-only", () =>
  withRepositories(async (repositories) => {
    const script = "mkdir -p ro/deep; echo x > ro/deep/x; chmod 500 ro/deep ro; git branch -q dropped";
    const { directory } = await careless(repositories, script);
    const spec = repositories.spec(directory.split("/").at(-1) ?? "");
    must(await repositories.workspaces.remove(spec));
    assert.equal(existsSync(directory), false);
  }));

test("a report is decoded, and nothing else is taken for one", () => {
  const commit = "a".repeat(40);
  const report = {
    tips: [{ kind: "head", name: "x\u202e\ny", commit }],
    headBranch: null,
    hasPack: true,
    told: ["t"],
  };
  assert.deepEqual(decodeReport(JSON.stringify(report))?.tips, [{ kind: "head", name: "x y", commit }]);
  const wrong = {
    ...report,
    tips: [{ kind: "head", name: "x", commit: "--all" }, { kind: "no", name: "x", commit }, 7],
  };
  assert.deepEqual(decodeReport(JSON.stringify(wrong))?.tips, []);
  for (const text of ["", "[]", "{}", "null", '{"tips":1}']) assert.equal(decodeReport(text), null);
});

/** Merging into the base of a real remote: forward, joined, once, and never by force. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Merged, MergeWish } from "../../../forges/git/workspace.ts";
import {
  AGENT,
  must,
  mustPublish,
  PUSH,
  type Repositories,
  reasonOf,
  withRepositories,
} from "./repositories.ts";

function wish(commit: string, more: Partial<MergeWish> = {}): MergeWish {
  return { commit, as: "fast_forward", allowCi: false, allowed: [], isWanted: async () => true, ...more };
}

/** A task's agent writes a file, and its work is pushed. @returns the commit */
async function worked(
  { spec, ready, workspaces }: Repositories,
  task: string,
  file: string,
): Promise<string> {
  const workspace = await ready(spec(task));
  writeFileSync(join(workspace.directory, file), `${task}\n`);
  return mustPublish(await workspaces.publish(spec(task), workspace, { ...PUSH, allowCi: true })).commit;
}

async function merge(
  { spec, workspaces }: Repositories,
  task: string,
  commit: string,
  more: Partial<MergeWish> = {},
): Promise<Merged> {
  return must(await workspaces.merge(spec(task), wish(commit, more)));
}

/** A task's agent runs a script, and its work is pushed whatever it is. @returns the commit */
async function scripted(
  { spec, ready, agent, workspaces }: Repositories,
  task: string,
  script: string,
): Promise<string> {
  const workspace = await ready(spec(task));
  agent(workspace.directory, script);
  return mustPublish(await workspaces.publish(spec(task), workspace, PUSH)).commit;
}

/** Somebody else is faster. */
function othersPush(place: Repositories, file: string): void {
  othersDo(place, `printf 'theirs\\n' > "$1"`, file);
}

function othersDo({ git, agent, folder, remote }: Repositories, script: string, file = ""): void {
  const seed = join(folder, "seed");
  git(seed, "fetch", "--quiet", remote, "main");
  git(seed, "reset", "--quiet", "--hard", "FETCH_HEAD");
  agent(seed, `set -- '${file}'; ${script}`);
  git(seed, "add", "-A");
  git(seed, "commit", "--quiet", "-m", `Change ${file}`);
  git(seed, "push", "--quiet", remote, "HEAD:main");
}

function hook({ remote }: Repositories, name: string, script: string): void {
  writeFileSync(join(remote, "hooks", name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(remote, "hooks", name), 0o755);
}

test("D8: a base that has not moved moves on to the work, and has it once however often it is merged", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    const commit = await worked(place, "SHOP-1", "a");
    assert.deepEqual(await merge(place, "SHOP-1", commit), { kind: "merged", commit });
    assert.equal(git(remote, "rev-parse", "main"), commit);
    othersPush(place, "b");
    const tip = git(remote, "rev-parse", "main");
    assert.deepEqual(await merge(place, "SHOP-1", commit), { kind: "merged", commit: tip });
    assert.equal(git(remote, "rev-parse", "main"), tip);
  }));

test("D8: a base that has moved, or a workflow that wants it, makes a merge commit with both as parents", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    const first = await worked(place, "SHOP-1", "a");
    const base = git(remote, "rev-parse", "main");
    const merged = await merge(place, "SHOP-1", first, { as: "merge_commit" });
    assert.equal(merged.kind, "merged");
    assert.equal(
      git(remote, "log", "-1", "--format=%P|%s|%an", "main"),
      `${base} ${first}|Merge SHOP-1: Fix it|Chargehand`,
    );
    const second = await worked(place, "SHOP-2", "b");
    othersPush(place, "c");
    const moved = git(remote, "rev-parse", "main");
    assert.equal((await merge(place, "SHOP-2", second)).kind, "merged");
    assert.equal(git(remote, "log", "-1", "--format=%P", "main"), `${moved} ${second}`);
    assert.equal(git(remote, "ls-tree", "-r", "--name-only", "main"), "README.md\na\nb\nc");
  }));

test("D8: what does not fit is told by its paths, and changes nothing", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    const commit = await worked(place, "SHOP-1", 'a "b"\n\u202ec');
    othersPush(place, 'a "b"\n\u202ec');
    const tip = git(remote, "rev-parse", "main");
    const found = await merge(place, "SHOP-1", commit);
    assert.deepEqual(found, { kind: "conflict", commit: tip, paths: ['a "b"\n\u202ec'] });
    assert.equal(git(remote, "rev-parse", "main"), tip);
  }));

test("D8: a base that moves between fetch and push is met again", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    const commit = await worked(place, "SHOP-1", "a");
    let asked = 0;
    const isWanted = async (): Promise<boolean> => {
      asked += 1;
      if (asked === 1) othersPush(place, "b");
      return true;
    };
    assert.equal((await merge(place, "SHOP-1", commit, { isWanted })).kind, "merged");
    assert.equal(asked, 2);
    assert.equal(git(remote, "ls-tree", "-r", "--name-only", "main"), "README.md\na\nb");
    const second = await worked(place, "SHOP-2", "c");
    let moves = 0;
    const never = async (): Promise<boolean> => {
      moves += 1;
      othersPush(place, `d${moves}`);
      return true;
    };
    const found = await merge(place, "SHOP-2", second, { isWanted: never });
    assert.deepEqual(found, {
      kind: "delayed",
      reason: "branch main has moved on 3 times while the work was merged",
    });
  }));

test("D8: a branch that is protected is told from a remote that is down", () =>
  withRepositories(async (place) => {
    const { spec, workspaces, remote } = place;
    const commit = await worked(place, "SHOP-1", "a");
    hook(
      place,
      "pre-receive",
      'while read old new ref; do case "$ref" in */main) echo "main is protected"; exit 1;; esac; done',
    );
    const found = await merge(place, "SHOP-1", commit);
    assert.ok(
      found.kind === "refused" && /pre-receive hook declined/.test(found.reason),
      JSON.stringify(found),
    );
    const gone = spec("SHOP-1", { cloneUrl: `${remote}-gone` });
    assert.match(reasonOf(await workspaces.merge(gone, wish(commit))), /is not in the daemon's repository/);
    assert.equal((await merge(place, "SHOP-1", commit, { isWanted: async () => false })).kind, "delayed");
  }));

test("I14: what changes files that a CI acts on goes into the base only where that is allowed", () =>
  withRepositories(async (place) => {
    const { git, remote, spec, ready, workspaces } = place;
    const workspace = await ready(spec("SHOP-1"));
    writeFileSync(join(workspace.directory, "Jenkinsfile"), "x\n");
    const allowed = { ...PUSH, allowCi: true };
    const { commit } = mustPublish(await workspaces.publish(spec("SHOP-1"), workspace, allowed));
    const found = await merge(place, "SHOP-1", commit);
    assert.ok(found.kind === "refused" && /"Jenkinsfile"; merge it by hand/.test(found.reason));
    assert.notEqual(git(remote, "rev-parse", "main"), commit);
    assert.equal((await merge(place, "SHOP-1", commit, { allowCi: true })).kind, "merged");
  }));

const TEN = "printf '1\\n2\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n'";

function heldBy(found: Merged): string {
  return found.kind === "refused"
    ? (/acts on: (.*); merge it by hand/.exec(found.reason)?.[1] ?? found.reason)
    : found.kind;
}

test("I14: what git would carry into a file that a CI acts on, because the base has renamed it, is held", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    othersDo(place, `${TEN} > build.yml`);
    const commit = await scripted(place, "SHOP-1", "echo evil >> build.yml; echo more > other");
    othersDo(place, "mkdir -p .github/workflows; git mv build.yml .github/workflows/build.yml");
    const tip = git(remote, "rev-parse", "main");
    assert.equal(heldBy(await merge(place, "SHOP-1", commit)), '".github/workflows/build.yml"');
    // A person has published the commit, and has seen no file of a CI in it.
    assert.equal(
      heldBy(await merge(place, "SHOP-1", commit, { allowed: [commit] })),
      '".github/workflows/build.yml"',
    );
    assert.equal(git(remote, "rev-parse", "main"), tip);
    assert.equal((await merge(place, "SHOP-1", commit, { allowCi: true })).kind, "merged");
  }));

test("I14: what an earlier run has brought to the branch is held, until a person has allowed exactly that", () =>
  withRepositories(async (place) => {
    const first = await scripted(place, "SHOP-1", "echo a > Jenkinsfile");
    const second = await scripted(place, "SHOP-1", "echo b > file; git add -A; git commit -qm More");
    assert.equal(heldBy(await merge(place, "SHOP-1", second)), '"Jenkinsfile"');
    const third = await scripted(place, "SHOP-1", "echo c > Jenkinsfile");
    const unknown = "0".repeat(40);
    assert.equal(
      heldBy(await merge(place, "SHOP-1", third, { allowed: [first, second, unknown] })),
      '"Jenkinsfile"',
      "it says something else by now",
    );
    const looked = { allowed: [unknown, first] };
    assert.equal((await merge(place, "SHOP-1", second, looked)).kind, "merged");
  }));

test("I14: what an allowed commit only lacks, because its base was older, is no yes to remove it", () =>
  withRepositories(async (place) => {
    const { git, remote } = place;
    const first = await scripted(place, "SHOP-1", "echo x > Jenkinsfile; git add -A; git commit -qm Mine");
    othersDo(place, "echo y > .gitlab-ci.yml");
    const second = await scripted(
      place,
      "SHOP-1",
      `git fetch -q ${remote} main; git merge -q -m Join FETCH_HEAD; git rm -q .gitlab-ci.yml; git commit -qm Less`,
    );
    assert.equal(heldBy(await merge(place, "SHOP-1", second, { allowed: [first] })), '".gitlab-ci.yml"');
    assert.match(git(remote, "ls-tree", "--name-only", "main"), /gitlab/);
  }));

// What only lies there is the daemon's own scratch, and is not gathered.
const COMMIT = "git add -f .chargehand; git commit -qm Mine";

for (const [what, script] of [
  ["file", `echo x > .chargehand; ${COMMIT}`],
  ["link", `ln -s elsewhere .chargehand; ${COMMIT}`],
  ["link in the place of a folder that was moved away", "git mv .github elsewhere; ln -s elsewhere .github"],
  ["folder of other letters", "mkdir .Chargehand; echo x > .Chargehand/workflow.yaml"],
] as const)
  test(`I14: a ${what} where a CI or Chargehand looks is held where it is published and where it is merged`, () =>
    withRepositories(async (place) => {
      const { git, remote, spec, ready, agent, workspaces } = place;
      if (script.includes("git mv")) othersDo(place, "mkdir .github; echo x > .github/CODEOWNERS");
      const workspace = await ready(spec("SHOP-1"));
      agent(workspace.directory, script);
      const held = must(await workspaces.publish(spec("SHOP-1"), workspace, { ...PUSH, allowCi: false }));
      assert.equal(held.commit, null);
      assert.match(held.kept[0]?.reason ?? "", /acts on: "\.(chargehand|github)/i);
      assert.equal(git(remote, "branch", "--list", "chargehand/*"), "");
      const commit = held.kept[0]?.commit ?? "";
      assert.match(heldBy(await merge(place, "SHOP-1", commit)), /^"\.(chargehand|github)/i);
      assert.equal((await merge(place, "SHOP-1", commit, { allowed: [commit] })).kind, "merged");
    }));

test("I14: a submodule where a CI or Chargehand looks is held where it is merged", () =>
  withRepositories(async (place) => {
    const { git, folder, spec, workspaces } = place;
    const first = await worked(place, "SHOP-1", "a");
    const [mirror = ""] = globSync(join(folder, "data", "mirrors", "*.git"));
    const index = { GIT_INDEX_FILE: join(folder, "index") };
    const within = (...args: string[]): string =>
      execFileSync("git", [`--git-dir=${mirror}`, ...args], {
        encoding: "utf8",
        env: { ...AGENT, ...index },
      }).trim();
    within("read-tree", first);
    within("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},.chargehand`);
    const commit = within("commit-tree", within("write-tree"), "-p", first, "-m", "Sub");
    assert.equal(heldBy(must(await workspaces.merge(spec("SHOP-1"), wish(commit)))), '".chargehand"');
    assert.notEqual(git(place.remote, "rev-parse", "main"), commit);
  }));

test("I14: hooks and settings of the agent's own repository mean nothing where it is merged", () =>
  withRepositories(async (place) => {
    const { spec, ready, agent, folder, workspaces } = place;
    const workspace = await ready(spec("SHOP-1"));
    const mark = join(folder, "ran");
    agent(
      workspace.directory,
      `echo x > a; mkdir -p .git/hooks; printf '#!/bin/sh\ntouch ${mark}\n' > .git/hooks/pre-push; chmod +x .git/hooks/pre-push
       printf '* merge=evil\n' > .gitattributes; git config merge.evil.driver 'touch ${mark}'`,
    );
    const { commit } = mustPublish(await workspaces.publish(spec("SHOP-1"), workspace, PUSH));
    othersPush(place, "b");
    assert.equal((await merge(place, "SHOP-1", commit)).kind, "merged");
    assert.throws(() => agent(folder, `ls ${mark}`));
  }));

test("D8: an agent joins what does not fit in its own repository, where it finds the commit that it is told", () =>
  withRepositories(async (place) => {
    const { git, remote, spec, ready, agent, workspaces } = place;
    const workspace = await ready(spec("SHOP-1"));
    othersPush(place, "a");
    agent(workspace.directory, "echo ours > a");
    const first = mustPublish(await workspaces.publish(spec("SHOP-1"), workspace, PUSH));
    const found = await merge(place, "SHOP-1", first.commit);
    assert.ok(found.kind === "conflict", JSON.stringify(found));
    const again = await ready(spec("SHOP-1", { branch: first.branch, again: true }));
    agent(
      again.directory,
      `git add -A; git commit -qm Ours; git merge -q ${found.commit} || true; echo both > a; git add -A; git commit -qm "Join the two"`,
    );
    const second = must(await workspaces.publish(spec("SHOP-1", { branch: first.branch }), again, PUSH));
    assert.deepEqual([second.branch, second.kept, second.told], [first.branch, [], []]);
    assert.equal((await merge(place, "SHOP-1", second.commit ?? "")).kind, "merged");
    assert.equal(git(remote, "show", "main:a"), "both");
  }));

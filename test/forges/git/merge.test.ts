/** Merging into the base of a real remote: forward, joined, once, and never by force. */

import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Merged, MergeWish } from "../../../forges/git/workspace.ts";
import { must, mustPublish, PUSH, type Repositories, reasonOf, withRepositories } from "./repositories.ts";

function wish(commit: string, more: Partial<MergeWish> = {}): MergeWish {
  return { commit, as: "fast_forward", allowCi: false, isWanted: async () => true, ...more };
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

/** Somebody else is faster. */
function othersPush({ git, folder, remote }: Repositories, file: string): void {
  const seed = join(folder, "seed");
  git(seed, "fetch", "--quiet", remote, "main");
  git(seed, "reset", "--quiet", "--hard", "FETCH_HEAD");
  writeFileSync(join(seed, file), "theirs\n");
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

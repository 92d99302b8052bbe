/** A file of a remote's branch is read from the daemon's own repository, as it is there, and no link is followed. */

import assert from "node:assert/strict";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { BaseFile } from "../../../forges/git/base.ts";
import { must, type Repositories, reasonOf, withRepositories } from "./repositories.ts";

const PATH = ".chargehand/workflow.yaml";

function push({ folder, remote, git }: Repositories, change: (seed: string) => void, branch = "main"): void {
  const seed = join(folder, "seed");
  rmSync(join(seed, ".chargehand"), { recursive: true, force: true });
  change(seed);
  git(seed, "add", "-A");
  git(seed, "commit", "--quiet", "--allow-empty", "-m", "More");
  git(seed, "push", "--quiet", "--force", remote, `HEAD:${branch}`);
}

test("D1: the newest text of the branch is read, or what is there instead of it", () =>
  withRepositories(async (repositories) => {
    const { workspaces, remote, folder, git } = repositories;
    const base = { cloneUrl: remote, baseBranch: "main" };
    const read = async (max = 100): Promise<BaseFile> =>
      must(await workspaces.readBase(base, PATH, max)).file;
    const into = (seed: string): string => {
      mkdirSync(join(seed, ".chargehand"), { recursive: true });
      return join(seed, PATH);
    };
    assert.deepEqual(await read(), { kind: "none" });
    push(repositories, (seed) => writeFileSync(into(seed), "name: ä\n"));
    const found = must(await workspaces.readBase(base, PATH, 100));
    assert.deepEqual(found.file, { kind: "text", text: "name: ä\n" });
    assert.equal(found.commit, git(join(folder, "seed"), "rev-parse", "HEAD"));
    assert.deepEqual(await read(3), { kind: "unfit", reason: "has 9 bytes, and 3 is the most" });

    push(repositories, (seed) => symlinkSync("../README.md", into(seed)));
    assert.deepEqual(await read(), { kind: "unfit", reason: "is a symbolic link, and no regular file" });
    push(repositories, (seed) => mkdirSync(into(seed)) ?? writeFileSync(`${into(seed)}/x`, ""));
    assert.deepEqual(await read(), { kind: "unfit", reason: "is a folder, and no regular file" });
    push(repositories, (seed) => symlinkSync(".", join(seed, ".chargehand")));
    const unfit = await read();
    assert.match(
      unfit.kind === "unfit" ? unfit.reason : "",
      /^is not there: \.chargehand is a symbolic link$/,
    );
    push(repositories, () => undefined);
    assert.deepEqual(await read(), { kind: "none" });
  }));

test("D1: a branch that is not there, and a remote that does not answer, are told", () =>
  withRepositories(async (repositories) => {
    const { workspaces, remote, folder } = repositories;
    push(repositories, () => undefined, "release/1");
    const has = async (baseBranch: string): Promise<boolean> =>
      must(await workspaces.hasBranch({ cloneUrl: remote, baseBranch }));
    assert.deepEqual([await has("release/1"), await has("1"), await has("main")], [true, false, true]);
    const gone = { cloneUrl: join(folder, "gone.git"), baseBranch: "main" };
    assert.match(reasonOf(await workspaces.hasBranch(gone)), /cannot be asked for branch main/);
    assert.match(reasonOf(await workspaces.readBase(gone, PATH, 100)), /git fetch of branch main/);
    const none = { cloneUrl: remote, baseBranch: "none" };
    assert.match(reasonOf(await workspaces.readBase(none, PATH, 100)), /git fetch of branch none/);
  }));

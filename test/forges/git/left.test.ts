/** I15: what cannot be taken stops nothing, is told, and stays when the folder goes. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { careless } from "./careless.ts";
import { must, withRepositories } from "./repositories.ts";

test("I15: what cannot be taken stops nothing, and is told", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; mkfifo fifo; truncate -s 6G giant; echo s > secret; chmod 000 secret; mkdir shut; echo x > shut/x
chmod 000 shut; mkdir .chargehand; echo .chargehand > .gitignore; rm README.md; mkfifo README.md
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")' 2>/dev/null || true`;
    const { files, told, directory, published } = await careless(repositories, script);
    execFileSync("chmod", ["700", `${directory}/shut`]);
    const expected = [".gitignore", "README.md", "a"];
    // The superuser may read everything.
    const readable = process.getuid?.() === 0 ? ["secret", "shut/x"] : [];
    assert.deepEqual(files, [...expected, ...readable]);
    assert.match(told, /"giant" has 6442450944 bytes/);
    assert.match(told, /"README.md" is no regular file, and was left out/);
    if (readable.length === 0) assert.match(told, /"secret" cannot be read/);
    assert.deepEqual(
      published.kept.map(({ name }) => name),
      ["left-out"],
    );
  }));

test("I15: a file that is too large for git stays when its folder goes, until what tells of it is dropped", () =>
  withRepositories(async (repositories) => {
    const { folder, spec, workspaces } = repositories;
    const script = "mkdir big; printf end > big/giant; truncate -s 6G big/giant; echo a > a";
    const { files, task, directory, published } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "a"]);
    const [kept] = published.kept;
    assert.equal(kept?.reason, 'it is too large for git, or cannot be read: "big/giant"');
    const place = join(folder, "data/left", task);
    assert.match(
      kept?.remedy ?? "",
      new RegExp(`take what is wanted from ${directory}, which is ${place} when`),
    );
    must(await workspaces.remove(spec(task)));
    assert.equal(existsSync(directory), false);
    assert.equal(statSync(join(place, "1/big/giant")).size, 6 * 1_024 ** 3);
    const shown = must(await workspaces.showKept(spec(task), kept?.ref ?? ""));
    assert.deepEqual(shown.paths, ["A left-out.txt"]);
    must(await workspaces.dropKept(spec(task), kept?.ref ?? ""));
    assert.equal(existsSync(place), false);
  }));

test("I16: what git would wait for in a folder is passed over, and the work beside it is published", () =>
  withRepositories(async (repositories) => {
    const script = `echo a > a; mkfifo .gitattributes; mkdir d n; echo b > d/b; mkfifo d/.gitignore
mkdir -p n/.git/objects n/.git/refs; mkfifo n/.git/HEAD; echo c > n/c`;
    const { files } = await careless(repositories, script);
    assert.deepEqual(files, ["README.md", "a", "d/b", "n/c"]);
  }));

test("W4: a folder goes when all of it is gathered, also with folders that are read-only", () =>
  withRepositories(async (repositories) => {
    const script = "mkdir -p ro/deep; echo x > ro/deep/x; chmod 500 ro/deep ro; git branch -q dropped";
    const { directory, task } = await careless(repositories, script);
    must(await repositories.workspaces.remove(repositories.spec(task)));
    assert.equal(existsSync(directory), false);
  }));
